import { el } from "./dom.js";
import { kept } from "./kept.js";

const groups = new Map(); // title -> [{keys, words, act}]
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

/**
 * Adds keys: `[["j", "ArrowDown"], "Next", act]`; an act that returns false has done nothing.
 *
 * Words of "" keep a key out of the help.
 */
export function shortcuts(title, keys) {
  const known = groups.get(title) ?? [];
  groups.set(title, [...known, ...keys.map(([names, words, act]) => ({ names, words, act }))]);
}

/** What the keys do, for the help; only of those that do something here. */
export function renderKeys() {
  const told = [...groups].map(([title, keys]) => [title, keys.filter(({ words }) => words)]);
  return told
    .filter(([, keys]) => keys.length)
    .map(([title, keys]) =>
      el(
        "section",
        {},
        el("h3", {}, title),
        el(
          "dl",
          {},
          keys.flatMap(({ names, words }) => [
            el("dt", {}, words),
            el(
              "dd",
              {},
              names.flatMap((name) => [el("kbd", {}, NAMES[name] ?? name), " "]),
            ),
          ]),
        ),
      ),
    );
}

const NAMES = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };

/** Whether single keys act; who uses speech input may switch them off. */
export function areOn() {
  return kept.read("keys") !== false;
}

/** Whether an event is typing into something. */
export function isTyping({ target }) {
  return target.closest(TYPING) !== null;
}

document.addEventListener("keydown", (event) => {
  const { key, altKey, ctrlKey, metaKey, isComposing, defaultPrevented } = event;
  if (altKey || ctrlKey || metaKey || isComposing || defaultPrevented) return;
  if (document.querySelector("dialog[open], :popover-open")) return;
  if (key !== "Escape" && (isTyping(event) || !areOn())) return;
  for (const { names, act } of [...groups.values()].flat())
    if (names.includes(key) && act(event) !== false) {
      event.preventDefault();
      return;
    }
});
