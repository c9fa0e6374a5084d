import { button, el, fill } from "./dom.js";
import { shortcuts } from "./shortcuts.js";
import { tellTab } from "./tab.js";
import { attempt, say } from "./said.js";
import * as acts from "./teaching/acts.js";
import { keepFields } from "./teaching/drafts.js";
import { pageOf, readIntent, readIntents } from "./teaching/intents.js";
import { linesFields, toExamples } from "./teaching/lines.js";
import { renderAbout } from "./teaching/about.js";
import { Ticks } from "./teaching/ticks.js";
import { tellFromLastPage, tellOnNextPage, tellWritten } from "./teaching/written.js";

const [title, tools, problem, written, place, about, examples, adding, suggestions] = [
  "title", "acts", "problem", "written", "place", "about", "examples", "add", "suggestions",
].map((id) => document.getElementById(id)); // prettier-ignore
const [told, withTyped] = [el("small.soft"), el("small.soft", { role: "status" })];
const name = document.body.dataset.intent;
let all; // of all intents: what there is to choose from
let intent;
let ticked; // examples
let suggested;
let lines;

shortcuts("This intent", [
  [["e"], "Edit its words", () => (intent ? edit() : false)],
  [["a"], "Add examples", () => adding.querySelector("textarea")?.focus()],
  [["/"], "Find an example", () => examples.querySelector("[type=search]")?.focus()],
  [["i"], "All intents", () => location.assign("/desk/intents")],
]);
tellFromLastPage(written);
try {
  [all, intent] = await Promise.all([readIntents(), readIntent(name)]);
  begin();
  render();
  place.hidden = false;
} catch (error) {
  problem.textContent = error.message;
  title.textContent = name;
}

/** The parts that stay while the intent is read again. */
function begin() {
  const { languages } = all;
  ticked = new Ticks({
    name: "remove",
    words: "Find an example",
    languages,
    empty: "It has no examples yet.",
    onchange: renderRemove,
  });
  const removing = el("p.bar.remove", {});
  fill(examples, el("h2", { id: "examples-title" }, "Examples"), ticked.element, removing);

  lines = linesFields(languages, { already: (language) => intent.examples[language] ?? 0 });
  const form = el(
    "form.add",
    {},
    el("p.soft", {}, "What buyers write, one example a line. You may paste many at once."),
    lines.element,
    el("p.problem", { role: "alert" }),
    el("p.bar", {}, el("button.primary", { type: "submit" }, "Add them"), withTyped),
  );
  fill(adding, el("h2", { id: "add-title" }, "Add examples"), form);
  const keeping = keepFields(form, `add:${name}`);
  lines.update();
  /** What is typed and what is ticked in the inbox, in one change. */
  const addAll = () => {
    const typed = toExamples(Object.fromEntries(new FormData(form)), languages);
    const groups = suggested.chosen;
    if (!typed.length && !groups.length)
      return say("Write an example, or tick a message of the inbox.");
    change(
      () => acts.add(intent, typed, groups),
      () => {
        form.reset();
        keeping.save();
      },
    );
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    addAll();
  };

  suggested = new Ticks({
    name: "suggested",
    words: "Find a message",
    languages,
    empty: "Nothing in the inbox looks like this intent.",
    onchange: renderTicked,
  });
  fill(
    suggestions,
    el("h2", { id: "suggestions-title" }, "What buyers wrote that may mean this"),
    el(
      "p.soft",
      {},
      "From the inbox. What you tick is written as this intent, with all messages that are alike and together with what is typed above; a fifth goes to the test set. In the inbox it counts as labelled by you.",
    ),
    suggested.element,
    el("p.bar", {}, button("Add what is ticked", addAll), told),
  );
}

async function readAgain() {
  [all, intent] = await Promise.all([readIntents(), readIntent(name)]);
  render();
}

/** Beside the typed examples: what is written with them. */
function renderTicked() {
  const count = suggested.chosen.length;
  told.textContent = count ? "You see what changes before it is written." : "";
  withTyped.textContent = count
    ? `With ${count === 1 ? "the message" : `the ${count} messages`} of the inbox ticked below.`
    : "";
}

function render() {
  tellTab({ name: `${intent.title} · Makegood` });
  title.textContent = intent.title;
  renderTools();
  fill(
    about,
    renderAbout(intent, all, () => change(() => acts.describe(intent, all.languages))),
  );
  const counts = all.languages.map((one) => `${intent.examples[one] ?? 0} ${one}`).join(" · ");
  document.getElementById("examples-title").textContent = `Examples: ${counts}`;
  ticked.items = intent.lines.map(({ text, language }) => ({ key: text, text, language }));
  ticked.forgetMissing();
  suggested.items = intent.suggestions.map(({ inbox_id: key, text, language, size }) => ({
    key,
    text,
    language,
    note: size > 1 && `${size} alike`,
  }));
  suggested.forgetMissing();
  lines.update();
  renderRemove();
}

function edit() {
  change(() => acts.describe(intent, all.languages));
}

function renderTools() {
  const { fixed } = intent;
  const split = () => location.assign(`/desk/new-intent?${new URLSearchParams({ split: name })}`);
  fill(
    tools,
    !fixed && button("Rename", () => leave(acts.rename)),
    !fixed && button("Merge into …", () => leave(acts.merge)),
    button("Split …", split),
    !fixed && button("Retire …", () => leave(acts.retire), { look: "danger" }),
  );
}

function renderRemove() {
  const bar = examples.querySelector(".remove");
  const texts = ticked.chosen.map(({ text }) => text);
  bar.hidden = !texts.length;
  const words = `Remove ${texts.length === 1 ? "what is" : `the ${texts.length}`} ticked`;
  fill(
    bar,
    button(words, () => change(() => acts.remove(intent, texts)), { look: "danger" }),
  );
}

/** Does something with it, tells it, and reads it again. */
async function change(act, after = () => {}) {
  const done = await act();
  if (!done) return;
  after();
  tellWritten(written, done);
  written.scrollIntoView({ block: "nearest" });
  await attempt(readAgain);
}

/** Does something after which it is not there any more under its name. */
async function leave(act) {
  const done = await act(intent, all.intents);
  if (!done) return;
  tellOnNextPage(done.change);
  location.assign(done.next ? pageOf(done.next) : "/desk/intents");
}
