import { el, face, icon, withLinks } from "../dom.js";
import { fullMoment, time } from "../time.js";
import { capital } from "../words.js";
import { renderFiles } from "./files.js";
import { renderMeaning, renderWhy } from "./meaning.js";
import { renderOrder } from "./order.js";
import { renderPhotos } from "./photos.js";

/** One line of the transcript: a message, a note, or that it was handed over. */
export function renderLine(line, talk) {
  const render = { message: renderMessage, note: renderNote, handoff: renderHandoff }[line.type];
  return el(
    `li.line.${line.type}`,
    { "data-sender": line.sender, "data-first": line.first },
    line.day && el("p.day", {}, el("span", {}, line.day)),
    render(line, talk),
  );
}

function renderMessage(line, talk) {
  const { sender, text, photos, files, choices, card, first, read } = line;
  const [name, look] = senderOf(line);
  const spoken = sender === "buyer" || sender === "agent" ? text : withLinks(text);
  return [
    first && sender !== "system" && renderBy(line, name, look),
    photos.length > 0 && renderPhotos(photos, name, talk),
    text && el("p.bubble", { dir: "auto", title: fullMoment(line.at) }, spoken),
    files.length > 0 && renderFiles(files, talk),
    card?.type === "order" && el("div.bubble", {}, renderOrder(card)),
    choices.length > 0 &&
      el(
        "ul.offered",
        { "aria-label": "Buttons that the buyer sees" },
        choices.map(({ label, used }) =>
          el(
            "li.chip",
            { "data-tone": used && "accent" },
            used && icon("check"),
            label,
            used && el("span.heard", {}, " (pressed)"),
          ),
        ),
      ),
    line.heard && renderMeaning(line, talk),
    line.why.length > 0 && renderWhy(line.why),
    line.state && el("p.state", {}, line.state),
    read && el("p.state", {}, icon("eye"), "The buyer has read up to here"),
  ].filter(Boolean);
}

function renderBy({ at }, name, look) {
  return el(
    "p.by",
    {},
    look,
    el("b", {}, name),
    el("time", { datetime: at, title: fullMoment(at) }, time(at)),
  );
}

function senderOf({ sender, agent, buyer }) {
  if (sender === "buyer") return [buyer || "Buyer", face(buyer || "Buyer")];
  if (sender === "agent") return [agent ?? "Team", face(agent ?? "Team")];
  return ["Bot", el("span.face", {}, icon("bot"))];
}

function renderNote({ agent, at, text }) {
  return el(
    "div.paper",
    {},
    el(
      "p.by",
      {},
      icon("note"),
      el("b", {}, agent),
      el("time", { datetime: at, title: fullMoment(at) }, time(at)),
      el("span.only", {}, "Only your team sees this"),
    ),
    el("p.text", { dir: "auto" }, withLinks(text)),
  );
}

function renderHandoff({ reason_text, at, by }) {
  return el(
    "p.event",
    {},
    icon("pass"),
    el(
      "span",
      {},
      by ? `Passed on by ${by}: ` : "Handed to the team: ",
      el("b", {}, capital(reason_text)),
      " ",
      el("time", { datetime: at, title: fullMoment(at) }, time(at)),
    ),
  );
}
