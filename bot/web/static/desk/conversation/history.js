import { el, icon } from "../dom.js";
import { day } from "../time.js";
import { capital, floor, marketplace, plain } from "../words.js";

/** What the buyer had before: orders, what was given for them, conversations, the rating. */
export function renderHistory({ in_all, orders, remedies, conversations, rating, ...more }) {
  return [
    rating && renderRating(rating),
    in_all && el("p", {}, el("b", {}, in_all)),
    ...part("Orders", orders, more.more_orders, renderOrder),
    ...part("Given to them", remedies, more.more_remedies, renderRemedy),
    ...part("Other conversations", conversations, 0, renderTalk),
    !in_all && !conversations.length && el("p.soft", {}, "Writes for the first time."),
  ].filter(Boolean);
}

function part(title, items, more, render) {
  if (!items.length) return [];
  const rest = more > 0 && el("li.soft", {}, `and ${more} more`);
  return [el("h3", {}, title), el("ul", {}, items.map(render), rest)];
}

function renderOrder({ id, number, marketplace: place, status, at, total, here }) {
  const facts = [day(at), capital(plain(status)), marketplace(place), total, here && "this one"];
  return entry(`/desk/orders/${id}`, number, facts);
}

function renderRemedy({ text, state_text, order_id, order_number, at }) {
  const facts = [day(at), order_number, capital(state_text)];
  return entry(`/desk/orders/${order_id}`, capital(text), facts);
}

function renderTalk({ id, at, floor: who, reason_text }) {
  const facts = [day(at), floor(who)[0]];
  return entry(`/desk/conversations/${id}`, capital(reason_text) || "With the bot only", facts);
}

function entry(href, words, facts) {
  return el(
    "li",
    {},
    el("a", { href }, words),
    el("small.soft", {}, ` ${facts.filter(Boolean).join(" · ")}`),
  );
}

function renderRating({ score, comment }) {
  return el(
    "p.rating",
    {},
    el("span.chip", { "data-tone": score < 3 ? "bad" : "good" }, icon("star"), `${score} of 5`),
    comment && el("q", { dir: "auto" }, comment),
  );
}
