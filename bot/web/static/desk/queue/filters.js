import { button, el } from "../dom.js";
import { select } from "../dialog.js";
import { vocabulary } from "../words.js";

const CLOCKS = [
  ["overdue", "Overdue"],
  ["soon", "Due soon"],
  ["none", "No deadline"],
];
const FIELDS = [
  ["clock", "Deadline", "Any"],
  ["reason", "Why it is here", "Any reason"],
  ["intent", "About", "Anything"],
  ["marketplace", "Marketplace", "All"],
  ["language", "Language", "All"],
  ["store", "Store", "All"],
  ["agent", "With", "Anybody"],
];

/** What a list is narrowed to; hears of a change by `changed()`. */
export class Filters {
  #form = document.getElementById("only");
  #q = document.getElementById("q");
  #count = document.getElementById("filtered");
  #changed;
  #timer;

  constructor(changed) {
    this.#changed = changed;
    this.#form.onsubmit = (event) => event.preventDefault();
    this.#form.onchange = () => this.#change();
    this.#q.form.onsubmit = (event) => {
      event.preventDefault();
      this.#change();
    };
    this.#q.oninput = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#change(), 250);
    };
    const wide = matchMedia("(min-width: 720px)");
    const details = document.getElementById("filters");
    details.open = wide.matches;
    wide.onchange = () => (details.open = wide.matches);
  }

  get values() {
    const chosen = Object.fromEntries(new FormData(this.#form));
    return { ...chosen, q: this.#q.value.trim() };
  }

  /** How many there are, beside the search. */
  get number() {
    return [...new FormData(this.#form).values()].filter(Boolean).length;
  }

  /** Builds the lists and sets what the address asks for. */
  async build(wanted) {
    this.#q.value = wanted.get("q") ?? "";
    const words = await vocabulary();
    const offered = { ...words, clock: CLOCKS };
    const plural = { reason: "reasons", intent: "intents", marketplace: "marketplaces" };
    Object.assign(plural, { language: "languages", store: "stores", agent: "agents" });
    const fields = FIELDS.map(([name, label, all]) => {
      const options = offered[plural[name] ?? name];
      if (name === "store" && options.length < 2) return null;
      const list = select(name, [["", all], ...options], { value: wanted.get(name) ?? "" });
      return el("label.field", {}, el("span", {}, label), list);
    });
    this.#form.replaceChildren(
      ...fields.filter(Boolean),
      button("Clear", () => this.clear(), { look: "plain" }),
    );
    this.#tell();
  }

  /** Back to the whole list; the button that was pressed is gone then, so the focus goes on. */
  clear() {
    for (const list of this.#form.querySelectorAll("select")) list.value = "";
    this.#q.value = "";
    this.#q.focus();
    this.#change();
  }

  search() {
    this.#q.focus();
    this.#q.select();
  }

  #change() {
    clearTimeout(this.#timer);
    this.#tell();
    this.#changed();
  }

  #tell() {
    this.#count.textContent = this.number || "";
    this.#form.lastChild.hidden = !this.number;
  }
}
