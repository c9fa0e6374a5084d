import { el } from "../dom.js";
import { renderSaid } from "../remedies/row.js";
import { day, fullMoment, moment } from "../time.js";
import { capital, floor, language } from "../words.js";

const TONES = { approval: "warn", done: "good", denied: "bad", failed: "bad" };

/** All remedies of an order, those that came to nothing too. */
export function renderRemedies({ remedies }) {
  if (!remedies.length) return el("p.soft", {}, "Nothing was given for it.");
  return el(
    "ul.remedies",
    {},
    remedies.map(({ id, text, product, state, state_text: words, reason, decided_by: by, reference, said, at }) =>
      el(
        "li",
        {},
        el(
          "p.ordered",
          {},
          el("b", {}, capital(text)),
          el("span.chip", { "data-tone": TONES[state] }, capital(words)),
        ),
        el("p.small.soft", { dir: "auto" }, [product, reason, by && `by ${by}`, reference].filter(Boolean).join(" · ")),
        el(
          "p.small.soft",
          {},
          el("time", { datetime: at, title: fullMoment(at) }, moment(at)),
          state === "approval" && [" · ", el("a", { href: `/desk/approvals#${id}` }, "In Approvals")],
        ),
        said.length > 0 && renderSaid(said),
      ),
    ),
  );
}

export function renderPayments({ payments }) {
  if (!payments.length) return el("p.soft", {}, "Nothing was paid, as far as the shop says.");
  return el(
    "ul.lines",
    {},
    payments.map(({ amount, at, way }) =>
      el("li", {}, el("span", {}, [day(at), way].filter(Boolean).join(" · ")), el("span", {}, amount)),
    ),
  );
}

export function renderClaims({ claims }) {
  return el(
    "ul",
    {},
    claims.map(({ against, reason, at }) =>
      el("li", {}, el("b", {}, capital(against)), ` ${reason} `, el("small.soft", {}, day(at))),
    ),
  );
}

export function renderTalks({ conversations }) {
  if (!conversations.length) return el("p.soft", {}, "Nobody has talked about it.");
  return el(
    "ul",
    {},
    conversations.map(({ id, at, floor: who, language: tag, theirs }) =>
      el(
        "li",
        {},
        el("a", { href: `/desk/conversations/${id}` }, day(at)),
        el("small.soft", {}, ` ${[floor(who)[0], language(tag), !theirs && "order not proven"].filter(Boolean).join(" · ")}`),
      ),
    ),
  );
}
