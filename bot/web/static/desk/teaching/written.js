import { el, fill, icon } from "../dom.js";
import { keptHere } from "../kept.js";

const KEY = "written";
const LEARNT = /^(data\/(?!test\/)|domain\.yml$)/; // what a model is trained from

/** Where a change stands in the list of changes, for `say`. */
export function linkTo({ id }) {
  return { href: `/desk/changes#${encodeURIComponent(id)}`, words: "See or undo the change" };
}

/** Tells on this page that something was written, and what follows from it. */
export function tellWritten(place, { id, summary, files = [] }) {
  const { href, words } = linkTo({ id });
  const isLearnt = files.some(({ path }) => LEARNT.test(path));
  fill(
    place,
    el(
      "p.notice.written",
      { "data-tone": "good", role: "status" },
      icon("check"),
      el("span", {}, `Written: ${summary} ${isLearnt ? "It counts from the next training on." : ""}`),
      isLearnt && el("a", { href: "/desk/models" }, "Train now"),
      el("a", { href }, words),
    ),
  );
}

/** Has the next page of this tab tell it. */
export function tellOnNextPage({ id, summary, files }) {
  keptHere.write(KEY, { id, summary, files: files.map(({ path }) => ({ path })) });
}

/** Tells what the page before has written. */
export function tellFromLastPage(place) {
  const change = keptHere.read(KEY);
  keptHere.drop(KEY);
  if (change) tellWritten(place, change);
}
