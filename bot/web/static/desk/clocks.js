import { el, icon, set } from "./dom.js";
import { duration, fullMoment, now } from "./time.js";

const SOON = 60 * 60_000; // ms before a deadline in which it is told as near

/** A deadline that runs, in words and colour; `null` if no clock runs. */
export function deadline(due) {
  if (!due) return null;
  const node = el("time.clock", { datetime: due, title: `Due ${fullMoment(due)}` });
  return tick(node);
}

/** How long ago it was, growing. */
export function since(when, words = (time) => time) {
  if (!when) return null;
  const node = el("time", { datetime: when, title: fullMoment(when) });
  node.sinceWords = words;
  return tick(node);
}

/** How a deadline stands: its words, its tone, its icon. */
export function standing(due) {
  const left = Date.parse(due) - now();
  if (left < 0) return { words: `Overdue by ${duration(left)}`, tone: "bad", symbol: "alert" };
  const words = left < 60_000 ? "Due now" : `Due in ${duration(left)}`;
  return left < SOON ? { words, tone: "warn", symbol: "clock" } : { words, symbol: "clock" };
}

function tick(node) {
  const { dateTime, sinceWords } = node;
  const { words, tone, symbol } = sinceWords
    ? { words: sinceWords(duration(now() - Date.parse(dateTime))) }
    : standing(dateTime);
  if (node.dataset.words === words) return node;
  node.dataset.words = words;
  set(node, "data-tone", tone);
  node.replaceChildren(...(symbol ? [icon(symbol), words] : [words]));
  return node;
}

setInterval(() => document.querySelectorAll("time[data-words]").forEach(tick), 1000);
