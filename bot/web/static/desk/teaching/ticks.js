import { button, el, set, show } from "../dom.js";
import { language as nameOf } from "../words.js";
import { renderMarked, unmarked } from "./marked.js";

const AT_ONCE = 50;

/**
 * A list of texts to tick, with a filter: `{key, text, language, note}`.
 *
 * What is ticked stays ticked while something else is filtered for. It stands as JSON in a hidden
 * field of that name, so that a draft keeps it. `look(words)` is called when somebody filters.
 */
export class Ticks {
  #items = [];
  #chosen = new Map(); // key -> item
  #shown = AT_ONCE;
  #filter;
  #language;
  #list = el("ul.ticks");
  #told = el("p.small.soft", { role: "status" });
  #more;
  #field;
  #empty;
  #onchange;

  constructor({ name, words, languages = [], empty, look = () => {}, onchange = () => {} }) {
    this.#empty = empty;
    this.#onchange = onchange;
    this.#field = el("input", { type: "hidden", name });
    this.#filter = el("input", {
      type: "search",
      placeholder: words,
      "aria-label": words,
      autocomplete: "off",
      maxlength: 100,
      oninput: (event) => {
        event.stopPropagation(); // it is no part of a draft
        look(this.#filter.value.trim());
        this.#again();
      },
      onkeydown: (event) => {
        if (event.key === "Enter") event.preventDefault(); // sends no form
      },
    });
    const options = [["", "Every language"], ...languages.map((one) => [one, nameOf(one)])];
    this.#language = el(
      "select",
      { "aria-label": "Language", hidden: languages.length < 2, onchange: () => this.#again() },
      options.map(([value, text]) => el("option", { value }, text)),
    );
    this.#more = button("Show more", () => this.#showMore());
    this.element = el(
      "div.to-tick",
      {},
      el(
        "div.only",
        {},
        this.#filter,
        this.#language,
        button("Tick all of these", () => this.#tickAll()),
        button("Tick none", () => this.#tickNone()),
      ),
      this.#told,
      this.#list,
      this.#more,
      this.#field,
    );
  }

  /** What is ticked, in the order in which it was. */
  get chosen() {
    return [...this.#chosen.values()];
  }

  /** What there is; what was ticked before stays so, even if it is not there any more. */
  set items(items) {
    this.#items = items;
    this.#render();
  }

  /** Ticks what a draft had. */
  restore() {
    this.#chosen = new Map(JSON.parse(this.#field.value || "[]").map((one) => [one.key, one]));
    this.#render();
    this.#onchange();
  }

  /** Forgets what is ticked and not there any more. */
  forgetMissing() {
    const keys = new Set(this.#items.map(({ key }) => key));
    for (const key of this.#chosen.keys()) if (!keys.has(key)) this.#chosen.delete(key);
    this.#render();
    this.#changed();
  }

  #fitting() {
    const words = this.#filter.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = this.#language.value;
    const missing = [...this.#chosen.values()].filter(
      (one) => !this.#items.some(({ key }) => key === one.key),
    );
    return [...missing, ...this.#items].filter(
      ({ text, language }) =>
        (!wanted || language === wanted) &&
        words.every((word) => unmarked(text).toLowerCase().includes(word)),
    );
  }

  #again() {
    this.#shown = AT_ONCE;
    this.#render();
  }

  #showMore() {
    const before = this.#list.children.length;
    this.#shown += AT_ONCE * 4;
    this.#render();
    this.#list.children[before]?.querySelector("input").focus();
  }

  #render() {
    const fitting = this.#fitting();
    show(
      this.#list,
      fitting.slice(0, this.#shown),
      ({ key }) => key,
      (one) => this.#renderItem(one),
    );
    for (const box of this.#list.querySelectorAll("input"))
      box.checked = this.#chosen.has(box.value);
    this.#more.hidden = fitting.length <= this.#shown;
    this.#tell(fitting.length);
  }

  #renderItem(item) {
    const { key, text, language, note } = item;
    const box = el("input", {
      type: "checkbox",
      value: key,
      onchange: () => {
        if (box.checked) this.#chosen.set(key, item);
        else this.#chosen.delete(key);
        this.#changed();
      },
    });
    return el(
      "li",
      {},
      el("label.check", {}, box, el("span", { lang: language, dir: "auto" }, renderMarked(text))),
      note && el("small.soft", {}, note),
    );
  }

  #tickAll() {
    for (const one of this.#fitting()) this.#chosen.set(one.key, one);
    this.#render();
    this.#changed();
  }

  #tickNone() {
    this.#chosen.clear();
    this.#render();
    this.#changed();
  }

  #changed() {
    set(this.#field, "value", JSON.stringify(this.chosen));
    this.#field.dispatchEvent(new Event("change", { bubbles: true }));
    this.#tell(this.#fitting().length);
    this.#onchange();
  }

  #tell(fitting) {
    const ticked = this.#chosen.size ? ` · ${this.#chosen.size} ticked` : "";
    if (!this.#items.length && !ticked) this.#told.textContent = this.#empty;
    else if (!fitting) this.#told.textContent = `Nothing has these words${ticked}`;
    else this.#told.textContent = `${fitting} of ${this.#items.length}${ticked}`;
  }
}
