import * as api from "../api.js";
import { ask, field, select } from "../dialog.js";
import { button, el, fill } from "../dom.js";
import { attempt, say } from "../said.js";
import { capital, plain, vocabulary } from "../words.js";

/** Asks what a message means in truth, and stores it for whoever trains the model. */
export async function correct({ id, text, heard }, talk) {
  let words;
  if (!(await attempt(async () => (words = await vocabulary())))) return;
  const marks = new Marks(text, heard.corrected?.entities ?? heard.entities, words.entities);
  const before = heard.corrected?.intent ?? heard.intent;
  const options = { value: before, autofocus: true };
  const intent = select("intent", likelyFirst(words.intents, heard), options);
  const done = await ask("What does it mean?", {
    words: "Your answer is kept for training. This conversation goes on as it is.",
    fields: [field("It means", intent), marks.element],
    submit: "Save",
    act: async (values) => {
      const body = { entities: marks.changed };
      if (values.intent !== before) body.intent = values.intent;
      await api.post(`messages/${id}/correction`, body);
    },
  });
  if (!done) return;
  say("Thank you. It is kept for training.");
  talk.loadSoon();
}

function likelyFirst(intents, { ranking }) {
  const likely = ranking.map(({ intent, text }) => [intent, capital(text)]);
  const known = new Set(intents.map(([name]) => name));
  const named = new Set(likely.map(([name]) => name));
  return [
    ...likely.filter(([name]) => known.has(name)),
    ...intents.filter(([name]) => !named.has(name)),
  ];
}

/** The details in a message: which words are what. Places count code points, as the model does. */
class Marks {
  #characters;
  #marks;
  #before;
  #kinds;
  #list = el("ul.marks");
  #problem = el("p.problem", { role: "alert" });
  #text;
  #kind;

  constructor(text, entities, kinds) {
    this.#characters = [...text];
    this.#marks = entities.map(({ name, value, start, end }) => ({ name, value, start, end }));
    this.#before = JSON.stringify(this.#marks);
    this.#kinds = new Map(kinds);
    this.#text = el("textarea", { readonly: true, rows: 3, "aria-label": "The message" });
    this.#text.value = text;
    this.#kind = select("", kinds, { "aria-label": "What it is" });
    this.element = el(
      "fieldset.field",
      {},
      el("legend", {}, "Details in it"),
      this.#list,
      el("small.soft", {}, "To mark one, select its words here and say what they are:"),
      this.#text,
      el(
        "div.ends",
        {},
        this.#kind,
        button("Mark", () => this.#mark()),
      ),
      this.#problem,
    );
    this.#show();
  }

  /** All marks if they were changed, else undefined. */
  get changed() {
    return JSON.stringify(this.#marks) === this.#before ? undefined : this.#marks;
  }

  #mark() {
    const { value, selectionStart, selectionEnd } = this.#text;
    const part = value.slice(selectionStart, selectionEnd);
    const start = [...value.slice(0, selectionStart)].length + part.search(/\S|$/);
    const words = part.trim();
    const end = start + [...words].length;
    this.#problem.textContent = words ? "" : "Select some words of the message first.";
    if (!words) return;
    const apart = this.#marks.filter((mark) => mark.end <= start || mark.start >= end);
    this.#marks = [...apart, { name: this.#kind.value, value: words, start, end }];
    this.#marks.sort((one, other) => one.start - other.start);
    this.#show();
  }

  #show() {
    fill(
      this.#list,
      this.#marks.map((mark) =>
        el(
          "li.chip",
          {},
          `${this.#kinds.get(mark.name) ?? plain(mark.name)}: `,
          el("b", {}, this.#characters.slice(mark.start, mark.end).join("")),
          button(`Remove ${mark.value}`, () => this.#remove(mark), {
            look: "round.plain",
            symbol: "cross",
          }),
        ),
      ),
      !this.#marks.length && el("li.soft", {}, "None"),
    );
  }

  #remove(mark) {
    this.#marks = this.#marks.filter((one) => one !== mark);
    this.#show();
  }
}
