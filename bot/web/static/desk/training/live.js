import * as api from "../api.js";
import { ask, field, select } from "../dialog.js";
import { el } from "../dom.js";
import { attempt, say } from "../said.js";
import { short } from "./words.js";

const HOURS = [
  ["1", "An hour"],
  ["4", "Four hours"],
  ["24", "A day"],
  ["72", "Three days"],
];
const REASON = { name: "reason", rows: 3, maxlength: 500, required: true };

const path = ({ name }, what) => `models/${encodeURIComponent(name)}/${what}`;

/** Lets the model be measured against the live one, which takes a while. */
export function compare(model) {
  return attempt(async () => {
    await api.post(path(model, "compare"));
    say("It is being compared; open the model to see what comes of it.");
  });
}

/** Lets the model read what buyers write, beside the live one. */
export function shadow(model) {
  return ask(`Let ${short(model.name)} read along`, {
    words:
      "It reads every message beside the live model. Buyers notice nothing; on its page you see " +
      "where the two disagree.",
    fields: [field("For how long", select("hours", HOURS, { value: "4" }))],
    submit: "Begin",
    act: ({ hours }) => api.post(path(model, "shadow"), { hours: Number(hours) }),
  });
}

/**
 * Puts the model live, past the gate with a written reason where that is allowed.
 *
 * What the gate says only when it is asked is shown, and asked about again.
 */
export async function putLive(model, me) {
  const { gate } = model;
  const against = gate && !gate.ok;
  const may = me.may.includes("override");
  let refused;
  const done = await ask(`Put ${short(model.name)} live`, {
    words: sayGate(gate, may),
    fields: [
      against && el("ul.reasons", {}, gate.reasons.map((one) => el("li", {}, one.text ?? one))),
      against && may && field("Why it is to go live nevertheless", el("textarea", REASON)),
    ].filter(Boolean),
    submit: against ? "Put it live nevertheless" : "Put it live",
    look: against ? "danger" : "primary",
    act: async ({ reason }) => {
      try {
        await api.post(path(model, "promote"), reason ? { override: reason } : {});
      } catch (error) {
        if (against || error.code !== "gate_refused") throw error;
        refused = error.reasons;
      }
    },
    wide: against,
  });
  return refused ? putLive({ ...model, gate: { ok: false, reasons: refused } }, me) : done;
}

function sayGate(gate, may) {
  if (!gate) return "It was not compared with the live model yet, so the gate may refuse it.";
  if (gate.ok) return "Nothing stands against it. Buyers notice nothing of the change.";
  return may
    ? "This stands against it. What you write is kept with the model:"
    : "This stands against it. A lead or an owner may put it live nevertheless:";
}

/** Puts a model live again that was live before. */
export function rollBack(model) {
  return ask(`Go back to ${short(model.name)}`, {
    words: "It answers buyers again within a minute. Nothing of the newer model is lost.",
    submit: "Go back",
    act: () => api.post(path(model, "roll-back")),
  });
}
