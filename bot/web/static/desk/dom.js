import { el, set } from "../widget/dom.js";
import { keepFocus } from "./focus.js";

export { el, link, set, withLinks } from "../widget/dom.js";

const SVG = "http://www.w3.org/2000/svg";
const SPRITE = new URL("icons.svg", import.meta.url).pathname;

/** A line icon of icons.svg; what is around it carries the label. */
export function icon(name) {
  const [svg, use] = ["svg", "use"].map((tag) => document.createElementNS(SVG, tag));
  set(svg, "class", "icon");
  set(svg, "aria-hidden", "true");
  set(use, "href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/** A button with a label that is seen, or, for an icon alone, heard. */
export function button(words, onclick, { look = "", symbol, key, ...rest } = {}) {
  const alone = look.includes("round");
  return el(
    `button${look && "."}${look}`,
    { onclick, ...(alone && { "aria-label": words, title: words }), ...rest },
    symbol && icon(symbol),
    !alone && words,
    key && el("kbd", { "aria-hidden": "true" }, key),
  );
}

/** The first letters of a name in a circle. */
export function face(name) {
  const letters = name.split(/\s+/).map((word) => [...word][0] ?? "");
  return el("span.face", { "aria-hidden": "true" }, letters.slice(0, 2).join("").toUpperCase());
}

/** Fills `node` with what is there of the children; the focus stays at what it was at. */
export function fill(node, ...children) {
  keepFocus(node, () => node.replaceChildren(...children.flat(2).filter(Boolean)));
}

const shown = new WeakMap(); // parent -> Map of key -> {json, node}

/**
 * Makes the rendered items the children of `parent`, keeping what has not changed.
 *
 * So a list can be brought up to date while somebody reads in it: the focus stays where it
 * was, and so does what was opened.
 */
export function show(parent, items, keyOf, render) {
  const before = shown.get(parent) ?? new Map();
  const after = new Map();
  for (const item of items) {
    const json = JSON.stringify(item);
    const old = before.get(keyOf(item));
    after.set(
      keyOf(item),
      old?.json === json ? old : { json, node: renew(old?.node, render(item)) },
    );
  }
  shown.set(parent, after);
  const nodes = [...after.values()].map(({ node }) => node);
  keepFocus(parent, () => place(parent, nodes));
}

/** Puts the new node in the old one's place, with the same parts open and in focus. */
function renew(old, node) {
  if (!old) return node;
  for (const part of node.querySelectorAll("details[data-part]"))
    part.open = old.querySelector(`details[data-part="${part.dataset.part}"]`)?.open ?? part.open;
  if (old.isConnected && old.contains(document.activeElement))
    keepFocus(old, () => old.replaceWith(node), node);
  return node;
}

/** Makes `nodes` the children, moving few: what is moved is read out again. */
function place(parent, nodes) {
  let at = parent.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}
