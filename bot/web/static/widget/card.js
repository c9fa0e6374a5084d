import { el, link } from "./dom.js";

/** An order with its lines, facts and the parcel's way; the words are the server's. */
export function orderCard(card, language) {
  const { title, status, status_label, lines, total, facts, timeline, tracking } = card;
  const late = timeline?.some(({ state }) => state === "late");
  const place = tracking && [tracking.carrier, tracking.number].filter(Boolean).join(" ");
  return el(
    "section.card",
    { "aria-label": title },
    el(
      "p.head",
      {},
      el("b", {}, title),
      el("span.pill", { "data-status": late ? "late" : status }, status_label),
    ),
    list("ul.lines", lines, (line) => [
      el(
        "span",
        {},
        `${line.quantity} × ${line.title}`,
        line.variant && el("small", {}, line.variant),
      ),
      el("span.price", {}, line.price),
    ]),
    total && el("p.total", {}, el("span", {}, language.say("total")), total),
    list("ul.facts", facts, ({ label, value }) => [el("small", {}, label), value]),
    list("ol.steps", timeline, (step) => [
      step.label,
      step.state !== "done" && el("span.heard", {}, ` (${language.say(step.state)})`),
      el("small", {}, [step.at, step.place].filter(Boolean).join(" · ")),
    ]),
    tracking && el("p.track", {}, link(tracking.url, language.say("track")), " ", place),
  );
}

function list(name, items, render) {
  return (
    items?.length &&
    el(
      name,
      {},
      items.map((item) => el("li", { "data-state": item.state }, render(item))),
    )
  );
}
