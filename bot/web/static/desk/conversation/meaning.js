import { button, el, icon } from "../dom.js";
import { moment } from "../time.js";
import { capital, language, percent, plain } from "../words.js";
import { correct } from "./correct.js";

const UNSURE = 0.6;
const isLikely = ({ confidence }, place) => !place || confidence >= 0.01;

/** What a buyer's message was understood as, to unfold; and how to set it right. */
export function renderMeaning(line, talk) {
  const { heard } = line;
  const { intent_text, confidence, ranking, entities, corrected } = heard;
  const words = capital(intent_text);
  return el(
    "details.meaning",
    { "data-part": "meaning" },
    el(
      "summary",
      {},
      "Understood as ",
      corrected?.intent ? el("s", {}, words) : el("b", {}, words),
      corrected?.intent && el("b", {}, ` ${capital(corrected.text)}`),
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
        ranking
          .filter(isLikely)
          .map(({ text, confidence: sure }) =>
            el(
              "li",
              {},
              el("span", {}, capital(text)),
              el("meter", { value: sure, max: 1, "aria-label": "Confidence" }),
              el("span.price", {}, percent(sure)),
            ),
          ),
      ),
      el(
        "dl.facts",
        {},
        (corrected?.entities ?? entities).flatMap(({ name, value }) => [
          el("dt", {}, capital(plain(name))),
          el("dd", {}, value),
        ]),
        el("dt", {}, "Language"),
        el("dd", {}, language(heard.language) || "The text does not tell"),
        heard.read_by && [el("dt", {}, "Read by"), el("dd", {}, heard.read_by)],
        corrected && [el("dt", {}, "Corrected"), el("dd", {}, moment(corrected.at))],
      ),
      talk.me.may.includes("correct") &&
        button("Correct", () => correct(line, talk), { look: "link" }),
    ),
  );
}

/** Why the bot said so: its decisions, the rules with their numbers, the rulebook. */
export function renderWhy(decisions) {
  const [first, ...rest] = decisions;
  return el(
    "details.meaning",
    { "data-part": "why" },
    el("summary", {}, "Why: ", first.text, rest.length > 0 && ` and ${rest.length} more`),
    el("div.unfolded", {}, decisions.map(renderDecision)),
  );
}

function renderDecision({ text, problem, step, rules, by, rulebook, at, amount }, place) {
  const decided = `decided by ${by === "bot" ? "the bot" : by}`;
  return el(
    "div.decision",
    {},
    place > 0 && el("p", {}, text),
    rules.length > 0 &&
      el(
        "ul.rules",
        { "aria-label": "What was looked at" },
        rules.map(({ text: sentence, held, written }) =>
          el(
            "li",
            { "data-held": held, title: written },
            icon(held ? "check" : "cross"),
            el("span", {}, sentence || written),
          ),
        ),
      ),
    el(
      "p.small.soft",
      {},
      [capital(problem), amount, decided, moment(at)].filter(Boolean).join(" · "),
    ),
    el(
      "details.small.soft.engineers",
      {},
      el("summary", {}, "Details for engineers"),
      el("p", {}, `${step} · rulebook ${rulebook}`),
      rules.map(({ held, written }) => el("p", {}, `${held ? "held" : "not"} · ${written}`)),
    ),
  );
}
