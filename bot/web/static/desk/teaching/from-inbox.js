import { el, fill } from "../dom.js";
import { addToDraft, readDraft } from "./drafts.js";

export const NEW = "new-intent"; // the name of the draft

/** Opens the form for a new intent with that message of the inbox, and those alike, as examples. */
export function beginIntent(message) {
  const item = toItem(message);
  const before = JSON.parse(readDraft(NEW)?.suggestions || "[]");
  const others = before.filter(({ key }) => key !== item.key);
  addToDraft(NEW, { suggestions: JSON.stringify([...others, item]) });
  location.assign("/desk/new-intent");
}

/** A message of the inbox as something to tick; those alike are told beside it. */
export function toItem({ id, text, language, size, likes = [] }) {
  const alike = likes.length ? `with ${size - 1} alike: ${likes.slice(0, 3).join(" · ")}` : "";
  return { key: id, text, language, note: alike || (size > 1 && `with ${size - 1} alike`) };
}

/** Links to where labelled messages are written into the files, if there are any. */
export function renderLabelled(place, labelled) {
  fill(place, labelled > 0 && el("a", { href: "/desk/changes" }, saysWrite(labelled)));
}

export function saysWrite(count) {
  return `Write ${count} ${count === 1 ? "label" : "labels"} into the files`;
}
