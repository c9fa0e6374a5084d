import { field, select } from "../dialog.js";
import { el } from "../dom.js";
import { language as nameOf } from "../words.js";
import { answerFields, toAnswers } from "./does.js";
import { others } from "./intents.js";
import { renderMarked } from "./marked.js";
import { nameField } from "./names.js";
import { propose } from "./propose.js";

// What is done with an intent as a whole; each shows first what would change.

const path = ({ name }, act) => `intents/${encodeURIComponent(name)}/${act}`;

/** Changes its words for colleagues and buyers, and whether it is protected. */
export function describe(intent, languages) {
  const { name, title, titles, description } = intent;
  const answers = Object.values(intent.answers ?? {}).some(Boolean) ? intent.answers : null;
  const fields = [
    field(
      "Description",
      el(
        "textarea",
        { name: "description", rows: 3, maxlength: 1000, required: true },
        description,
      ),
      "For your colleagues who label: when is it this, and not something alike?",
    ),
    ...titleFields(languages, titles ?? {}),
    answers && answerFields(languages, answers),
    protectedField(intent.protected),
  ];
  return propose(`Words of “${title}”`, {
    fields,
    path: path(intent, "describe"),
    draft: `describe:${name}`,
    toBody: (values) => ({
      description: values.description.trim(),
      titles: toTitles(values, languages),
      protected: "protected" in values,
      ...(answers && { answers: toAnswers(values, languages) }),
      reason: values.reason,
    }),
  });
}

/** Gives it another short name; comes back with the change and whose page is next. */
export async function rename(intent, intents) {
  let next;
  const name = nameField({
    name: "to",
    label: "The new short name",
    taken: intents.map((one) => one.name),
    value: intent.name,
  });
  const change = await propose(`Rename ${intent.name}`, {
    words: "All its examples, tests and routes follow. What buyers read stays as it is.",
    fields: [name.element],
    path: path(intent, "rename"),
    draft: `rename:${intent.name}`,
    toBody: ({ to, reason }) => {
      name.check();
      next = to.trim();
      return { to: next, reason };
    },
  });
  return change && { change, next };
}

/** Gives all its examples to another and lets it go; as `rename`. */
export async function merge(intent, intents) {
  let next;
  const into = select("into", [["", "Choose one"], ...others(intents, intent.name)], {
    required: true,
  });
  const change = await propose(`Merge “${intent.title}” into another`, {
    words: `All its examples become those of the other; ${intent.name} is gone, with its answer.`,
    fields: [field("Into", into)],
    path: path(intent, "merge"),
    draft: `merge:${intent.name}`,
    toBody: ({ into: to, reason }) => {
      next = to;
      return { into: to, reason };
    },
  });
  return change && { change, next };
}

/** Lets it go; its examples go to another or with it. As `rename`. */
export async function retire(intent, intents) {
  const options = [
    ["", "Nowhere: they are deleted"],
    ...others(intents, intent.name).map(([name, title]) => [name, `To: ${title}`]),
  ];
  const change = await propose(`Retire “${intent.title}”`, {
    words:
      "The bot no longer knows it. A model that is trained then takes such messages for others.",
    fields: [
      field(
        "Where its examples go",
        select("move_to", options),
        "If buyers still write such things, give the examples to what fits best, such as none of the shop's business.",
      ),
    ],
    path: path(intent, "retire"),
    draft: `retire:${intent.name}`,
    toBody: (values) => ({ move_to: values.move_to || null, reason: values.reason }),
  });
  return change && { change, next: null };
}

/** Takes examples away. */
export function remove(intent, texts) {
  const count = texts.length === 1 ? "one example" : `${texts.length} examples`;
  return propose(`Remove ${count}`, {
    words: "The model forgets them with the next training.",
    fields: [
      el(
        "ul.likes",
        {},
        texts.slice(0, 20).map((text) => el("li", { dir: "auto" }, renderMarked(text))),
      ),
    ],
    path: path(intent, "examples"),
    draft: `remove:${intent.name}`,
    toBody: ({ reason }) => ({ add: [], remove: texts, reason }),
  });
}

/** Adds examples, `[{text, language}]`, and groups of the inbox, `[{key}]`. */
export function add(intent, examples, groups) {
  const parts = [
    examples.length && (examples.length === 1 ? "one example" : `${examples.length} examples`),
    groups.length && (groups.length === 1 ? "one message" : `${groups.length} messages`),
  ];
  return propose(`Add ${parts.filter(Boolean).join(" and ")} to “${intent.title}”`, {
    path: path(intent, "examples"),
    draft: `add-reason:${intent.name}`,
    toBody: ({ reason }) => ({
      add: examples,
      remove: [],
      suggestions: groups.map(({ key }) => key),
      reason,
    }),
  });
}

/** What buyers read when they are asked what they meant, a field a language. */
export function titleFields(languages, titles = {}) {
  return languages.map((language, i) =>
    field(
      `Title, ${nameOf(language)}`,
      el("input", {
        name: `title.${language}`,
        value: titles[language] ?? "",
        maxlength: 80,
        required: true,
        autocomplete: "off",
        lang: language,
        dir: "auto",
      }),
      i === 0 &&
        "A few words, as on a button: gift wrapping. Buyers read them when the bot asks what they mean.",
    ),
  );
}

/** The titles of a form, as the API takes them. */
export function toTitles(values, languages) {
  return Object.fromEntries(
    languages.map((language) => [language, values[`title.${language}`].trim()]),
  );
}

export function protectedField(checked = false) {
  return el(
    "div.field",
    {},
    el(
      "label.check",
      {},
      el("input", { type: "checkbox", name: "protected", value: "yes", checked }),
      el("span", {}, "Protected"),
    ),
    el(
      "small.soft",
      {},
      "No model goes live that understands this one worse than the one before. For what costs money or goodwill when it is missed.",
    ),
  );
}
