import { button, el, icon } from "../dom.js";
import { say } from "../said.js";
import { capital, language, percent, plain } from "../words.js";
import { saysWrite } from "../teaching/from-inbox.js";
import { renderContext } from "./context.js";
import { Marks, renderMarks } from "./marks.js";

const SEVERAL = 5; // names that are told of those that are alike
const CAUSES = {
  corrected: "An agent corrected the bot here",
  clarified: "The buyer said what was meant",
  refused: "The bot did not understand",
  unsure: "The bot was not sure",
  imported: "From a file",
};

/** What may be meant, the likeliest first: what people said, then the model's guesses. */
export function meanings({ guesses, suggested, suggested_text: text }) {
  const said = suggested ? [{ intent: suggested, text, confidence: null }] : [];
  return [...said, ...guesses.filter(({ intent }) => intent !== suggested)].slice(0, 3);
}

/** Nothing waits, or others have it; what can be done next. */
export function renderEmpty({ labelled, skipped, to_write: written }, undo, bringIn) {
  const done = labelled + skipped > 0;
  return el(
    "div.empty",
    {},
    icon("check"),
    el("strong", {}, "Nothing to label"),
    el(
      "p",
      {},
      "What buyers write and the bot does not understand comes here by itself, as a rule every ",
      "night. You can also bring in messages that you have in a file.",
    ),
    el(
      "div.next",
      {},
      written > 0 && el("a.button.primary", { href: "/desk/changes" }, saysWrite(written)),
      button("Bring in a file", bringIn),
      done && button("Take the last label back", undo, { key: "z" }),
    ),
  );
}

/** One message with all that can be done with it; `page.marks` are the details in it. */
export function renderMessage(message, { intents, entities: kinds }, page) {
  const { text, entities, language: tag, likes, likes_marked: marked } = message;
  const { conversation_id: talk } = message;
  page.marks = new Marks(text, entities, kinds, tag);
  return el(
    "div.with-talk",
    {},
    el(
      "article.card.to-label",
      {},
      renderChips(message),
      renderKnown(message),
      page.marks.element,
      renderDetails(message),
      likes.length > 0 &&
        el(
          "details",
          { open: marked.some((marks) => marks.length) },
          el("summary", {}, "Others that are alike"),
          el(
            "ul.likes",
            {},
            likes.map((one, i) => el("li", { dir: "auto" }, renderMarks(one, marked[i]))),
          ),
        ),
      el(
        "div.guesses",
        {},
        meanings(message).map((one, number) => renderMeaning(one, number, page)),
      ),
      renderField(intents, page),
      renderEnds(page),
    ),
    talk && renderContext(message),
  );
}

function renderChips({ cause, language: tag, size, seen, state, reopened }) {
  const told = cause === "corrected" ? "warn" : "";
  const chips = [
    reopened
      ? ["An agent said otherwise after it was decided", "warn"]
      : [CAUSES[cause], told],
    [language(tag), ""],
    size > 1 && [`${size} alike, one decision`, "accent"],
    seen > size && [`written ${seen} times`, ""],
    state === "second" && !reopened && ["A second opinion is asked for", "accent"],
  ];
  return el(
    "p.chips",
    {},
    chips.filter(Boolean).flatMap(([words, tone]) => [
      el("span.chip", { "data-tone": tone }, words),
      " ",
    ]),
  );
}

function renderKnown({ known, known_text: text }) {
  if (!known) return false;
  const why =
    known === "example"
      ? `These very words are an example of “${text}”.`
      : `It is sure of “${text}”, as people said.`;
  return el(
    "p.notice.knows",
    {},
    el("strong", {}, "The model knows this already. "),
    why,
    " ",
    el("span.soft", {}, "Skip it with ", el("kbd", {}, "k"), "."),
  );
}

/** That an agent marked the details, also those of others that are alike, and what is lost. */
function renderDetails({ marked, lost, likes_marked: others }) {
  const alike = others.some((marks) => marks.length);
  if (!marked && !alike) return false;
  const told = [
    marked && "An agent marked the details: accept the meaning, and they are kept.",
    lost.length > 0 &&
      `Not found in the message as it is kept here: ${lost.map(plain).join(", ")}. Mark it yourself if it is there.`,
    alike && "In others that are alike an agent marked details, too: see below.",
  ];
  return el("p.notice.details", {}, told.filter(Boolean).join(" "));
}

function renderMeaning({ intent, text, confidence }, number, { label }) {
  return el(
    `button${number === 0 ? ".primary" : ""}`,
    { onclick: () => void label(intent) },
    el("kbd", { "aria-hidden": "true" }, String(number + 1)),
    capital(text),
    el("span.sure", {}, confidence === null ? "said by people" : `${percent(confidence)} sure`),
  );
}

function renderEnds({ label, skip, toggleSecond, undo, newIntent }) {
  return el(
    "div.ends",
    {},
    button("None of our business", () => label("out_of_scope"), { key: "o" }),
    button("Skip", skip, { key: "s" }),
    button("Second opinion", toggleSecond, { key: "d", id: "second", "aria-pressed": "false" }),
    button("Take back", undo, { key: "z" }),
    button("New intent from this message", newIntent, { key: "n" }),
  );
}

/** Any other intent, found by typing a part of its name. */
function renderField(intents, { label }) {
  const options = intents.map(([name, words]) => el("option", { value: words }, plain(name)));
  const field = el("input", {
    id: "meaning",
    type: "text",
    list: "intents",
    autocomplete: "off",
    placeholder: "Something else: type what it is",
    "aria-label": "Something else: type what it is",
    onkeydown: (event) => {
      if (event.key === "Escape") event.target.blur();
    },
  });
  const form = el(
    "form.field.other",
    {},
    field,
    el("kbd", { "aria-hidden": "true" }, "/"),
    el("datalist", { id: "intents" }, options),
  );
  form.onsubmit = (event) => {
    event.preventDefault();
    const wanted = field.value.trim().toLowerCase();
    if (!wanted) return say("Type what it means.");
    const found = find(intents, wanted);
    if (found.length === 1) label(found[0][0]);
    else say(sayWhich(found, field.value.trim()));
  };
  return form;
}

/** Why a part of a name does not choose one. */
function sayWhich(found, typed) {
  if (!found.length) return `No meaning has “${typed}” in its name. See Intents for all there are.`;
  const names = found.slice(0, SEVERAL).map(([, words]) => words);
  const more = found.length > SEVERAL ? " and others" : "";
  return `“${typed}” may be ${names.join(", ")}${more}: type more of it.`;
}

function find(intents, wanted) {
  const named = wanted.replaceAll(" ", "_");
  const same = intents.filter(([name, words]) => words.toLowerCase() === wanted || name === named);
  if (same.length) return same.slice(0, 1);
  return intents.filter(
    ([name, words]) => words.toLowerCase().includes(wanted) || name.includes(named),
  );
}
