import * as api from "../api.js";
import { ask, field, select } from "../dialog.js";
import { button, el } from "../dom.js";
import { attempt } from "../said.js";
import { short } from "../training/words.js";

const HOURS = [1, 4, 24, 72];

/** What can be done with the model now. */
export function renderActs(shown, { shadow }, page) {
  const { model, live_now: live, state, gate } = shown;
  const runs = ["queued", "running"].includes(state);
  const compared = state !== "none";
  const closed = !gate.ok;
  if (model === live) return null;
  return el(
    "div.ends",
    {},
    button(compared ? "Compare anew" : "Compare", () => compare(page), {
      look: compared ? "" : "primary",
      disabled: runs,
    }),
    !closed && button("Put it live", () => promote(page, live), { look: "primary" }),
    closed &&
      shown.may_override &&
      compared &&
      button("Put it live all the same", () => override(page, gate), { look: "danger" }),
    shown.can_roll_back && button("Roll back to it", () => rollBack(page, live)),
    !shadow?.running && button("Let it read along", () => shadowFor(page)),
  );
}

function compare(page) {
  return attempt(() => page.do(() => api.post(`${page.path}/compare`), "It is compared."));
}

function promote(page, live) {
  return ask("Put it live?", {
    words:
      `Buyers are answered by ${short(page.model)} from then on. ${short(live)} stays there to go ` +
      "back to.",
    submit: "Put it live",
    act: () => page.send(() => api.post(`${page.path}/promote`), "It is going live."),
  });
}

function override(page, { reasons }) {
  const why = el("textarea", {
    name: "why",
    rows: 3,
    required: true,
    minlength: 10,
    maxlength: 500,
  });
  return ask("Put it live though the gate is closed?", {
    words: "This speaks against it. It is kept for good, with your reason and your name.",
    fields: [el("ul.reasons", {}, reasons.map(({ text }) => el("li", {}, text))), field("Why", why)],
    submit: "Put it live",
    look: "danger",
    wide: true,
    act: ({ why: written }) =>
      page.send(() => api.post(`${page.path}/promote`, { override: written }), "It is going live."),
  });
}

function rollBack(page, live) {
  const why = el("textarea", { name: "why", rows: 2, maxlength: 500 });
  return ask("Roll back to it?", {
    words: `It was live before. Buyers are answered by it again, and no more by ${short(live)}.`,
    fields: [field("Why, if you want to say", why)],
    submit: "Roll back",
    act: ({ why: reason }) =>
      page.send(() => api.post(`${page.path}/roll-back`, { reason }), "It is going live again."),
  });
}

function shadowFor(page) {
  const words = (hours) => (hours === 1 ? "1 hour" : `${hours} hours`);
  const hours = select(
    "hours",
    HOURS.map((one) => [String(one), words(one)]),
    { value: "24" },
  );
  return ask("Let it read along", {
    words: "It reads what buyers write from now on, beside the live model. No buyer notices.",
    fields: [field("For", hours)],
    submit: "Begin",
    act: ({ hours: chosen }) =>
      page.do(
        () => api.post(`${page.path}/shadow`, { hours: Number(chosen) }),
        "It reads along from now on.",
      ),
  });
}
