import { button, el, icon } from "../dom.js";
import { moment } from "../time.js";
import { capital, language, percent, plain } from "../words.js";
import { correct } from "./correct.js";

const UNSURE = 0.6;

/** What a buyer's message was understood as, to unfold; and how to set it right. */
export function renderMeaning(line, talk) {
  const { heard } = line;
  const { intent, intent_text, confidence, ranking, entities, corrected } = heard;
  const words = capital(intent_text || plain(intent));
  return el(
    "details.meaning",
    { "data-part": "meaning" },
    el(
      "summary",
      {},
      "Understood as ",
      corrected?.intent ? el("s", {}, words) : el("b", {}, words),
      corrected?.intent && el("b", {}, ` ${capital(ranked(ranking, corrected.intent))}`),
      !corrected && ` · ${percent(confidence)}`,
      !corrected && confidence < UNSURE && ", unsure",
      corrected && ` · corrected by ${corrected.by}`,
    ),
    el(
      "div.unfolded",
      {},
      el(
        "ul.ranking",
        { "aria-label": "What it may mean" },
        ranking.map(([name, text, sure]) =>
          el(
            "li",
            {},
            el("span", {}, capital(text || plain(name))),
            el("meter", { value: sure, max: 1, "aria-label": "Confidence" }),
            el("span.price", {}, percent(sure)),
          ),
        ),
      ),
      el(
        "dl.facts",
        {},
        entities.flatMap(({ name, value }) => [el("dt", {}, plain(name)), el("dd", {}, value)]),
        el("dt", {}, "Language"),
        el("dd", {}, language(heard.language) || "The text does not tell"),
        corrected && [el("dt", {}, "Corrected"), el("dd", {}, moment(corrected.at))],
      ),
      talk.me.may.includes("correct") &&
        button("Correct", () => correct(line, talk), { look: "link" }),
    ),
  );
}

function ranked(ranking, intent) {
  return ranking.find(([name]) => name === intent)?.[1] || plain(intent);
}

/** Why the bot said so: its decisions, the rules with their numbers, the rulebook. */
export function renderWhy(decisions) {
  const [first] = decisions;
  return el(
    "details.meaning",
    { "data-part": "why" },
    el("summary", {}, "Why: ", first.text),
    el("div.unfolded", {}, decisions.map(renderDecision)),
  );
}

function renderDecision({ text, rules, by, rulebook, at, amount }, place) {
  return el(
    "div.decision",
    {},
    place > 0 && el("p", {}, text),
    rules.length > 0 &&
      el(
        "ul.rules",
        { "aria-label": "Rules that were looked at" },
        rules.map(({ name, held, text: compared }) =>
          el(
            "li",
            { "data-held": held },
            icon(held ? "check" : "cross"),
            el("span.heard", {}, held ? "Held: " : "Did not hold: "),
            el("span", {}, compared || plain(name), el("small.soft", {}, ` ${name}`)),
          ),
        ),
      ),
    el(
      "p.small.soft",
      {},
      [amount, `decided by ${by === "bot" ? "the bot" : by}`, moment(at), rulebook]
        .filter(Boolean)
        .join(" · "),
    ),
  );
}
