import { field, select } from "../dialog.js";
import { el } from "../dom.js";
import { language as nameOf } from "../words.js";

const KINDS = [
  ["answer", "The bot answers", "Always with the same words, such as your opening hours."],
  [
    "playbook",
    "The bot works on it",
    "It asks for the order and does what one of its playbooks does.",
  ],
  ["person", "A person takes over", "The buyer is told that somebody of your team answers."],
];

/** What happens when a buyer means it: three ways, each with what it needs. */
export function doesFields(languages, playbooks) {
  const parts = {
    answer: answerFields(languages),
    playbook: field(
      "Which playbook",
      select("playbook", [
        ["", "Choose one"],
        ...playbooks.map(({ name, title }) => [name, title]),
      ]),
      "What the bot does for that wish today.",
    ),
    person: el("p.soft", {}, "Nothing more is needed: the conversation waits in the queue."),
  };
  const element = el(
    "div.does",
    { role: "radiogroup", "aria-label": "What happens" },
    KINDS.flatMap(([value, words, hint]) => [
      el(
        "label.check.way",
        {},
        el("input", { type: "radio", name: "does", value, onchange: () => update() }),
        el("span", {}, el("strong", {}, words), el("small.soft", {}, hint)),
      ),
      el("div.way-part", { "data-way": value }, parts[value]),
    ]),
  );
  const update = () => {
    const chosen = element.querySelector("[name=does]:checked")?.value;
    for (const part of element.querySelectorAll("[data-way]"))
      part.hidden = part.dataset.way !== chosen;
  };
  update();
  return { element, update };
}

/** What the bot always answers, a field a language. */
export function answerFields(languages, answers = {}) {
  return el(
    "div.languages",
    {},
    languages.map((language) =>
      field(
        `The answer, ${nameOf(language)}`,
        el(
          "textarea",
          { name: `answer.${language}`, rows: 4, maxlength: 4000, lang: language, dir: "auto" },
          answers[language] ?? "",
        ),
      ),
    ),
  );
}

/** The answers of a form, as the API takes them; throws which are missing. */
export function toAnswers(values, languages) {
  const texts = Object.fromEntries(
    languages.map((language) => [language, values[`answer.${language}`].trim()]),
  );
  const missing = languages.filter((language) => !texts[language]).map(nameOf);
  if (missing.length) throw new Error(`The answer is missing in ${missing.join(" and ")}.`);
  return texts;
}

/** What was chosen, as the API takes it; throws what is missing. */
export function toDoes(values, languages) {
  const kind = values.does;
  if (!kind) throw new Error("Choose what happens when a buyer means it.");
  if (kind === "playbook") {
    if (!values.playbook) throw new Error("Choose a playbook.");
    return { kind, playbook: values.playbook };
  }
  if (kind === "person") return { kind };
  return { kind, texts: toAnswers(values, languages) };
}
