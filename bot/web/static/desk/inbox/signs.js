/*
 * Places in a text as the model counts them: in Unicode code points ("signs"). JavaScript counts
 * UTF-16 units, of which an emoji has two or more.
 */

export function signsOf(text) {
  return [...text];
}

/** The words as `[start, end]` in signs; marks at their ends do not belong to them. */
export function wordsOf(signs) {
  const words = [];
  let start = -1;
  signs.forEach((sign, at) => {
    if (/\s/u.test(sign)) start = -1;
    else if (start < 0) words.push([(start = at), at + 1]);
    else words.at(-1)[1] = at + 1;
  });
  return words.map(([begin, end]) => withoutMarks(signs, begin, end));
}

/** Where the arrow goes; with Shift the other end stays. */
export function nextWord(at, step, extend, count) {
  const from = at ?? { anchor: 0, head: 0 };
  const head = Math.min(Math.max(from.head + step, 0), count - 1);
  return { anchor: extend ? from.anchor : head, head };
}

/**
 * What is selected inside of `node`, `[start, end]` in signs and without white space around it.
 *
 * Nothing if the selection is elsewhere.
 */
export function placesOf(node, signs) {
  const selection = getSelection();
  if (!selection.rangeCount) return undefined;
  const range = selection.getRangeAt(0);
  if (!node.contains(range.startContainer) || !node.contains(range.endContainer)) return undefined;
  let [start, end] = [
    [range.startContainer, range.startOffset],
    [range.endContainer, range.endOffset],
  ].map(([container, offset]) => signsBefore(node, container, offset));
  while (start < end && /\s/u.test(signs[start])) start += 1;
  while (end > start && /\s/u.test(signs[end - 1])) end -= 1;
  return [start, end];
}

/** Selects those signs of the text in `node`. */
export function select(node, start, end) {
  getSelection().setBaseAndExtent(...boundary(node, start), ...boundary(node, end));
}

function signsBefore(node, container, offset) {
  const before = document.createRange();
  before.selectNodeContents(node);
  before.setEnd(container, offset);
  return signsOf(before.toString()).length;
}

function boundary(node, place) {
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  let left = place;
  let last = node;
  while (texts.nextNode()) {
    last = texts.currentNode;
    const signs = signsOf(last.data);
    if (left <= signs.length) return [last, signs.slice(0, left).join("").length];
    left -= signs.length;
  }
  return [last, last.length ?? 0];
}

function withoutMarks(signs, begin, end) {
  let [start, stop] = [begin, end];
  const isMark = (sign) => /[\p{Po}\p{Ps}\p{Pe}\p{Pi}\p{Pf}]/u.test(sign) && sign !== "#";
  while (start < stop && isMark(signs[start])) start += 1;
  while (stop > start && isMark(signs[stop - 1])) stop -= 1;
  return start < stop ? [start, stop] : [begin, end];
}
