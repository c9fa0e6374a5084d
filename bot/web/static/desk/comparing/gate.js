import { el, icon } from "../dom.js";

const SHOWN = 5;
const GATE =
  "Nothing goes live through it that costs more, understands a protected intent worse or fails a " +
  "dialogue test.";

/** Whether the model may go live, and what speaks against it. */
export function renderGate({ ok, reasons }) {
  return el(
    "section.card.gate",
    { "aria-label": "The gate", "data-tone": ok ? "good" : "bad" },
    el(
      "h2",
      {},
      icon(ok ? "check" : "cross"),
      ok ? " The gate is open: it may go live" : " The gate is closed",
    ),
    el("p.soft", {}, GATE),
    reasons.length > 0 && el("ul.reasons", {}, reasons.map(renderReason)),
  );
}

/** A reason with its sentences, the first few of which are seen at once. */
function renderReason({ text, sentences }) {
  const items = sentences.map((one) => el("li", { dir: "auto" }, one));
  const more = items.slice(SHOWN);
  return el(
    "li",
    {},
    el("strong", {}, text),
    items.length > 0 && el("ul", {}, items.slice(0, SHOWN)),
    more.length > 0 &&
      el(
        "details",
        { "data-part": text },
        el("summary", {}, `${more.length} more`),
        el("ul", {}, more),
      ),
  );
}
