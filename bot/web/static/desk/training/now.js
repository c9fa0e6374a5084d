import { button, el } from "../dom.js";
import { percent } from "../words.js";
import { count, short, span } from "./words.js";

/** The training at work and those behind it, or what there is to train. */
export function renderNow({ at, queued, inputs, live }, { train, cancel }) {
  return el(
    "div.now",
    {},
    at && renderRunning(at, cancel),
    queued.map((one) => renderQueued(one, at, cancel)),
    el("p", {}, toLearn(inputs, live)),
    el("div.ends", {}, button("Train", train, { look: "primary", key: "t", "data-act": "train" })),
  );
}

/** What happens now, for whoever does not see it; "" if nothing does. */
export function sayStep({ at, queued }) {
  if (at) return at.stopping ? "It is being cancelled" : at.step;
  return queued.length ? "A training waits" : "";
}

function renderRunning(training, cancel) {
  const { progress, stopping, by, started_at: began } = training;
  return el(
    "div.running",
    {},
    el(
      "p.step",
      {},
      el("strong", {}, sayStep({ at: training, queued: [] })),
      el("span.soft", {}, el("span", { "data-since": began }), ` · begun by ${by}`),
    ),
    el("progress", { max: 1, value: progress, "aria-label": "How far the training has come" }),
    el(
      "p.step",
      {},
      el("span.soft", {}, `About ${percent(progress)}, by estimate`),
      !stopping &&
        button("Cancel", () => cancel(training), { look: "danger", "data-act": "cancel" }),
    ),
  );
}

function renderQueued(training, before, cancel) {
  const words = before
    ? `${training.by} wants another training. It begins when this one ends.`
    : `${training.by} wants a training. It begins in a moment.`;
  return el(
    "p.step.notice",
    {},
    el("span", {}, words),
    button("Cancel", () => cancel(training), {
      "aria-label": "Cancel the training that waits",
      "data-act": "unqueue",
    }),
  );
}

function toLearn({ changed, changes, model }, live) {
  if (changed === null)
    return "A model is trained from the project’s files. It changes nothing for buyers until it is put live.";
  if (!changed) return "The live model was trained from the files as they are: there is nothing new.";
  const since = changes
    ? `${count(changes, "change")} since the live model was trained.`
    : "The files have changed since the live model was trained.";
  const there = model && model !== live && ` They are in the model ${short(model)} already.`;
  return since + (there || "");
}

/** Lets the times of what goes on grow. */
export function tick(root) {
  for (const node of root.querySelectorAll("[data-since]"))
    node.textContent = span(node.dataset.since);
}
