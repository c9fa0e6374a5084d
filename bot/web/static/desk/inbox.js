import * as api from "./api.js";
import { button, el, fill, icon } from "./dom.js";
import { attempt, say } from "./said.js";
import { shortcuts } from "./shortcuts.js";
import { beginIntent, showLabelled } from "./teaching/from-inbox.js";
import { capital, language, percent, plain, vocabulary } from "./words.js";

const CAUSES = {
  corrected: "An agent corrected the bot here",
  clarified: "The buyer said what was meant",
  refused: "The bot did not understand",
  unsure: "The bot was not sure",
  imported: "From a file",
};
const OUT_OF_SCOPE = "out_of_scope";
const [place, counts, progress] = ["place", "counts", "progress"].map((id) =>
  document.getElementById(id),
);
let message;
let intents = [];
let second = false;
let busy = false;

shortcuts("Labelling", [
  [["Enter"], "Accept the first meaning", () => choose(0)],
  [["1"], "The first meaning", () => choose(0)],
  [["2"], "The second meaning", () => choose(1)],
  [["3"], "The third meaning", () => choose(2)],
  [["/"], "Choose by typing", () => focusField()],
  [["o"], "None of our business", () => label(OUT_OF_SCOPE)],
  [["s"], "Skip: it teaches nothing", () => skip()],
  [["d"], "Ask for a second opinion", () => toggleSecond()],
  [["z"], "Take the last label back", () => undo()],
  [["n"], "New intent from this message", () => (message ? beginIntent(message) : false)],
]);
start();

async function start() {
  await attempt(async () => {
    intents = (await vocabulary()).intents;
    take(await api.post("inbox/next"));
  });
}

/** What may be meant, the likeliest first: what people said, then the model's guesses. */
function meanings({ guesses, suggested, suggested_text: text }) {
  const said = suggested ? [{ intent: suggested, text, confidence: null }] : [];
  return [...said, ...guesses.filter(({ intent }) => intent !== suggested)].slice(0, 3);
}

function choose(number) {
  const meaning = message && meanings(message)[number];
  return meaning ? label(meaning.intent) : false;
}

function focusField() {
  const field = document.getElementById("meaning");
  field?.focus();
  return Boolean(field);
}

function toggleSecond() {
  if (!message) return false;
  second = !second;
  document.getElementById("second").setAttribute("aria-pressed", String(second));
}

async function label(intent) {
  await act(async ({ id }) => {
    const { state } = await api.post(`inbox/${id}/label`, { intent, second });
    say(state === "second" ? "Kept. Somebody else is asked, too." : "Kept.");
  });
}

async function skip() {
  await act(({ id }) => api.post(`inbox/${id}/skip`));
}

async function act(change) {
  if (!message || busy) return;
  busy = true;
  await attempt(() => change(message));
  await attempt(async () => take(await api.post("inbox/next")));
  busy = false;
}

async function undo() {
  await attempt(async () => {
    const before = await api.post("inbox/undo");
    if (before.message) take(before);
    else say("There is nothing to take back.");
  });
}

function take(next) {
  message = next.message;
  second = false;
  const { waiting, second: asked, labelled, skipped, mine } = next.counts;
  const done = labelled + skipped;
  progress.max = Math.max(done + waiting + asked, 1);
  progress.value = done;
  counts.textContent = `${waiting + asked} to go · ${done} decided · ${mine} by you today`;
  showLabelled(document.getElementById("labelled"));
  render();
}

function render() {
  if (!message) {
    fill(
      place,
      el(
        "div.empty",
        {},
        icon("check"),
        el("strong", {}, "Nothing to label"),
        el("p", {}, "What buyers write and the bot does not understand comes here by itself."),
        button("Take the last label back", undo, { key: "z" }),
      ),
    );
    return;
  }
  const { text, entities, language: tag, cause, size, seen, likes, conversation_id: talk } = message;
  fill(
    place,
    el(
      "article.card.to-label",
      {},
      el(
        "p.chips",
        {},
        el("span.chip", { "data-tone": cause === "corrected" ? "warn" : "" }, CAUSES[cause]),
        " ",
        el("span.chip", {}, language(tag)),
        " ",
        size > 1 && el("span.chip", { "data-tone": "accent" }, `${size} alike, one decision`),
        " ",
        seen > size && el("span.chip", {}, `written ${seen} times`),
      ),
      el("blockquote", { dir: "auto", lang: tag }, marked(text, entities)),
      likes.length > 0 &&
        el(
          "details",
          {},
          el("summary", {}, "Others that are alike"),
          el("ul.likes", {}, likes.map((one) => el("li", { dir: "auto" }, one))),
        ),
      el("div.guesses", {}, meanings(message).map(renderMeaning)),
      renderField(),
      el(
        "div.ends",
        {},
        button("None of our business", () => label(OUT_OF_SCOPE), { key: "o" }),
        button("Skip", skip, { key: "s" }),
        button("Second opinion", toggleSecond, { key: "d", id: "second", "aria-pressed": "false" }),
        button("Take back", undo, { key: "z" }),
        button("New intent from this message", () => beginIntent(message), { key: "n" }),
        talk && el("a", { href: `/desk/conversations/${encodeURIComponent(talk)}` }, "The chat"),
      ),
    ),
  );
}

function renderMeaning({ intent, text, confidence }, number) {
  return el(
    `button${number === 0 ? ".primary" : ""}`,
    { onclick: () => void label(intent) },
    el("kbd", { "aria-hidden": "true" }, String(number + 1)),
    capital(text),
    el("span.sure", {}, confidence === null ? "said by people" : percent(confidence)),
  );
}

/** Any other intent, found by typing a part of its name. */
function renderField() {
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
  const form = el("form.field", {}, field, el("datalist", { id: "intents" }, options));
  form.onsubmit = (event) => {
    event.preventDefault();
    const wanted = field.value.trim().toLowerCase();
    const fits = ([name, words]) =>
      words.toLowerCase() === wanted || name === wanted.replaceAll(" ", "_");
    const found = wanted && (intents.find(fits) ?? onlyOne(wanted));
    if (found) label(found[0]);
    else say(wanted ? `No meaning is called “${field.value}”.` : "Type what it means.");
  };
  return form;
}

function onlyOne(wanted) {
  const found = intents.filter(
    ([name, words]) => words.toLowerCase().includes(wanted) || name.includes(wanted),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** The message with its details marked; places count signs, not UTF-16 units. */
function marked(text, entities) {
  const signs = [...text];
  const parts = [];
  let at = 0;
  for (const { name, start, end } of entities) {
    const words = signs.slice(start, end).join("");
    parts.push(signs.slice(at, start).join(""), el("mark", { title: plain(name) }, words));
    at = end;
  }
  return [...parts, signs.slice(at).join("")];
}
