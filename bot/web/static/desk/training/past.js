import { button, el } from "../dom.js";
import { fullMoment, moment } from "../time.js";
import { short, span } from "./words.js";

const STATES = {
  done: ["Done", "good"],
  failed: ["Failed", "bad"],
  cancelled: ["Cancelled", ""],
};

/** A training that is over: how it ended, and in words why it came to nothing. */
export function renderPast(training, openLog) {
  const { id, at, by, state, step, model, error, started_at: began, ended_at: ended } = training;
  const [words, tone] = STATES[state];
  const when = moment(at);
  return el(
    "li",
    {},
    el(
      "p.line",
      {},
      el("span.chip", { "data-tone": tone }, words),
      el("time", { datetime: at, title: fullMoment(at) }, when),
      el("span", {}, by),
      began && el("span.soft", {}, span(began, ended)),
      began && button("Log", () => openLog(id), { look: "link", "aria-label": `Log, ${when}` }),
    ),
    state === "done" && el("p.soft", {}, `${step}: ${short(model)}`),
    state !== "done" && step && el("p.soft", {}, `It had come to: ${step}`),
    error && el("pre.why", { tabindex: 0, "aria-label": "Why it failed" }, error),
  );
}
