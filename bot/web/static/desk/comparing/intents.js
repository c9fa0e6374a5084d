import { el } from "../dom.js";
import { interval, risen, row, table, tone, toned } from "./numbers.js";

/** Every intent: a drawing made by the server, and the numbers. */
export function renderIntents({ intents }, plot, page) {
  return el(
    "section.card",
    { "aria-labelledby": "intents" },
    el("h2", { id: "intents" }, "Intent by intent"),
    el(
      "p.soft.legend",
      {},
      "F1 is 100 % if all of an intent’s messages are found and no other is taken for it: ",
      el("span.before", {}, "before"),
      ", ",
      el("span.now", {}, "now"),
      "; the lines are as wide as chance, 95 times of 100. An intent without test messages is not ",
      "shown: label messages that mean it, and one in five of them becomes a test.",
    ),
    plot &&
      el(
        "div.wide-table",
        { tabindex: 0, role: "group", "aria-label": "F1 before and now" },
        drawn(plot),
      ),
    el(
      "details",
      { "data-part": "numbers" },
      el("summary", {}, "The numbers"),
      table(
        "F1 of every intent",
        ["Intent", "Messages", "Before", "Now", "Difference", "Lost", "Won"],
        intents.map(({ intent, n, f1: { before, now, difference }, lost, won }) =>
          row(
            page.name(intent),
            n,
            interval(before),
            interval(now),
            toned(risen(difference), tone(difference)),
            lost,
            won,
          ),
        ),
      ),
    ),
  );
}

/** SVG of our own server, as elements of this page. */
function drawn(svg) {
  const { documentElement } = new DOMParser().parseFromString(svg, "image/svg+xml");
  return document.importNode(documentElement, true);
}
