import { el, icon, set } from "./dom.js";
import { duration, fullMoment, now } from "./time.js";

/** A deadline that runs, in words and colour, near from `warn` on; `null` if no clock runs. */
export function deadline(due, warn) {
  if (!due) return null;
  const node = el("time.clock", { datetime: due, title: `Due ${fullMoment(due)}` });
  node.warn = warn;
  return tick(node);
}

/** Stands in place of a deadline that an answer of ours has stopped; `null` if none has. */
export function answered(when) {
  if (!when) return null;
  return el("span.chip", { title: fullMoment(when) }, icon("check"), "Answered");
}

/** How long ago it was, growing. */
export function since(when, words = (time) => time) {
  if (!when) return null;
  const node = el("time", { datetime: when, title: fullMoment(when) });
  node.sinceWords = words;
  return tick(node);
}

/** How a deadline stands: its words, its tone, its icon. */
function standing(due, warn) {
  const left = Date.parse(due) - now();
  if (left < 0) return { words: `Overdue by ${duration(left)}`, tone: "bad", symbol: "alert" };
  const words = left < 60_000 ? "Due now" : `Due in ${duration(left)}`;
  const near = left < 60_000 || now() >= Date.parse(warn);
  return { words, tone: near && "warn", symbol: "clock" };
}

function tick(node) {
  const { dateTime, sinceWords } = node;
  const { words, tone, symbol } = sinceWords
    ? { words: sinceWords(duration(now() - Date.parse(dateTime))) }
    : standing(dateTime, node.warn);
  set(node, "data-tone", tone);
  if (node.dataset.words === words) return node;
  node.dataset.words = words;
  node.replaceChildren(...(symbol ? [icon(symbol), words] : [words]));
  return node;
}

setInterval(() => document.querySelectorAll("time[data-words]").forEach(tick), 1000);
