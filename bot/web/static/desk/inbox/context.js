import * as api from "../api.js";
import { el, fill } from "../dom.js";
import { moment } from "../time.js";

const WHO = { buyer: "Buyer", bot: "Bot", agent: "Team", system: "System" };

/** What was said before and after a message, beside it; it comes when it is there. */
export function renderContext({ id, conversation_id: talk }) {
  const lines = el("ol.talk-lines", {}, el("li.soft", {}, "Reading the chat …"));
  load(id, lines);
  return el(
    "aside.card.around",
    { "aria-label": "The chat around it" },
    el("h2", {}, "The chat around it"),
    lines,
    el("p", {}, el("a", { href: `/desk/conversations/${encodeURIComponent(talk)}` }, "The whole chat")),
  );
}

async function load(id, lines) {
  try {
    const { lines: said, earlier, later } = await api.get(`inbox/${id}/context`);
    fill(
      lines,
      earlier && el("li.soft", { "aria-label": "There is more before" }, "…"),
      said.map(renderLine),
      later && el("li.soft", { "aria-label": "There is more after" }, "…"),
    );
  } catch (error) {
    fill(lines, el("li.soft", {}, error.message));
  }
}

function renderLine({ sender, agent, text, at, here }) {
  return el(
    "li",
    { "data-sender": sender, "aria-current": here ? "true" : null },
    el("span.small.soft", {}, [agent || WHO[sender], moment(at)].filter(Boolean).join(" · ")),
    el("p", { dir: "auto" }, text || "(a photo or a file)"),
  );
}
