import * as api from "./api.js";
import { ask, field } from "./dialog.js";
import { button, el, fill, icon } from "./dom.js";
import { renderFailed } from "./failed.js";
import { attempt, say } from "./said.js";
import { capital, language } from "./words.js";

const ASIDE = "aside"; // beside the kinds: what was put aside

const LOOK_AGAIN = 2000; // ms while the model reads
const GRADES = {
  bad: ["Mend first", "bad"],
  weak: ["Learns less", "warn"],
  look: ["Worth a look", ""],
};
const KINDS = {
  contradicted: "Same words, two meanings",
  few: "Too few examples",
  alike: "Look alike",
  unmarked: "Details not marked",
  unbalanced: "Languages out of balance",
  duplicated: "Twice",
  untested: "Not tested",
  unused: "Never in traffic",
};
const [place, kinds, counts, reading] = ["place", "kinds", "counts", "reading"].map((id) =>
  document.getElementById(id),
);
let found = { hints: [], examples: 0, reading: {} };
let drawn = false;
let kind = new URLSearchParams(location.search).get("kind") ?? "";

look();

async function look(again = "") {
  const before = JSON.stringify(found.hints);
  try {
    found = await api.get("hints", { again });
  } catch (error) {
    if (!drawn) fill(place);
    return fill(reading, renderFailed(error, () => look(again)));
  }
  renderReading();
  if (JSON.stringify(found.hints) !== before || !drawn) render();
  if (["wanted", "running"].includes(found.reading.state)) setTimeout(look, LOOK_AGAIN);
}

function choose(name) {
  kind = name;
  history.replaceState(null, "", name ? `?kind=${name}` : location.pathname);
  render();
}

function render() {
  drawn = true;
  const { hints, examples } = found;
  counts.textContent = `${hints.filter((hint) => !hint.aside).length} hints about ${examples.toLocaleString("en")} examples`;
  const aside = hints.filter((hint) => hint.aside);
  const open = hints.filter((hint) => !hint.aside);
  const parts = [
    ["", "All", open],
    ...Object.entries(KINDS).map(([name, words]) => [
      name,
      words,
      open.filter((hint) => hint.kind === name),
    ]),
    [ASIDE, "Put aside", aside],
  ].filter(([name, , some]) => !name || some.length);
  const chosen = parts.find(([name]) => name === kind) ?? parts[0];
  kind = chosen[0];
  fill(
    kinds,
    parts.map(([name, words, some]) =>
      button(`${words} (${some.length})`, () => choose(name), {
        id: `kind-${name || "all"}`,
        "aria-pressed": String(kind === name),
      }),
    ),
  );
  const shown = chosen[2];
  fill(place, shown.length ? el("ul.hints", {}, shown.map(renderHint)) : renderNone());
}

function renderNone() {
  return el("div.empty", {}, icon("check"), el("strong", {}, "Nothing odd in the examples"));
}

function renderHint(hint) {
  const [words, tone] = GRADES[hint.grade];
  return el(
    "li.card",
    {},
    el(
      "p.chips",
      {},
      el("span.chip", { "data-tone": tone }, words),
      " ",
      el("span.chip", {}, KINDS[hint.kind]),
      hint.language && [" ", el("span.chip", {}, language(hint.language))],
    ),
    el("h2", {}, capital(hint.text)),
    el("p.soft", {}, hint.advice),
    hint.examples.length > 0 ? renderExamples(hint) : renderPlace(hint),
    renderAside(hint),
  );
}

/** Puts it aside, or says who did and why. */
function renderAside(hint) {
  const { key, aside } = hint;
  if (!aside) return el("p.bar", {}, button("Put aside", () => putAside(hint)));
  return el(
    "p.bar",
    {},
    el("span.soft", {}, `${aside.by} put it aside: ${aside.reason}`),
    button("Show again", async () => {
      await attempt(() => api.post("hints/again", { key }));
      await look();
    }),
  );
}

async function putAside({ key, text }) {
  const done = await ask("Put this hint aside", {
    words: `${capital(text)} It comes back when its examples change.`,
    fields: [
      field(
        "Why",
        el("input", { name: "reason", maxlength: 300, required: true, autocomplete: "off" }),
        "For your colleagues, in a few words.",
      ),
    ],
    submit: "Put aside",
    act: ({ reason }) => api.post("hints/aside", { key, reason }),
  });
  if (!done) return;
  say("It is put aside.");
  await look();
}

/** Each leads to where it stands. */
function renderExamples({ examples, count, kind: about }) {
  const told = about === "alike" || about === "contradicted" ? count * 2 : count;
  const list = examples.map((one) =>
    el(
      "li",
      {},
      el(
        "a",
        { href: addressOf(one.intent, one.text), dir: "auto", lang: one.language },
        one.text,
      ),
      one.note && el("span.soft", {}, ` ${one.note}`),
    ),
  );
  const more = told - examples.length;
  return el(
    "details",
    { open: examples.length <= 4 },
    el("summary", {}, `The examples${more > 0 ? `, ${examples.length} of ${told}` : ""}`),
    el("ul.examples", {}, list),
  );
}

function renderPlace({ intent, intent_text: words }) {
  const to = intent ? addressOf(intent) : "/desk/inbox";
  return el("p", {}, el("a", { href: to }, intent ? `Go to “${words}”` : "Go to the inbox"));
}

function addressOf(intent, example) {
  const page = `/desk/intents/${encodeURIComponent(intent)}`;
  return example ? `${page}?${new URLSearchParams({ example })}` : page;
}

function renderReading() {
  const { state, done, total, error } = found.reading;
  const told = {
    no_model: [
      el("p", {}, "No model is trained yet: which examples look alike is known after a training."),
    ],
    wanted: [el("p", {}, "The model is about to read the examples. What it finds comes in here.")],
    running: [
      el("p", {}, `The model reads the examples: ${done} of ${total} new ones.`),
      el("progress", { max: total || 1, value: done, "aria-label": "Examples read" }),
    ],
    failed: [
      el("p", {}, `The model could not read the examples: ${error}`),
      button("Try again", () => look("true"), { id: "again" }),
    ],
  }[state];
  fill(reading, told && el("div.notice", { role: "status" }, told));
}
