import * as api from "./api.js";
import { act } from "./conversation/actions.js";
import { renderAbout } from "./conversation/about.js";
import { Composer } from "./conversation/composer.js";
import { Talk } from "./conversation/talk.js";
import { Transcript } from "./conversation/transcript.js";
import { renderWho } from "./conversation/who.js";
import { set } from "./dom.js";
import { keptHere } from "./kept.js";
import { say } from "./said.js";
import { shortcuts } from "./shortcuts.js";
import { connect, on } from "./stream.js";
import { tellTab } from "./tab.js";

const [who, about, trouble, place] = ["who", "about", "trouble", "composer"].map((id) =>
  document.getElementById(id),
);
const halves = [...document.querySelectorAll("[data-half]")];

const me = await api.get("me");
const talk = new Talk(document.body.dataset.conversation, me);
const transcript = new Transcript(talk);
const composer = new Composer(talk);

talk.ontaken = () => composer.focus();
talk.onchange = () => {
  tellTab({ name: `${talk.now.buyer.name || "Unknown buyer"} · Makegood` });
  renderWho(who, talk);
  renderAbout(about, talk);
  composer.render();
  transcript.render();
};

/** Turns to a half of the page, where both have no room. */
function turnTo(half) {
  document.body.dataset.shown = half;
  for (const button of halves) set(button, "aria-pressed", String(button.dataset.half === half));
  if (half === "chat") transcript.toEnd();
}

/** Opens the next conversation of the list that the agent came from, or the one before. */
function step(by) {
  const { ids = [] } = keptHere.read("list") ?? {};
  const next = ids[ids.indexOf(talk.id) + by];
  if (ids.includes(talk.id) && next) location.assign(`/desk/conversations/${next}`);
  else say(by > 0 ? "That was the last one of the list." : "That was the first one of the list.");
}

halves.forEach((button) => (button.onclick = () => turnTo(button.dataset.half)));

shortcuts("Conversation", [
  [["r"], "Write a reply", () => composer.focus()],
  [["n"], "Write a note", () => composer.turnTo("note")],
  [["/"], "Ready replies", () => composer.openCanned()],
  [["c"], "Take over", () => act("claim", talk)],
  [["b"], "Give back to the bot", () => act("give_back", talk)],
  [["x"], "Close", () => act("close", talk)],
  [["s"], "Snooze", () => act("snooze", talk)],
  [["w"], "Wake up", () => act("wake", talk)],
  [["p"], "Pass on", () => act("assign", talk)],
  [["j"], "Next conversation", () => step(1)],
  [["k"], "Previous conversation", () => step(-1)],
  [["u"], "Back to the queue", () => who.querySelector("a").click()],
]);

on("message", (message) => {
  if (document.hidden && message.sender === "buyer") tellTab({ news: true });
  talk.put(message);
  transcript.type({ ...message, on: false });
});
on("note", (note) => talk.addNote(note));
on("floor", (news) => {
  const { floor, agent } = talk.now;
  if (news.floor !== floor || news.agent?.id !== agent?.id) talk.loadSoon();
});
on("talk", () => talk.loadSoon());
on("back", () => talk.loadSoon());
on("typing", (typing) => transcript.type(typing));
on("read", ({ seq }) => talk.set("read_seq", Math.max(seq, talk.now.read_seq)));
on("gone", () => {
  trouble.textContent = "This conversation is not there any more: its buyer was erased.";
  for (const part of [who, about, document.getElementById("messages")]) part.replaceChildren();
});
on("presence", ({ present }) => talk.set("present", present));

try {
  place.append(composer.element);
  await talk.load();
  connect(() => ({ conversation: talk.id, after: talk.last }));
} catch (error) {
  trouble.textContent = error.message;
  composer.element.hidden = true;
}
