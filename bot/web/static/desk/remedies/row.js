import { since } from "../clocks.js";
import { button, el, icon } from "../dom.js";
import { capital, marketplace } from "../words.js";
import { changeRemedy } from "./change.js";
import { approveRemedy, denyRemedy } from "./decide.js";

/** One remedy that waits, with all that one decides by; `done` is told once something is said. */
export function renderWaiting(row, done) {
  const { id, text, product, worth, amount, buyer, at, why, said, can, why_not: whyNot } = row;
  const act = (what, look) =>
    button(what.words, () => what.go(row).then((is) => is && done()), { look, symbol: what.symbol });
  return el(
    "li.card.wait",
    { id, tabindex: -1 },
    el(
      "header.ordered",
      {},
      el("h2", {}, capital(text)),
      since(at, (time) => `waits ${time}`),
    ),
    product && el("p", { dir: "auto" }, product),
    el(
      "p.facts-line.small",
      {},
      el("a", { href: `/desk/orders/${row.order_id}` }, row.order_number),
      el("span", {}, [marketplace(row.marketplace), row.country].filter(Boolean).join(", ")),
      el("span", {}, icon("person"), [buyer.name, buyer.email].filter(Boolean).join(", ") || "Unknown buyer"),
      el("span", {}, capital(row.case_text)),
      amount !== worth && el("span", {}, `worth ${worth}`),
      row.conversation_id && el("a", { href: `/desk/conversations/${row.conversation_id}` }, "Conversation"),
    ),
    why.length > 0 &&
      el(
        "ul.why",
        { "aria-label": "Why it waits" },
        why.map((one) => el("li", {}, icon("alert"), el("span", {}, one))),
      ),
    said.length > 0 && renderSaid(said),
    el(
      "footer.choose",
      {},
      can.includes("approve") && act(APPROVE, "primary"),
      can.includes("change") && act(CHANGE),
      can.includes("deny") && act(DENY, "danger"),
      whyNot && el("p.small.soft", {}, whyNot),
      row.two && !whyNot && el("p.small.soft", {}, row.one_has ? "Yours is the second yes." : "It takes two people."),
    ),
  );
}

const APPROVE = { words: "Approve", symbol: "check", go: approveRemedy };
const CHANGE = { words: "Change", go: changeRemedy };
const DENY = { words: "Deny", symbol: "cross", go: denyRemedy };

/** What people said to a remedy. */
export function renderSaid(said) {
  return el(
    "ul.said-by.small",
    { "aria-label": "Said so far" },
    said.map(({ who, text, reason }) =>
      el("li", {}, el("b", {}, who), ` ${text}`, reason && [": ", el("q", { dir: "auto" }, reason)]),
    ),
  );
}
