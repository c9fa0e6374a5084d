import * as api from "./api.js";
import { renderActs } from "./comparing/acts.js";
import { renderDialogues, renderEntities, renderFigures, renderSets } from "./comparing/figures.js";
import { renderGate } from "./comparing/gate.js";
import { renderIntents } from "./comparing/intents.js";
import { Sentences } from "./comparing/sentences.js";
import { renderShadow } from "./comparing/shadow.js";
import { el, fill } from "./dom.js";
import { say } from "./said.js";
import { renderSwap } from "./training/model.js";
import { short } from "./training/words.js";
import { shortcuts } from "./shortcuts.js";
import { moment } from "./time.js";
import { vocabulary } from "./words.js";

const PACE = 2000; // ms between two looks while it is compared
const SLOW = 15_000; // while it reads along
const SWAPS = 120_000; // that a model takes to go live, at most
const model = document.body.dataset.model;
const [which, trouble, place] = ["which", "trouble", "place"].map((id) =>
  document.getElementById(id),
);
const path = `models/${encodeURIComponent(model)}`;
const sentences = new Sentences();
let names = new Map();
let timer;
let before = "";
let sent = 0; // when somebody here last sent a model on its way

shortcuts("Comparison", [
  [["b"], "Only what got better", () => sentences.turnTo("better")],
  [["w"], "Only what got worse", () => sentences.turnTo("worse")],
  [["a"], "Better and worse", () => sentences.turnTo("both")],
  [["/"], "Look for words", () => sentences.focus()],
]);

const page = {
  path,
  model,
  /** What an intent is called. */
  name: (intent) => names.get(intent) ?? intent.replaceAll("_", " "),
  /** Does something, tells of it, and looks anew. */
  async do(change, words) {
    await change();
    say(words);
    await load();
  },
  /** Sends the model on its way to the buyers; whoever did sees it arrive. */
  async send(change, words) {
    await page.do(async () => {
      await change();
      sent = Date.now();
    }, words);
  },
};

start();

async function start() {
  try {
    names = new Map((await vocabulary()).intents);
  } catch {
    // The names of the files do, too.
  }
  await load();
}

async function load() {
  clearTimeout(timer);
  try {
    const [shown, shadow, { swap }] = await Promise.all([
      api.get(`${path}/comparison`),
      api.get("shadow"),
      api.get("models").catch(() => ({})), // how far a swap is, is told beside the rest
    ]);
    trouble.textContent = "";
    const moves = isMoving(shown, swap);
    const now = JSON.stringify([shown, shadow, swap, moves]);
    if (now !== before) keepOpen(() => render(shown, shadow, { swap, moves }));
    before = now;
    const soon = moves || ["queued", "running"].includes(shown.state);
    if (soon || shadow.shadow?.running) timer = setTimeout(load, soon ? PACE : SLOW);
  } catch (error) {
    trouble.textContent = error.message;
    timer = setTimeout(load, SLOW);
  }
}

/** Whether a model is on its way to the buyers, this one or another. */
function isMoving({ live_now: now }, swap) {
  if (swap?.state === "failed") return false;
  if (swap && swap.state !== "steady") return true;
  return now !== model && Date.now() - sent < SWAPS;
}

/** Draws anew, and leaves open what somebody has opened. */
function keepOpen(draw) {
  const parts = () => [...place.querySelectorAll("details[data-part]")];
  const open = new Set(parts().flatMap(({ open, dataset }) => (open ? [dataset.part] : [])));
  draw();
  for (const part of parts()) part.open = open.has(part.dataset.part);
}

function render(shown, shadow, { swap, moves }) {
  const { result, live, live_now: now } = shown;
  which.textContent =
    model === now
      ? `${short(model)} is live`
      : `${short(model)} beside ${short(result?.live ?? now)}`;
  fill(
    place,
    renderHead(shown),
    renderWay(now, swap, moves),
    model !== now && renderGate(shown.gate, page),
    !moves && renderActs(shown, shadow, page),
    result && live !== now && model !== now && renderOutdated(shown),
    result && renderFigures(result),
    result && sentences.render(result, page),
    result && renderIntents(result, shown.plot, page),
    result && renderDialogues(result),
    result && renderEntities(result),
    result && renderSets(result),
    renderShadow(shadow, page),
  );
}

/** That a model is on its way, came to nothing or is live, and the way back. */
function renderWay(now, swap, moves) {
  const about = { role: "status" };
  if (swap?.state === "failed" && sent)
    return el("div", about, renderSwap({ change: swap, live: now }));
  if (model !== now)
    return moves && el("p.notice", about, "A model is going live. It takes a minute or so …");
  return el(
    "p.notice",
    { ...about, "data-tone": "good" },
    "This model is live: it answers buyers. To go back, ",
    el("a", { href: "/desk/models" }, "roll back to another one"),
    ".",
  );
}

function renderHead({ state, progress, error, headline, at, by, ended_at: ended }) {
  const who = by ? `asked for by ${by}` : "after its training";
  return el(
    "section.card.head",
    { "aria-label": "What came of it", "aria-live": "polite" },
    headline && el("p.headline", { "data-tone": TONES[headline.verdict] }, headline.text),
    state === "none" && el("p", {}, "Nobody has compared this model with the live one yet."),
    state === "queued" && el("p", {}, `It waits its turn (${who}).`),
    state === "running" && renderProgress(progress),
    state === "failed" && el("p.notice", { "data-tone": "bad" }, `It failed: ${error}`),
    state === "finished" && el("p.soft", {}, `Compared ${moment(ended)}, ${who} ${moment(at)}.`),
  );
}

const TONES = { better: "good", worse: "bad", same: "" };

function renderProgress(progress) {
  const done = Math.round(100 * progress);
  return el(
    "p",
    {},
    `Both models read the messages: ${done} %`,
    el("progress", { max: 1, value: progress, "aria-label": "Messages read" }),
  );
}

function renderOutdated({ live, live_now: now }) {
  const words = `This was compared with ${short(live)}; live is ${short(now)} now.`;
  return el("p.notice", { "data-tone": "warn" }, `${words} Compare it anew.`);
}
