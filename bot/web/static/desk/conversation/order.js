import { el, icon, link } from "../dom.js";

/** An order with its lines, money and the parcel's way; the words are the server's. */
export function renderOrder(card, { head = true } = {}) {
  const { title, status_label, lines, total, facts, timeline, tracking } = card;
  const late = timeline?.some(({ state }) => state === "late");
  return el(
    "div.order-card",
    { role: "group", "aria-label": title },
    head &&
      el(
        "p.ordered",
        {},
        el("b", {}, title),
        el("span.chip", { "data-tone": late && "bad" }, status_label),
      ),
    el(
      "ul.lines",
      {},
      lines.map(({ quantity, title: name, variant, price }) =>
        el(
          "li",
          {},
          el("span", {}, `${quantity} × ${name}`, variant && el("small.soft", {}, ` ${variant}`)),
          el("span.price", {}, price),
        ),
      ),
      total && el("li.total", {}, el("span", {}, "Total"), el("span.price", {}, total)),
    ),
    facts?.length > 0 &&
      el(
        "dl.facts",
        {},
        facts.flatMap(({ label, value }) => [el("dt", {}, label), el("dd", {}, value)]),
      ),
    timeline?.length > 0 && el("ol.way", { "aria-label": "The parcel's way" }, timeline.map(step)),
    tracking && renderTracking(tracking),
  );
}

const STATES = { now: " (now)", next: " (to come)", late: " (late)" };

function step({ label, at, place, state }) {
  return el(
    "li",
    { "data-state": state },
    label,
    STATES[state] && el("span.heard", {}, STATES[state]),
    el("small.soft", {}, ` ${[at, place].filter(Boolean).join(" · ")}`),
  );
}

function renderTracking({ carrier, number, url }) {
  const name = [carrier, number].filter(Boolean).join(" ");
  return el("p.tracking", {}, icon("truck"), (url && link(url, name)) || name);
}
