import * as api from "../api.js";
import { el, fill } from "../dom.js";
import { attempt } from "../said.js";

const FEW = "too few";

/** How far people agree, to unfold; it is asked for each time that it is. */
export function renderAgreement() {
  const place = el("div.unfolded");
  const details = el("details", {}, el("summary", {}, "How far people agree"), place);
  details.ontoggle = () => {
    if (details.open)
      void attempt(async () => fill(place, renderFound(await api.get("inbox/agreement"))));
  };
  return el("section.card", {}, details);
}

function renderFound({ kappa, word, shared, same, pairs }) {
  if (!pairs.length)
    return el("p.soft", {}, "Nobody has given a second opinion yet. Ask for one with d.");
  return [
    el(
      "p",
      {},
      `Messages that two people labelled: ${shared}, ${same} of them alike. Agreement beyond chance: `,
      el("b", {}, sayKappa(kappa, word)),
    ),
    el(
      "table.table",
      {},
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          ["Two people", "Messages", "Alike", "Agreement"].map((title) =>
            el("th", { scope: "col" }, title),
          ),
        ),
      ),
      el(
        "tbody",
        {},
        pairs.map((pair) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, pair.names.join(" and ")),
            el("td", {}, String(pair.shared)),
            el("td", {}, String(pair.same)),
            el("td", {}, sayKappa(pair.kappa, pair.word)),
          ),
        ),
      ),
    ),
    el(
      "p.small.soft",
      {},
      "Cohen's kappa of what both said before either knew the other's word: 0 is chance, 1 always. " +
        "Below 20 messages it says little.",
    ),
  ];
}

function sayKappa(kappa, word) {
  return kappa === null || word === FEW ? word : `${kappa.toFixed(2)}, ${word}`;
}
