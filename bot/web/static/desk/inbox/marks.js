import { button, el, fill } from "../dom.js";
import { capital, plain } from "../words.js";
import { nextWord, placesOf, select, signsOf, wordsOf } from "./signs.js";

const ARROWS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** A text with details marked in it, which nobody changes here. */
export function renderMarks(text, marks) {
  return partsOf(signsOf(text), marks);
}

function partsOf(signs, marks) {
  const part = (start, end) => signs.slice(start, end).join("");
  const parts = [];
  let at = 0;
  for (const { name, start, end } of marks) {
    parts.push(part(at, start), el("mark", { title: plain(name) }, part(start, end)));
    at = end;
  }
  return [...parts, part(at)].filter(Boolean);
}

/** A message and the details in it: marked and unmarked by mouse, finger or keys. */
export class Marks {
  static #shown; // only `selectionchange` tells of fingers, too, and only the document hears it

  static {
    document.addEventListener("selectionchange", () => Marks.#shown?.#onSelection());
  }

  #signs;
  #words;
  #marks;
  #before;
  #kinds;
  #chosen = null; // [start, end] in signs
  #at = null; // {anchor, head} in words, while keys choose
  #text;
  #list = el("ul.marks");
  #kindsOf = el("div.kinds", { role: "group" });
  #told = el("p.small.soft", { role: "status" });

  constructor(text, entities, kinds, language) {
    this.#signs = signsOf(text);
    this.#words = wordsOf(this.#signs);
    this.#marks = entities.map(({ name, value, start, end }) => ({ name, value, start, end }));
    this.#before = JSON.stringify(this.#marks);
    this.#kinds = kinds;
    this.#text = el("blockquote", { dir: "auto", lang: language, tabindex: "-1" });
    this.#text.onkeydown = (event) => this.#onKey(event);
    this.#kindsOf.onkeydown = (event) => this.#onKindKey(event);
    this.element = el("div.marking", {}, this.#text, this.#kindsOf, this.#list, this.#told);
    Marks.#shown = this;
    this.#show();
  }

  /** All marks if they were changed, else undefined. */
  get changed() {
    return JSON.stringify(this.#marks) === this.#before ? undefined : this.#marks;
  }

  /** Choose words by keys from now on; false if there are none. */
  start() {
    if (!this.#words.length) return false;
    this.#text.focus();
    this.#choose(this.#at ?? { anchor: 0, head: 0 });
    this.#told.textContent =
      "Arrows choose a word, with Shift several. Enter says what it is, Delete takes a mark off.";
  }

  #onSelection() {
    const places = placesOf(this.#text, this.#signs);
    if (!places) return;
    this.#chosen = places[0] < places[1] ? places : null;
    this.#showKinds();
  }

  #choose(at) {
    this.#at = at;
    const [first, last] = [at.anchor, at.head].sort((one, other) => one - other);
    this.#chosen = [this.#words[first][0], this.#words[last][1]];
    select(this.#text, ...this.#chosen);
    this.#showKinds();
  }

  #onKey(event) {
    const step = ARROWS[event.key];
    if (step) this.#choose(nextWord(this.#at, step, event.shiftKey, this.#words.length));
    else if (event.key === "Enter" && this.#chosen) this.#kindsOf.querySelector("button")?.focus();
    else if (["Delete", "Backspace"].includes(event.key)) this.#removeChosen();
    else if (event.key === "Escape") this.#drop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Among the kinds: arrows go on, a letter goes to the next that begins so. */
  #onKindKey(event) {
    const kinds = [...this.#kindsOf.querySelectorAll("button")];
    const at = kinds.indexOf(event.target);
    const { key } = event;
    const [from, step] = [kinds.slice(at + 1).concat(kinds.slice(0, at + 1)), ARROWS[key]];
    if (step) kinds.at((at + step) % kinds.length).focus();
    else if (key === "Escape") this.start();
    else if (key.length === 1 && key !== " ")
      from.find((one) => one.textContent.toLowerCase().startsWith(key.toLowerCase()))?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #drop() {
    this.#chosen = null;
    this.#at = null;
    getSelection().removeAllRanges();
    this.#text.blur();
    this.#showKinds();
  }

  #mark(name) {
    const [start, end] = this.#chosen;
    const value = this.#signs.slice(start, end).join("");
    this.#take(start, end);
    this.#marks = [...this.#marks, { name, value, start, end }];
    this.#marks.sort((one, other) => one.start - other.start);
    this.#drop();
    this.#show();
    this.#told.textContent = `${value} is marked.`;
  }

  #removeChosen() {
    if (!this.#chosen) return;
    this.#take(...this.#chosen);
    this.#drop();
    this.#show();
    this.#told.textContent = "The mark is off.";
  }

  #remove(mark) {
    this.#marks = this.#marks.filter((one) => one !== mark);
    this.#show();
  }

  /** Takes off what overlaps. */
  #take(start, end) {
    this.#marks = this.#marks.filter((mark) => mark.end <= start || mark.start >= end);
  }

  #show() {
    this.#text.replaceChildren(...partsOf(this.#signs, this.#marks));
    fill(
      this.#list,
      this.#marks.map((mark) =>
        el(
          "li.chip",
          {},
          `${this.#nameOf(mark.name)}: `,
          el("b", {}, mark.value),
          button(`Remove ${mark.value}`, () => this.#remove(mark), {
            look: "round.plain",
            symbol: "cross",
          }),
        ),
      ),
    );
    this.#showKinds();
  }

  #part(start, end) {
    return this.#signs.slice(start, end).join("");
  }

  #nameOf(kind) {
    return capital(this.#kinds.find(([name]) => name === kind)?.[1] ?? plain(kind));
  }

  /** What the chosen words may be; as they are in the message, so are they named. */
  #showKinds() {
    this.#kindsOf.hidden = !this.#chosen;
    if (!this.#chosen) return this.#kindsOf.replaceChildren();
    const words = this.#part(...this.#chosen);
    this.#kindsOf.setAttribute("aria-label", `What “${words}” is`);
    fill(
      this.#kindsOf,
      el("span.soft", {}, "“", el("b", { dir: "auto" }, words), "” is"),
      this.#kinds.map(([name, text]) => button(capital(text), () => this.#mark(name))),
    );
  }
}
