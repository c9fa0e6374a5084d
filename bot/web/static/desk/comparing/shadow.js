import * as api from "../api.js";
import { button, el } from "../dom.js";
import { attempt } from "../said.js";
import { moment } from "../time.js";
import { percent } from "../words.js";
import { row, table } from "./numbers.js";

/** The newest shadow run and where the two models disagreed. */
export function renderShadow({ shadow, disagreements }, page) {
  if (!shadow) return null;
  const { model, messages, agreed, running, until, ended_at: ended, error, by } = shadow;
  const other = model !== page.model && ` (this is ${model}, another model than this page's)`;
  return el(
    "section.card",
    { "aria-labelledby": "shadow" },
    el("h2", { id: "shadow" }, running ? "It reads along" : "It read along"),
    el(
      "p",
      {},
      messages
        ? `${messages} messages of buyers, of which both understood ${percent(agreed / messages)} alike`
        : "No message of a buyer yet",
      running ? `; until ${moment(until)}` : `; ended ${moment(ended)}`,
      `, begun by ${by}`,
      other,
      ".",
    ),
    error && el("p.notice", { "data-tone": "bad" }, error),
    running &&
      button("Stop it", () => attempt(() => page.do(() => api.post("shadow/stop"), "Stopped."))),
    disagreements.length > 0 &&
      table(
        "Where they disagree",
        ["The buyer wrote", "The live model", "This one", "Sure", "When"],
        disagreements.map((one) =>
          row(
            el(
              "a",
              {
                href: `/desk/conversations/${encodeURIComponent(one.conversation_id)}`,
                dir: "auto",
              },
              one.text || "(erased)",
            ),
            page.name(one.live_intent),
            page.name(one.intent),
            percent(one.confidence),
            moment(one.at),
          ),
        ),
      ),
  );
}
