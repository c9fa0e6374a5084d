import { el, fill, icon } from "../dom.js";
import { keptHere } from "../kept.js";

const KEY = "written";

/** Where a change stands in the list of changes, for `say`. */
export function linkTo({ id }) {
  return { href: `/desk/changes#${encodeURIComponent(id)}`, words: "See or undo the change" };
}

/** Tells on this page that something was written, and what follows from it. */
export function tellWritten(place, { id, summary }) {
  const { href, words } = linkTo({ id });
  fill(
    place,
    el(
      "p.notice.written",
      { "data-tone": "good", role: "status" },
      icon("check"),
      el("span", {}, `Written: ${summary} It counts from the next training on.`),
      el("a", { href: "/desk/models" }, "Train now"),
      el("a", { href }, words),
    ),
  );
}

/** Has the next page of this tab tell it. */
export function tellOnNextPage({ id, summary }) {
  keptHere.write(KEY, { id, summary });
}

/** Tells what the page before has written. */
export function tellFromLastPage(place) {
  const change = keptHere.read(KEY);
  keptHere.drop(KEY);
  if (change) tellWritten(place, change);
}
