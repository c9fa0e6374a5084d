import { el } from "../dom.js";
import { plain } from "../words.js";

const MARK = /\[([^\]]+)\](?:\(([^)]+)\)|\{[^}]*\})/g; // [DEMO-1001](order_number)

/** An example of the files as buyers would write it: without the marks of its details. */
export function unmarked(text) {
  return text.replace(MARK, "$1");
}

/** The same with its details marked. */
export function renderMarked(text) {
  const parts = [];
  let at = 0;
  for (const { 0: whole, 1: words, 2: name, index } of text.matchAll(MARK)) {
    parts.push(text.slice(at, index), el("mark", { title: name ? plain(name) : "detail" }, words));
    at = index + whole.length;
  }
  return [...parts, text.slice(at)];
}
