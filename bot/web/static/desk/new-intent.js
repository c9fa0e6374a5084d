import * as api from "./api.js";
import { field } from "./dialog.js";
import { button, el, fill, set } from "./dom.js";
import { say } from "./said.js";
import { shortcuts } from "./shortcuts.js";
import { protectedField, titleFields, toTitles } from "./teaching/acts.js";
import { doesFields, toDoes } from "./teaching/does.js";
import { keepFields } from "./teaching/drafts.js";
import { NEW, toItem } from "./teaching/from-inbox.js";
import { pageOf, readIntent, readIntents } from "./teaching/intents.js";
import { linesFields, toExamples } from "./teaching/lines.js";
import { nameField } from "./teaching/names.js";
import { lookThenWrite, reasonField } from "./teaching/propose.js";
import { Ticks } from "./teaching/ticks.js";
import { tellOnNextPage } from "./teaching/written.js";

const MOST_PAGES = 10; // of the inbox that are looked through while somebody types
const [form, title, lead, problem] = ["form", "title", "lead", "problem"].map((id) =>
  document.getElementById(id),
);
const source = new URLSearchParams(location.search).get("split");
let languages;

shortcuts("New intent", [[["i"], "All intents", () => location.assign("/desk/intents")]]);
try {
  const [all, from] = await Promise.all([readIntents(), source && readIntent(source)]);
  languages = all.languages;
  begin(all, from);
} catch (error) {
  problem.textContent = error.message;
}

function begin({ intents, playbooks }, from) {
  const titles = titleFields(languages);
  const name = nameField({ taken: intents.map((one) => one.name) });
  const lines = from ? null : linesFields(languages);
  const does = doesFields(languages, playbooks);
  const ticks = from ? examplesOf(from) : messagesOfInbox();
  if (from) {
    title.textContent = `Split something off “${from.title}”`;
    fill(
      lead,
      "Name what is different, and tick the examples that go. Nothing is written before you have seen what changes.",
    );
  }
  const failed = el("p.problem", { role: "alert" });
  const go = el("button.primary", { type: "submit" }, "See what changes");
  fill(
    form,
    step(
      1,
      "What do buyers want?",
      titles,
      name.element,
      field(
        "Description",
        el("textarea", { name: "description", rows: 3, maxlength: 1000, required: true }),
        "For your colleagues who label: when is it this, and not something alike?",
      ),
    ),
    from
      ? step(2, "Which of its examples go?", ticks.element)
      : step(
          2,
          "How do buyers say it?",
          el(
            "p.soft",
            {},
            "Whole messages as buyers write them, one a line, with their short forms and mistakes. The more they differ, the better.",
          ),
          lines.element,
          el(
            "details",
            { open: true, "data-part": "inbox" },
            el("summary", {}, "What buyers really wrote: tick messages of the inbox"),
            ticks.element,
          ),
        ),
    step(3, "What happens then?", does.element),
    step(4, "And last", protectedField(), reasonField()),
    failed,
    el(
      "p.bar",
      {},
      go,
      button("Start afresh", () => startAfresh()),
    ),
  );
  const draft = from ? `split:${source}` : NEW;
  const keeping = keepFields(form, draft);
  const english = form.elements[`title.${languages[0]}`];
  ticks.restore();
  lines?.update();
  does.update();
  name.restored(english.value);
  english.addEventListener("input", () => {
    name.propose(english.value);
    keeping.save();
  });
  if (!english.value) english.focus();
  form.addEventListener("input", ({ target }) => {
    if (target.getAttribute("aria-invalid") !== "true" || target.name === "name") return;
    set(target, "aria-invalid", false);
    failed.textContent = "";
  });

  const startAfresh = () => {
    keeping.drop();
    location.reload();
  };
  form.onkeydown = ({ key, ctrlKey, metaKey }) => {
    if (key === "Enter" && (ctrlKey || metaKey)) form.requestSubmit(go);
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (go.disabled) return;
    failed.textContent = "";
    go.disabled = true;
    try {
      const values = Object.fromEntries(new FormData(form));
      checkFilled(values);
      name.check();
      const body = toBody(values, ticks.chosen, from);
      const path = from ? `intents/${encodeURIComponent(source)}/split` : "intents";
      const change = await lookThenWrite(path, body);
      keeping.drop();
      tellOnNextPage(change);
      location.assign(pageOf(values.name.trim()));
    } catch (error) {
      failed.textContent = error.message;
      if (error.message) say(error.message); // the field that is meant may be far from the button
    }
    go.disabled = false;
    if (!form.contains(document.activeElement)) go.focus(); // a button that was disabled lost it
  };
}

function step(number, words, ...content) {
  return el("fieldset.card.step", {}, el("legend", {}, `${number}. ${words}`), ...content);
}

/** Throws what is missing, with the focus where it belongs. */
function checkFilled(values) {
  for (const one of form.elements) set(one, "aria-invalid", false);
  const empty = [...form.elements].find(
    (one) => one.required && one.name !== "reason" && !one.value.trim(),
  );
  if (empty || !values.reason.trim()) {
    const missing = empty ?? form.elements.reason;
    set(missing, "aria-invalid", "true");
    missing.focus();
    const words = missing.closest("label").querySelector("span").textContent;
    throw new Error(`“${words}” is empty.`);
  }
}

function toBody(values, chosen, from) {
  const intent = {
    name: values.name.trim(),
    titles: toTitles(values, languages),
    description: values.description.trim(),
    examples: from ? [] : toExamples(values, languages),
    suggestions: from ? [] : chosen.map(({ key }) => key),
    does: toDoes(values, languages),
    protected: "protected" in values,
    reason: values.reason.trim(),
  };
  if (!from && !intent.examples.length && !intent.suggestions.length)
    throw new Error("Write an example, or tick a message of the inbox.");
  if (!from) return intent;
  if (!chosen.length) throw new Error("Tick the examples that go.");
  return { to: intent, examples: chosen.map(({ text }) => text), reason: intent.reason };
}

/** The examples of the intent that something is split off. */
function examplesOf(intent) {
  const ticks = new Ticks({
    name: "suggestions",
    words: "Find an example",
    languages,
    empty: "It has no examples.",
  });
  ticks.items = intent.lines.map(({ text, language }) => ({ key: text, text, language }));
  return ticks;
}

/** Messages that wait in the inbox; more of them are read while somebody looks for words. */
function messagesOfInbox() {
  const found = [];
  let next = 0;
  let reading;
  const read = async () => {
    const page = await api.get("inbox", { after: next });
    found.push(...page.messages.map(toItem));
    next = page.next;
    ticks.items = [...found];
  };
  const look = async (words) => {
    if (!words || reading) return;
    reading = true;
    try {
      while (next !== null && found.length < MOST_PAGES * 50) await read();
    } finally {
      reading = false;
    }
  };
  const ticks = new Ticks({
    name: "suggestions",
    words: "Find a message",
    languages,
    empty: "No message waits in the inbox.",
    look: (words) => void look(words).catch(() => {}),
  });
  read().catch(() => {});
  return ticks;
}
