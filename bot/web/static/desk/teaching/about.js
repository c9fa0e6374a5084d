import { button, el, icon } from "../dom.js";
import { capital, language as nameOf } from "../words.js";
import { GUARDED, pageOf, saysF1, saysRoute } from "./intents.js";

const F1 =
  "F1 is 100 % if the live model finds all of its test messages and takes no other for it.";
const FIXED =
  "The program itself knows this intent by its short name, so it cannot be renamed, merged away or retired. Its words and examples can be changed, and some of them split off.";

/** What is known of an intent: words, numbers, what happens, what it is mistaken for. */
export function renderAbout(intent, { playbooks, languages }, edit) {
  const { name, description, titles, fixed, tests, volume, f1 } = intent;
  return [
    el(
      "section.card",
      {},
      el(
        "p.chips",
        {},
        el("code", {}, name),
        " ",
        intent.protected &&
          el("span.chip", { "data-tone": "accent" }, icon("approve"), "Protected"),
      ),
      intent.protected && el("p.small.soft", {}, GUARDED),
      el("p", {}, description || "Nobody has described it yet."),
      titles &&
        el(
          "dl.facts",
          {},
          languages.flatMap((one) => [
            el("dt", {}, `Title, ${nameOf(one)}`),
            el("dd", { lang: one, dir: "auto" }, titles[one] || "–"),
          ]),
        ),
      renderAnswers(intent),
      el("p", {}, button("Edit these words", edit, { key: "e" })),
      fixed && el("p.notice.small", {}, FIXED),
    ),
    el(
      "section.card",
      {},
      el("h2", {}, "How it does"),
      el(
        "dl.facts",
        {},
        fact("What happens", saysRoute(intent, playbooks)),
        fact("Last 30 days", `meant ${volume} times`),
        fact("Known (F1)", saysF1(f1)),
        fact("Tested with", `${tests} examples that are never trained on`),
      ),
      f1 != null && el("p.small.soft", {}, F1),
      renderConfusions(intent.confusions),
    ),
  ];
}

/** What buyers are told, if it is always the same. */
function renderAnswers({ answers = {} }) {
  const said = Object.entries(answers).filter(([, text]) => text);
  if (!said.length) return null;
  return el(
    "div.answers",
    {},
    el("h3", {}, "The answer"),
    said.map(([tag, text]) => el("blockquote", { lang: tag, dir: "auto" }, text)),
  );
}

function fact(words, content) {
  return [el("dt", {}, words), el("dd", {}, content)];
}

function renderConfusions(confusions) {
  if (!confusions.length) return null;
  return el(
    "div",
    {},
    el("h3", {}, "Mistaken for"),
    el(
      "ul.likes",
      {},
      confusions.map(({ intent, title, count }) =>
        el(
          "li",
          {},
          el("a", { href: pageOf(intent) }, capital(title || intent)),
          `, ${count} times`,
        ),
      ),
    ),
  );
}
