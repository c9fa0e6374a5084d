import { attempt } from "../said.js";
import { answered, deadline } from "../clocks.js";
import { button, el, face, icon, show } from "../dom.js";
import { keptHere } from "../kept.js";
import { moment } from "../time.js";
import { floor, foreign, language } from "../words.js";
import { renderActions } from "./actions.js";

/** The head of the page: whom one talks to, how it stands, what can be done. */
export function renderWho(node, talk) {
  const { messages, notes, orders, cases, remedies, history, handoffs, ...head } = talk.now;
  show(
    node,
    [head],
    ({ id }) => id,
    () => renderHead(talk),
  );
}

function renderHead(talk) {
  const { buyer } = talk.now;
  return el(
    "div.head",
    {},
    el(
      "a.button.plain.round",
      { href: listAddress(), "aria-label": "Back to the queue", title: "Back to the queue" },
      icon("back"),
    ),
    el(
      "div.person",
      {},
      el(
        "p.named",
        {},
        el("h1.one-line", {}, buyer.name || "Unknown buyer"),
        renderAddresses(buyer, talk),
      ),
      el("p.stands", {}, renderStanding(talk)),
    ),
    el("div.acts", {}, renderActions(talk)),
  );
}

/** The list that the agent came from. */
function listAddress() {
  return `/desk${keptHere.read("list")?.address ?? ""}`;
}

/** What the shop knows, and what the buyer has left: the one is no proof of the other. */
function renderAddresses({ email, contact, revealed, signed_in }, talk) {
  if (!email && !contact) return null;
  return [
    email && el("span.soft.one-line", {}, email, signed_in && renderSigned()),
    contact && contact !== email && renderContact(contact),
    revealed === false &&
      button("Show", () => attempt(() => talk.reveal()), {
        look: "link",
        "aria-label": "Show the buyer's details",
      }),
  ];
}

function renderSigned() {
  return el(
    "span.signed",
    { title: "The shop has signed this buyer in" },
    icon("check"),
    el("span", {}, "signed in"),
  );
}

function renderContact(contact) {
  const words = "left to be written to; not proven";
  return el("span.soft.one-line.contact", { title: words }, contact, el("small", {}, ` ${words}`));
}

function renderStanding(talk) {
  const { now } = talk;
  const { agent, team, snoozed_until, due_at, warn_at, answered_at } = now;
  const [words, name] = floor(now.floor);
  const mine = agent?.id === talk.me.id;
  const held = agent && now.floor === "HUMAN";
  return [
    held
      ? el("span.chip", { "data-tone": mine && "accent" }, icon("person"), heldBy(agent, mine))
      : el("span.chip", {}, icon(name), words),
    !held && agent && el("span.chip", {}, `For ${mine ? "you" : agent.first_name}`),
    team && el("span.chip", {}, icon("people"), team),
    snoozed_until && el("span.chip", {}, icon("snow"), `Snoozed until ${moment(snoozed_until)}`),
    now.floor !== "CLOSED" && (deadline(due_at, warn_at) ?? answered(answered_at)),
    renderLanguage(now, talk),
    now.closed_at && el("span.chip", {}, `Closed ${moment(now.closed_at)}`),
    talk.others.length > 0 && renderOthers(talk.others),
  ];
}

function heldBy({ first_name }, mine) {
  return mine ? "You are on it" : `${first_name} is on it`;
}

/** Plainly said if it is one that this agent does not read. */
function renderLanguage({ language: tag }, { me }) {
  if (!tag) return null;
  const strange = foreign(tag, me);
  const words = strange ? `${strange}, which you do not read` : language(tag);
  return el("span.chip", { "data-tone": strange ? "warn" : null }, icon("globe"), words);
}

function renderOthers(others) {
  const names = others.map(({ first_name }) => first_name);
  const words = `${names.join(", ")} ${names.length > 1 ? "look" : "looks"} at this, too`;
  return el("span.others", {}, names.map(face), words);
}
