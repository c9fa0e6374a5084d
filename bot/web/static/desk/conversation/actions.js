import { ask, field } from "../dialog.js";
import { button, el, icon } from "../dom.js";
import { attempt, say } from "../said.js";
import { dayAt, inHours, moment, toField } from "../time.js";
import { vocabulary } from "../words.js";
import { keepDialogue } from "./keep.js";

/** What can be done with a conversation: icon, words, key, and how. */
export const ACTIONS = {
  claim: ["hand", "Take over", "c", take],
  give_back: ["give", "Give back", "b", giveBack],
  close: ["close", "Close", "x", close],
  snooze: ["snow", "Snooze", "s", snooze],
  assign: ["pass", "Pass on", "p", pass],
  wake: ["clock", "Wake up", "w", wake],
  keep: ["learn", "Keep as a dialogue test", "", keepDialogue],
};

const FIRST = ["claim", "give_back", "close"]; // the others are in a menu

/** Buttons for what may be done now. */
export function renderActions(talk) {
  const offered = Object.entries(ACTIONS).filter(([name]) => talk.may(name));
  const one = ([name, [symbol, words, key, act]]) =>
    button(words, () => act(talk), {
      look: name === "claim" ? "primary" : "",
      symbol,
      key,
      "data-act": name,
    });
  const others = offered.filter(([name]) => !FIRST.includes(name));
  return [
    ...offered.filter(([name]) => FIRST.includes(name)).map(one),
    ...(others.length ? renderMenu(others.map(one)) : []),
  ];
}

/** Buttons in a menu under one that opens it. */
function renderMenu(buttons) {
  const menu = el("div", { popover: "" }, buttons);
  menu.id = "acts-menu";
  const opener = el(
    "button.round",
    { popovertarget: "acts-menu", "aria-label": "More to do", title: "More to do" },
    icon("more"),
  );
  menu.onclick = ({ target }) => target.closest("button") && menu.hidePopover();
  menu.onbeforetoggle = () => {
    const { bottom, right } = opener.getBoundingClientRect();
    menu.style.inset = `${bottom + 4}px ${innerWidth - right}px auto auto`;
  };
  return [opener, menu];
}

/** Does it if it may be done now. */
export function act(name, talk) {
  if (talk.may(name)) ACTIONS[name][3](talk);
  else say(`“${ACTIONS[name][1]}” cannot be done now.`);
}

/** Takes the conversation; the server says who was faster. */
export async function take(talk) {
  const taken = await attempt(() => talk.do("claim"));
  await attempt(() => talk.load());
  if (!taken) return;
  say("It is yours. The bot is silent now.");
  talk.ontaken();
}

async function giveBack(talk) {
  const resume = (value, words, hint, checked) =>
    el(
      "label.check",
      {},
      el("input", { type: "radio", name: "resume", value, checked }),
      el("span", {}, words, el("small.soft", {}, ` ${hint}`)),
    );
  const open = talk.now.cases.length > 0;
  const done = await ask("Give it back to the bot", {
    words: "The buyer is told that you leave and the bot is there again.",
    fields: [
      el(
        "fieldset.field",
        {},
        el("legend", {}, "The bot"),
        resume("yes", "goes on with the case", "and asks again what it wants to know", open),
        resume("", "starts anew", "and waits for what the buyer writes next", !open),
      ),
      field("A note for whoever comes next", textarea("note")),
    ],
    submit: "Give back",
    act: ({ note, resume: yes }) => talk.do("give-back", { note, resume: Boolean(yes) }),
  });
  if (done) say("The bot has it again.");
}

async function close(talk) {
  const done = await ask("Close this conversation?", {
    words: "The buyer is told, and asked how it was. If they write again, a new one begins.",
    submit: "Close it",
    act: () => talk.do("close"),
  });
  if (done) say("Closed.");
}

async function snooze(talk) {
  const choices = [
    ["In 1 hour", inHours(1)],
    ["In 4 hours", inHours(4)],
    ["Tomorrow at 9:00", dayAt(1, 9)],
    ["In a week at 9:00", dayAt(7, 9)],
  ];
  const at = el("input", { type: "datetime-local", name: "at", min: toField(inHours(0)) });
  at.value = toField(dayAt(1, 9));
  const form = choices.map(([words, when], place) =>
    el(
      "label.check",
      {},
      el("input", { type: "radio", name: "when", value: when.toISOString(), checked: !place }),
      words,
      el("small.soft", {}, moment(when)),
    ),
  );
  const other = el("input", { type: "radio", name: "when", value: "" });
  at.onfocus = () => (other.checked = true);
  const done = await ask("Snooze until", {
    words: "It sleeps out of the lists until then, or until the buyer writes.",
    fields: [el("div.field", {}, form, el("label.check", {}, other, "At", at))],
    submit: "Snooze",
    act: ({ when, at: own }) => talk.do("snooze", { until: when || new Date(own).toISOString() }),
  });
  if (done) say("It sleeps.");
}

async function wake(talk) {
  if (await attempt(() => talk.do("snooze", { until: null }))) say("It is awake.");
}

/** Gives it to a person or a team. */
async function pass(talk) {
  let people = [];
  let teams = [];
  if (!(await attempt(async () => ({ agents: people, teams } = await vocabulary())))) return;
  const who = el("select", { name: "who", required: true, autofocus: true });
  who.append(group("People", "agent_id", people), group("Teams", "team", teams));
  const words = {
    HUMAN: "The buyer is told that somebody else will answer.",
    BOT: "The bot is silent from then on; it waits for whom you choose.",
  };
  const done = await ask("Pass it on", {
    words: words[talk.now.floor],
    fields: [field("To", who), field("What they should know", textarea("note"))],
    submit: "Pass on",
    act: ({ who: chosen, note }) => {
      const [kind, id] = JSON.parse(chosen);
      return talk.do("assign", { [kind]: id, note });
    },
  });
  if (done) say("It waits for them now.");
}

function group(label, kind, options) {
  const items = options.map(([id, words]) =>
    el("option", { value: JSON.stringify([kind, id]) }, words),
  );
  return el("optgroup", { label, disabled: !items.length }, items);
}

function textarea(name, attributes = {}) {
  return el("textarea", { name, rows: 3, maxlength: 4000, ...attributes });
}
