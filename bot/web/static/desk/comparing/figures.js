import { el, icon } from "../dom.js";
import { interval, risen, row, table, tone, toned } from "./numbers.js";

const FIGURES = {
  accuracy: "Understood",
  accuracy_in_scope: "Understood, of what is our business",
  refused_rightly: "Rightly left alone, of what is none of our business",
  refused_wrongly: "Wrongly left alone, of what is our business",
};
const TURNED = ["refused_wrongly"];
const PARTS = {
  all: "A hundred messages cost",
  development: "… on the development messages",
  test: "… on the test messages",
};
const HEADS = ["Figure", "Before", "Now", "Difference"];

/** The figures of the whole: understood, refused, what it costs, how long it takes. */
export function renderFigures({ figures, cost, latency, messages, notes }) {
  const shares = Object.entries(figures).map(([name, { before, now, difference }]) =>
    row(
      FIGURES[name] ?? name,
      interval(before),
      interval(now),
      toned(risen(difference), tone(difference, TURNED.includes(name))),
    ),
  );
  const costs = Object.entries(cost).map(([part, { before, now, difference }]) =>
    row(
      PARTS[part] ?? part,
      points(before),
      points(now),
      toned(risen(difference), tone(difference, true)),
    ),
  );
  return el(
    "section.card",
    { "aria-labelledby": "figures" },
    el("h2", { id: "figures" }, "In figures"),
    el(
      "p.soft",
      {},
      `On ${messages} messages. In brackets the range that other messages of this kind would `,
      "give, 95 times of 100; a coloured difference is more than chance.",
    ),
    table("In figures", HEADS, [
      ...costs,
      ...shares,
      row(
        "A message takes",
        milliseconds(latency.before),
        milliseconds(latency.now),
        longer(latency.now - latency.before),
      ),
    ]),
    el(
      "p.soft",
      {},
      "A cost of 1 is an ordinary misunderstanding; one that is dear to us, such as a refund request ",
      "that is overlooked, costs more (rulebook/training.yml). The time is from answer ",
      "to answer while all messages are read, by one model after the other.",
    ),
    notes.length > 0 && el("ul.soft", {}, notes.map((one) => el("li", {}, one))),
  );
}

/** The dialogue tests, those that fail with the lines at which they do. */
export function renderDialogues({ dialogues, failures }) {
  const passed = dialogues - new Set(failures.map(({ dialogue }) => dialogue)).size;
  return el(
    "section.card",
    { "aria-labelledby": "dialogues" },
    el("h2", { id: "dialogues" }, "Dialogue tests"),
    el(
      "p.passes",
      { "data-all": !failures.length },
      icon(failures.length ? "cross" : "check"),
      `${passed} of ${dialogues} pass`,
      el("a", { href: "/desk/models#dialogues-title" }, "All dialogue tests"),
    ),
    failures.length > 0 &&
      table(
        "Lines that fail",
        ["Dialogue", "The buyer types", "Expected", "Got", "Where"],
        failures.map(({ dialogue, text, expected, got, file, line, before }) =>
          row(
            dialogue,
            el("span", { dir: "auto" }, text),
            expected,
            before ? `${got} (and so before)` : got,
            `${file}, line ${line}`,
          ),
        ),
      ),
  );
}

/** How exactly details are found. */
export function renderEntities({ entities }) {
  if (!entities.length) return null;
  return el(
    "section.card",
    { "aria-labelledby": "details" },
    el("h2", { id: "details" }, "Details found exactly"),
    table(
      "Details found exactly",
      ["Detail", "Marked", ...HEADS.slice(1)],
      entities.map(({ kind, n, found: { before, now, difference } }) =>
        row(
          kind.replaceAll("_", " "),
          n,
          interval(before),
          interval(now),
          toned(risen(difference), tone(difference)),
        ),
      ),
    ),
  );
}

/** Each file of messages. */
export function renderSets({ sets }) {
  return el(
    "section.card",
    { "aria-labelledby": "sets" },
    el("h2", { id: "sets" }, "File by file"),
    table(
      "File by file",
      ["File", "Messages", "Understood before", "Now"],
      sets.map(({ file, messages, before, now }) => row(file, messages, before, now)),
    ),
  );
}

/** A cost of a hundred messages. */
function points({ value, low, high }) {
  const of = (number) => (100 * number).toFixed(1);
  return value === null ? "–" : `${of(value)} (${of(low)} to ${of(high)})`;
}

function milliseconds(number) {
  return `${number.toFixed(1)} ms`;
}

function longer(difference) {
  const sign = difference < 0 ? "−" : "+";
  return `${sign}${Math.abs(difference).toFixed(1)} ms`;
}
