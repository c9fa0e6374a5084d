import { field } from "../dialog.js";
import { el } from "../dom.js";
import { language as nameOf } from "../words.js";

/** With fewer examples of a language than this an intent is learned badly. */
export const FEW = 20;

/** The lines of a text that say something, each once. */
export function toLines(text) {
  const lines = text.split("\n").map((line) => line.trim());
  return [...new Set(lines.filter(Boolean))];
}

/** The lines of every language's field, as the API takes them. */
export function toExamples(values, languages) {
  return languages.flatMap((language) =>
    toLines(values[`examples.${language}`] ?? "").map((text) => ({ text, language })),
  );
}

/**
 * One field a language, an example a line, with how many there are.
 *
 * `few` is below how many it is warned; `already` how many of a language there are elsewhere.
 */
export function linesFields(languages, { few = FEW, rows = 8, already = () => 0 } = {}) {
  const all = languages.map((language) => oneField(language, { few, rows, already }));
  const element = el(
    "div.languages",
    {},
    all.map((one) => one.element),
  );
  return { element, update: () => all.forEach((one) => one.update()) };
}

function oneField(language, { few, rows, already }) {
  const count = el("small.count-of", { id: `count-${language}` });
  const area = el("textarea", {
    name: `examples.${language}`,
    rows,
    lang: language,
    dir: "auto",
    spellcheck: "true",
    maxlength: 200_000,
    "aria-describedby": count.id,
  });
  const update = () => {
    const written = area.value.split("\n").filter((line) => line.trim()).length;
    const lines = toLines(area.value).length;
    const total = lines + already(language);
    const twice = written > lines ? ` ${written - lines} stand there twice.` : "";
    const short = total < few;
    count.dataset.short = short;
    count.textContent = `${lines} ${lines === 1 ? "example" : "examples"}${
      total > lines ? `, ${total} with what is there` : ""
    }.${twice}${short ? ` Fewer than ${few}: the model will often miss it.` : ""}`;
  };
  area.addEventListener("input", update);
  update();
  return { element: el("div", {}, field(nameOf(language), area), count), update };
}
