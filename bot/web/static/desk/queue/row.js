import { answered, deadline, since } from "../clocks.js";
import { button, el, face, icon } from "../dom.js";
import { moment } from "../time.js";
import { capital, floor, foreign, marketplace } from "../words.js";

const SENDERS = { buyer: "", bot: "Bot: ", agent: "Team: ", system: "" };

/** One conversation of a list: a link to it, and beside it what can be done without opening it. */
export function renderRow(row, me, take) {
  const { id, handed_at, last } = row;
  const strange = foreign(row.language, me);
  const link = el(
    "a",
    { href: `/desk/conversations/${id}`, tabindex: -1 },
    el("span.due", {}, renderDue(row)),
    el(
      "span.buyer",
      {},
      el(
        "span.name",
        {},
        el("b.one-line", {}, row.buyer || "Unknown buyer"),
        strange && el("span.chip", { "data-tone": "warn" }, icon("globe"), strange),
      ),
      el("span.last.one-line", { dir: "auto" }, last ? SENDERS[last.sender] + last.text : ""),
    ),
    el(
      "span.why",
      {},
      el("span.one-line", {}, capital(row.reason_text) || floor(row.floor)[0]),
      el("small.one-line", {}, capital(row.intent_text)),
    ),
    el(
      "span.order",
      {},
      el("span.one-line", {}, row.order_number),
      el("small.one-line", {}, row.marketplace && marketplace(row.marketplace)),
    ),
    el("span.with", {}, renderHolder(row)),
    el("span.waits", {}, since(handed_at ?? last?.at)),
  );
  const free = row.floor === "WAITING" || (row.floor === "BOT" && !row.agent);
  const claim = free && me.may.includes("answer");
  const act = button("Take over", () => take(row), { look: "take", tabindex: -1 });
  return el("li", { "data-id": id, "data-mine": row.mine }, link, claim && act);
}

function renderDue({ floor, due_at, warn_at, answered_at, snoozed_until }) {
  if (floor === "CLOSED") return el("span.chip", {}, "Closed");
  const clock = deadline(due_at, warn_at) ?? answered(answered_at);
  if (!snoozed_until) return clock ?? el("span.chip", {}, "No deadline");
  return [el("span.chip", {}, icon("snow"), `Until ${moment(snoozed_until)}`), clock];
}

function renderHolder({ floor, agent, team, mine }) {
  if (agent)
    return [face(agent.first_name), el("span.one-line", {}, mine ? "You" : agent.first_name)];
  if (team) return el("span.one-line", {}, team);
  if (floor === "BOT") return [el("span.face", {}, icon("bot")), "Bot"];
  return el("span.soft", {}, "Nobody");
}
