import { button, el, icon } from "../dom.js";
import { fullMoment, moment } from "../time.js";
import { compare, putLive, rollBack, shadow } from "./live.js";
import { count, short } from "./words.js";

const SWAPS = {
  starting: "The new model is being started.",
  warming: "The new model reads its first messages.",
  switching: "Buyers are being moved to the new model.",
  draining: "The old model finishes what it has begun.",
};

/** One model, and what can be done with it. */
export function renderModel(model, me, again) {
  const { name, at, by, examples, megabytes, live } = model;
  const facts = [
    by ? `by ${by}` : "from the command line",
    examples !== null && count(examples, "example"),
    `${megabytes.toFixed(1)} MB`,
  ];
  return el(
    "li",
    { "data-live": live },
    el(
      "p.line",
      {},
      el("a.name", { href: `/desk/models/${encodeURIComponent(name)}` }, short(name)),
      live && el("span.chip", { "data-tone": "accent" }, icon("bot"), "Live"),
      renderGate(model),
      el("time", { datetime: at, title: fullMoment(at) }, moment(at)),
      el("span.soft", {}, facts.filter(Boolean).join(" · ")),
    ),
    !live && renderActs(model, me, again),
  );
}

function renderGate({ gate, live }) {
  if (live || !gate) return null;
  return gate.ok
    ? el("span.chip", { "data-tone": "good" }, "May go live")
    : el("span.chip", { "data-tone": "warn" }, "Something stands against it");
}

function renderActs(model, me, again) {
  const name = short(model.name);
  const act = (words, what, options = {}) =>
    button(words, async () => (await what(model, me)) && again(), {
      "aria-label": `${words}: ${name}`,
      ...options,
    });
  return el(
    "div.acts",
    {},
    act("Compare", compare),
    act("Let it read along", shadow),
    model.earlier && act("Roll back", rollBack),
    act("Put live", putLive),
  );
}

/** A model that cannot go live, and why. */
export function renderForeign({ name, at, megabytes, live, foreign }) {
  return el(
    "li",
    { "data-live": live },
    el(
      "p.line",
      {},
      el("span.name", {}, short(name)),
      live && el("span.chip", { "data-tone": "accent" }, icon("bot"), "Live"),
      el("time", { datetime: at, title: fullMoment(at) }, moment(at)),
      el("span", {}, `${megabytes.toFixed(1)} MB`),
    ),
    el("p", {}, foreign),
  );
}

/** How far the change to another model has come. */
export function renderSwap({ change: { state, model, error }, live }) {
  if (state === "failed")
    return el(
      "p.notice",
      { "data-tone": "bad" },
      `The change to ${short(model)} came to nothing: ${error} `,
      live && `${short(live)} goes on answering.`,
    );
  if (!SWAPS[state]) return el("p.heard", {}, `${short(live ?? "")} is live.`);
  return el("p.notice.swapping", {}, icon("bot"), `${short(model)}: ${SWAPS[state]}`);
}
