import * as api from "./api.js";
import { show } from "./dom.js";
import { attempt, say } from "./said.js";
import { shortcuts } from "./shortcuts.js";
import { on } from "./stream.js";
import { beginDialogues } from "./training/dialogues.js";
import { Log } from "./training/log.js";
import { renderForeign, renderModel, renderSwap } from "./training/model.js";
import { renderNow, sayStep, tick } from "./training/now.js";
import { renderPast } from "./training/past.js";

const SOON = 2000; // ms between two looks while something goes on
const LATER = 15_000; // and while nothing does: somebody else may press Train
const [now, swap, models, foreign, past, trouble, told] = [
  "now", "swap", "models", "foreign", "past", "trouble", "told",
].map((id) => document.getElementById(id)); // prettier-ignore
const log = new Log(document.getElementById("log"));
let me;
let timer;
let latest = 0;
let shown;

shortcuts("Models", [
  [["t"], "Train", () => train()],
  [["l"], "The log of the training", () => log.toggle()],
]);
on("back", look);
document.addEventListener("visibilitychange", () => document.hidden || look());
beginDialogues(document.getElementById("dialogues"), document.getElementById("no-dialogues"));
setInterval(() => shown && tick(now), 1000);
look();

/** Shows how everything stands, and comes back for more. */
async function look() {
  const mine = (latest += 1);
  clearTimeout(timer);
  let soon = true;
  try {
    me ??= await api.get("me");
    const [trained, made] = await Promise.all([api.get("trainings"), api.get("models")]);
    if (mine !== latest) return; // a later look is on its way
    shown = { ...trained, ...made };
    trouble.hidden = true;
    render();
    soon = goesOn(shown);
  } catch (error) {
    if (mine !== latest) return;
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
  if (!document.hidden) timer = setTimeout(look, soon ? SOON : LATER);
}

function goesOn({ trainings, swap: change }) {
  const works = trainings.some(({ state }) => state === "queued" || state === "running");
  return works || (change && !["steady", "failed"].includes(change.state));
}

function render() {
  const { trainings, running, inputs, live, swap: change } = shown;
  const queued = trainings.filter(({ state }) => state === "queued");
  const at = trainings.find(({ id }) => id === running);
  const over = trainings.filter(({ state }) => state !== "queued" && state !== "running");
  show(now, [{ at, queued, inputs, live }], () => "now", (one) => renderNow(one, { train, cancel }));
  tick(now);
  const step = sayStep({ at, queued });
  if (told.textContent !== step) told.textContent = step;
  show(swap, change ? [{ change, live }] : [], () => "swap", renderSwap);
  const all = shown.models.map((model) => ({ ...model, live: model.name === live }));
  const foreigners = all.filter(({ sealed }) => !sealed);
  show(models, all.filter(({ sealed }) => sealed), ({ name }) => name, (model) => renderModel(model, me, look));
  show(foreign.querySelector("ol"), foreigners, ({ name }) => name, renderForeign);
  foreign.hidden = !foreigners.length;
  show(past, over, ({ id }) => id, (training) => renderPast(training, (id) => log.follow(id, true)));
  document.getElementById("no-models").hidden = all.length > 0;
  document.getElementById("no-past").hidden = over.length > 0;
  log.follow(running ?? undefined);
}

async function train() {
  await attempt(async () => {
    const before = shown?.trainings.find(({ state }) => state === "queued");
    const { id } = await api.post("trainings");
    say(before?.id === id ? "One waits already: it takes the files as they are then." : "It begins in a moment.");
  });
  await look();
}

async function cancel(training) {
  await attempt(() => api.post(`trainings/${training.id}/cancel`));
  await look();
}
