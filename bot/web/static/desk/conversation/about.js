import { answered, deadline } from "../clocks.js";
import { button, el, face, icon, show } from "../dom.js";
import { approveRemedy, denyRemedy } from "../remedies/decide.js";
import { fullMoment, moment } from "../time.js";
import { capital, marketplace } from "../words.js";
import { renderHistory } from "./history.js";
import { renderOrder } from "./order.js";

const STATE_TONES = { approval: "warn", done: "good", denied: "bad", failed: "bad" };

/** The panel beside the chat: all that is known of it, part by part. */
export function renderAbout(node, talk) {
  const { handoffs, remedies, cases, orders, history, present } = talk.now;
  const open = remedies.filter(({ state }) => state === "approval");
  const parts = [
    handoffs.length && ["why", "Why it is here", handoffs, renderHandoff],
    open.length && ["open", "Proposed", open, renderRemedy],
    cases.length && ["cases", "Cases", cases, renderCase],
    ...orders.map((order) => [`o${order.id}`, `Order ${order.number}`, [order], renderOrderPart]),
    remedies.length > open.length && [
      "remedies",
      "Given so far",
      remedies.filter(({ state }) => state !== "approval"),
      renderRemedy,
    ],
    ["history", "This buyer", [history], renderHistory],
    ["present", "Here now", present, renderPresent],
  ].filter(Boolean);
  const seen = parts.map(([key, title, items]) => ({ key, title, items, floor: talk.now.floor }));
  const renders = new Map(parts.map(([key, , , render]) => [key, render]));
  show(
    node,
    seen,
    ({ key }) => key,
    ({ key, title, items }) =>
      el(
        "details.part",
        { "data-part": "part", open: true },
        el("summary", {}, el("h2", {}, title)),
        items.flatMap((item, place) => renders.get(key)(item, talk, place)),
      ),
  );
}

/** The latest whole; those before it in one line. */
function renderHandoff(handoff, talk, place) {
  const { reason_text, summary, at, due_at, warn_at, answered_at, by } = handoff;
  const last = talk.now.handoffs.length - 1;
  const when = el("time", { datetime: at, title: fullMoment(at) }, moment(at));
  if (place !== last)
    return el("p.small.soft.before", {}, "Before: ", capital(reason_text), ", ", when);
  const open = talk.now.floor !== "CLOSED";
  const waits = open && !answered_at && due_at;
  return el(
    "div.handed",
    {},
    el("p", {}, el("b", {}, capital(reason_text))),
    el("p.small.soft", {}, by ? `Passed on by ${by}` : "Handed over by the bot", " · ", when),
    waits && el("p.due", {}, deadline(due_at, warn_at), el("small.soft", {}, moment(due_at))),
    open &&
      answered_at &&
      el("p.due", {}, answered(answered_at), el("small.soft", {}, moment(answered_at))),
    summary && el("p.summary", { dir: "auto" }, summary),
  );
}

function renderRemedy(remedy, talk) {
  const { id, text, state, state_text, order_number, at, reason_text, decided_by } = remedy;
  const facts = [order_number, capital(reason_text), decided_by && `yes by ${decided_by}`];
  const open = state === "approval" && talk.may("decide");
  const decide = async (how) => (await how({ id, text: capital(text) })) && talk.loadSoon();
  return el(
    "div.remedy",
    {},
    el(
      "p.ordered",
      {},
      el("span", {}, capital(text)),
      el("span.chip", { "data-tone": STATE_TONES[state] }, capital(state_text)),
    ),
    el("p.small.soft", {}, [...facts, moment(at)].filter(Boolean).join(" · ")),
    open &&
      el(
        "p.choose",
        {},
        button("Approve", () => decide(approveRemedy), { look: "primary" }),
        button("Deny", () => decide(denyRemedy), { look: "danger" }),
        el("a.button", { href: `/desk/approvals#${id}` }, "Change"),
      ),
  );
}

function renderCase({ text, state_text, asked, order_number }) {
  const waits = asked && `the buyer was asked ${asked}`;
  return el(
    "p.ordered",
    {},
    el("span", {}, capital(text), order_number && el("small.soft", {}, ` ${order_number}`)),
    el("small.soft", {}, [capital(state_text), waits].filter(Boolean).join(" · ")),
  );
}

function renderOrderPart({ id, marketplace: place, total, refunded, left_to_refund, card }, talk) {
  return el(
    "div",
    {},
    el(
      "p.ordered",
      {},
      el("span.soft", {}, marketplace(place)),
      el("span.chip", {}, card.status_label),
    ),
    renderOrder(card, { head: false }),
    el(
      "dl.facts.money",
      {},
      el("dt", {}, "Paid"),
      el("dd", {}, total),
      el("dt", {}, "Given back"),
      el("dd", {}, refunded),
      el("dt", {}, "May still be given back"),
      el("dd", {}, left_to_refund),
    ),
    el(
      "p.whole",
      {},
      el(
        "a",
        { href: `/desk/orders/${id}?conversation=${talk.id}` },
        "Open the order, or give something for it",
      ),
    ),
  );
}

function renderPresent({ id, first_name }, { me }) {
  return el("p.present", {}, face(first_name), id === me.id ? `${first_name} (you)` : first_name);
}
