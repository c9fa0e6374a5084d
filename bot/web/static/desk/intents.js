import { el, fill, icon, show } from "./dom.js";
import { renderFailed } from "./failed.js";
import { shortcuts } from "./shortcuts.js";
import { GUARDED, pageOf, readIntents, saysF1, saysRoute } from "./teaching/intents.js";
import { FEW } from "./teaching/lines.js";

const ORDERS = {
  volume: (one, other) => other.volume - one.volume,
  f1: (one, other) => (one.f1 ?? 2) - (other.f1 ?? 2),
  examples: (one, other) => fewest(one) - fewest(other),
  title: (one, other) => one.title.localeCompare(other.title),
};
const [form, rows, told, none, problem] = ["only", "rows", "told", "none", "problem"].map((id) =>
  document.getElementById(id),
);
const { q, sort } = form.elements;
const UNMEASURED =
  ". How well each is known is not measured yet: train or compare a model on the page Models.";
let intents = [];
let playbooks = [];
let languages = [];

shortcuts("Intents", [
  [["/"], "Find", () => q.focus()],
  [["n"], "New intent", () => location.assign("/desk/new-intent")],
  [["j", "ArrowDown"], "The next one", () => step(1)],
  [["k", "ArrowUp"], "The one before", () => step(-1)],
]);
form.onsubmit = (event) => {
  event.preventDefault();
  rows.querySelector("a")?.focus();
};
form.oninput = () => {
  const filled = [...new FormData(form)].filter(([, value]) => value);
  history.replaceState(null, "", `?${new URLSearchParams(filled)}`);
  render();
};
const wanted = new URLSearchParams(location.search);
q.value ||= wanted.get("q") ?? "";
if (wanted.get("sort") in ORDERS) sort.value = wanted.get("sort");
await look();

async function look() {
  try {
    ({ intents, playbooks, languages } = await readIntents());
    fill(problem);
    render();
  } catch (error) {
    told.textContent = "";
    fill(problem, renderFailed(error, look));
  }
}

function step(by) {
  const links = [...rows.querySelectorAll("a.name")];
  const at = links.indexOf(document.activeElement);
  const next = links[at < 0 ? 0 : at + by];
  if (!next) return false;
  next.focus();
}

/** How many examples it has in the language that it has fewest of. */
function fewest({ examples }) {
  return Math.min(...languages.map((language) => examples[language] ?? 0));
}

function fits({ name, title, description }, words) {
  const text = `${name} ${title} ${description}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function render() {
  const words = q.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = intents.filter((one) => fits(one, words));
  found.sort((one, other) => ORDERS[sort.value](one, other) || ORDERS.title(one, other));
  show(rows, found, ({ name }) => name, renderIntent);
  told.textContent = words.length
    ? `${found.length} of ${intents.length} intents`
    : `${intents.length} intents${measured() ? "" : UNMEASURED}`;
  none.hidden = found.length > 0;
  if (!found.length)
    fill(
      none,
      el(
        "div.empty",
        {},
        icon("search"),
        el("strong", {}, "No intent has these words"),
        el("a.button", { href: "/desk/new-intent" }, "New intent"),
      ),
    );
}

function measured() {
  return intents.some(({ f1 }) => f1 != null);
}

function renderIntent(intent) {
  const { name, title, description, protected: guarded, volume, f1, confusions } = intent;
  const [confused] = confusions;
  return el(
    "li.card.meaning",
    {},
    el(
      "div",
      {},
      el("a.name", { href: pageOf(name) }, title),
      " ",
      title.toLowerCase().replaceAll(" ", "_") !== name && el("code.soft", {}, name),
      " ",
      guarded &&
        el("span.chip", { "data-tone": "accent", title: GUARDED }, icon("approve"), "Protected"),
      el("p.soft.about", {}, description),
    ),
    el(
      "dl.numbers",
      {},
      fact("Examples", renderExamples(intent)),
      fact("Last 30 days", `${volume} times`),
      fact("Known (F1)", saysF1(f1), f1 != null && f1 < 0.8),
      fact(
        "Mostly mistaken for",
        confused ? `${confused.title || confused.intent}, ${confused.count} times` : "–",
      ),
      fact("What happens", saysRoute(intent, playbooks)),
    ),
  );
}

function fact(words, content, bad = false) {
  return el("div", {}, el("dt", {}, words), el("dd", { "data-bad": bad }, content));
}

function renderExamples({ examples }) {
  return languages.flatMap((language, i) => {
    const count = examples[language] ?? 0;
    const few = count < FEW;
    return [
      i > 0 && " · ",
      el(
        "span",
        { "data-few": few, title: few ? `Fewer than ${FEW}` : false },
        `${count} ${language}`,
      ),
    ];
  });
}
