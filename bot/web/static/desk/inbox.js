import * as api from "./api.js";
import { ask } from "./dialog.js";
import { fill } from "./dom.js";
import { renderAgreement } from "./inbox/agreement.js";
import { renderImport } from "./inbox/import.js";
import { meanings, renderEmpty, renderMessage } from "./inbox/message.js";
import { attempt, say } from "./said.js";
import { renderFailed } from "./failed.js";
import { shortcuts } from "./shortcuts.js";
import { beginIntent, renderLabelled } from "./teaching/from-inbox.js";
import { capital, vocabulary } from "./words.js";

const OUT_OF_SCOPE = "out_of_scope";
const [place, counts, progress, known, beside] = [
  "place",
  "counts",
  "progress",
  "known",
  "beside",
].map((id) => document.getElementById(id));
const page = { label, skip, undo, toggleSecond, newIntent, marks: null };
let message;
let words;
let second = false;
let busy = false;

shortcuts("Labelling", [
  [["Enter"], "Accept the first meaning", (event) => !pressing(event) && choose(0)],
  [["1"], "The first meaning", () => choose(0)],
  [["2"], "The second meaning", () => choose(1)],
  [["3"], "The third meaning", () => choose(2)],
  [["/"], "Choose by typing", () => focusField()],
  [["e"], "Mark details, word by word", () => startMarking()],
  [["o"], "None of our business", () => label(OUT_OF_SCOPE)],
  [["s"], "Skip: it teaches nothing", () => skip()],
  [["k"], "Skip what the model knows", () => skipKnown()],
  [["d"], "Ask for a second opinion", () => toggleSecond()],
  [["z"], "Take the last label back", () => undo()],
  [["n"], "New intent from this message", () => newIntent()],
]);
known.onclick = () => skipAllKnown();
start();

async function start() {
  if (!beside.firstChild) fill(beside, renderImport(refresh), renderAgreement());
  try {
    words = await vocabulary();
    await refresh();
  } catch (error) {
    fill(place, renderFailed(error, start));
  }
}

async function refresh() {
  take(await api.post("inbox/next"));
}

/** Whether a key presses what is in focus, and is no shortcut then. */
function pressing({ target }) {
  return target.closest("button, a, summary, select") !== null;
}

function choose(number) {
  const meaning = message && meanings(message)[number];
  return meaning ? void label(meaning.intent) : false;
}

function focusField() {
  const field = document.getElementById("meaning");
  field?.focus();
  return Boolean(field);
}

function newIntent() {
  return message ? beginIntent(message) : false;
}

/** Unfolds what stands below. */
function bringIn() {
  const part = beside.querySelector("details");
  part.open = true;
  part.querySelector("input").focus();
  part.scrollIntoView({ block: "nearest" });
}

function startMarking() {
  return message ? page.marks.start() : false;
}

function toggleSecond() {
  if (!message) return false;
  second = !second;
  document.getElementById("second").setAttribute("aria-pressed", String(second));
}

async function label(intent) {
  await act(async ({ id }) => {
    const entities = page.marks.changed;
    const taken = await api.post(`inbox/${id}/label`, {
      intent,
      second,
      ...(entities && { entities }),
    });
    say(sayTaken(taken, intent));
  });
}

/** What came of a label; what others said is told only now. */
function sayTaken({ state, others }, intent) {
  const waits = state === "second";
  if (!others.length) return `Kept. ${waits ? "Somebody else is asked, too." : sayMeant(intent)}`;
  const [{ name, intent: theirs, text }] = others;
  if (theirs === intent) return `Kept. ${name} said the same.`;
  const rest = waits ? " Somebody else is asked, too." : "";
  return `Kept. ${name} had said: ${capital(text)}.${rest}`;
}

/** What it was labelled as: whoever presses keys quickly sees the slip. */
function sayMeant(intent) {
  const [, name] = words.intents.find(([one]) => one === intent) ?? [];
  return name ? `${name}.` : "";
}

async function skip() {
  await act(({ id }) => api.post(`inbox/${id}/skip`));
}

function skipKnown() {
  return message?.known ? void skip() : false;
}

async function skipAllKnown() {
  await ask("Skip all that the model knows?", {
    words:
      "What stands among its examples in the very words, and what it is sure of as people said. " +
      "z takes all of it back at once.",
    submit: "Skip them",
    act: async () => {
      const { groups } = await api.post("inbox/skip-known");
      await refresh();
      say(groups === 1 ? "One is skipped." : `${groups} are skipped.`);
    },
  });
}

async function act(change) {
  if (!message || busy) return;
  busy = true;
  place.setAttribute("aria-busy", "true");
  await attempt(() => change(message));
  await attempt(refresh);
  place.removeAttribute("aria-busy");
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
  // The keys are for the next message, and not for the field that the last one was typed in.
  if (next.message?.id !== message?.id) document.getElementById("meaning")?.blur();
  message = next.message;
  second = false;
  const { waiting, second: asked, labelled, skipped, mine, known: sure } = next.counts;
  const done = labelled + skipped;
  progress.max = Math.max(done + waiting + asked, 1);
  progress.value = done;
  counts.textContent = `${waiting + asked} to go · ${done} decided · ${mine} by you today`;
  renderLabelled(document.getElementById("labelled"), next.counts.to_write);
  known.hidden = sure === 0;
  known.textContent = `Skip ${sure} that the model knows`;
  fill(
    place,
    message ? renderMessage(message, words, page) : renderEmpty(next.counts, undo, bringIn),
  );
}
