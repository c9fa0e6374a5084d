import * as api from "../api.js";
import { el, set } from "../dom.js";
import { capital } from "../words.js";

const ASKED = /(^|\s)\/([\p{L}\p{N}_-]*)$/u;
const MOST = 8;

/** Ready replies: a menu over the input that opens with `/` and is narrowed by what follows. */
export class Canned {
  #conversation;
  #input;
  #insert;
  #replies;
  #found = [];
  #at = 0;
  #count = el("span.heard", { role: "status" });
  #list = el("ul", { role: "listbox", id: "canned", "aria-label": "Ready replies" });

  element = el("div.canned", { hidden: true }, this.#list, this.#count);

  /** `insert(text, start)` puts a reply in place of all from `start` to the caret. */
  constructor(conversation, input, insert) {
    this.#conversation = conversation;
    this.#input = input;
    this.#insert = insert;
    set(input, "aria-controls", "canned");
    set(input, "aria-autocomplete", "list");
    input.addEventListener("blur", () => this.close());
  }

  get isOpen() {
    return !this.element.hidden;
  }

  close() {
    this.element.hidden = true;
    set(this.#input, "aria-activedescendant", null);
  }

  /** Opens, narrows or closes by what stands before the caret. */
  async look() {
    if (!this.#asked()) return this.close();
    this.#replies ??= api
      .get("canned", { conversation: this.#conversation })
      .then(({ canned }) => canned);
    const replies = await this.#replies.catch((error) => {
      this.#replies = undefined;
      return [{ name: "", title: error.message, text: "" }];
    });
    const asked = this.#asked(); // it may have been written further meanwhile
    if (asked) this.#open(replies, asked[2].toLowerCase());
  }

  /** Takes the keys of an open menu; true if it was one of them. */
  key({ key }) {
    if (!this.isOpen) return false;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (key in steps) this.#mark(this.#at + steps[key]);
    else if (key === "Escape") this.close();
    else if (["Enter", "Tab"].includes(key) && this.#found.length) this.#take(this.#at);
    else return false;
    return true;
  }

  #asked() {
    const { value, selectionStart } = this.#input;
    return ASKED.exec(value.slice(0, selectionStart));
  }

  #open(replies, words) {
    const fits = ({ name, title }) => `${name} ${title}`.toLowerCase().includes(words);
    this.#found = replies.filter(fits).slice(0, MOST);
    const options = this.#found.map(({ title, text }, place) =>
      el(
        "li",
        {
          role: "option",
          id: `canned-${place}`,
          onmousedown: (event) => event.preventDefault(), // else the input loses the focus
          onclick: () => this.#take(place),
        },
        el("b.one-line", {}, capital(title)),
        el("span.soft.one-line", { dir: "auto" }, text),
      ),
    );
    const none = el("li.soft", { role: "option", "aria-disabled": "true" }, "No ready reply fits.");
    this.#list.replaceChildren(...(options.length ? options : [none]));
    this.#count.textContent = `${options.length} ready replies`;
    this.element.hidden = false;
    this.#mark(0);
  }

  #mark(place) {
    const { length } = this.#found;
    if (!length) return set(this.#input, "aria-activedescendant", null);
    this.#at = (place + length) % length;
    [...this.#list.children].forEach((option, i) =>
      set(option, "aria-selected", String(i === this.#at)),
    );
    this.#list.children[this.#at].scrollIntoView({ block: "nearest" });
    set(this.#input, "aria-activedescendant", `canned-${this.#at}`);
  }

  #take(place) {
    const asked = this.#asked();
    const { text } = this.#found[place];
    this.close();
    if (asked && text) this.#insert(text, asked.index + asked[1].length);
  }
}
