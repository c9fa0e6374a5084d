import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { renderFailed } from "./failed.js";

const DAY = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });
const [place, days, span] = ["place", "days", "span"].map((id) => document.getElementById(id));

days.value = new URLSearchParams(location.search).get("days") ?? "30";
if (!days.value) days.value = "30";
days.onchange = () => {
  history.replaceState(null, "", `?days=${days.value}`);
  look();
};
look();

async function look() {
  const wanted = days.value;
  try {
    const { since, until, by, zone, reports } = await api.get("reports", { days: wanted });
    if (wanted !== days.value) return; // somebody looks for something else by now
    const [first, last] = [since, until].map((day) => DAY.format(new Date(day)));
    span.textContent = `${first} to ${last}, by ${by} (${zone})`;
    fill(place, reports.map(render));
  } catch (error) {
    if (wanted === days.value) fill(place, renderFailed(error, look));
  }
}

function render({ name, title, words, headline, svg, series, columns, rows, file }) {
  return el(
    "section.card.report",
    { id: name, "aria-labelledby": `${name}-title` },
    el("h2", { id: `${name}-title` }, title),
    el("p.headline", {}, headline),
    svg ? el("figure", {}, drawing(svg), legend(series)) : el("p.notice", {}, "Nothing to draw yet."),
    el("p.soft.small", {}, words),
    el(
      "details",
      {},
      el("summary", {}, "The numbers"),
      rows.length ? table(title, columns, rows) : el("p", {}, "There are none yet."),
    ),
    el("p", {}, el("a", { href: api.address(file), download: `${name}.csv` }, "Save as CSV")),
  );
}

/** The server's own drawing; as XML it brings no script to life. */
function drawing(svg) {
  return document.importNode(
    new DOMParser().parseFromString(svg, "image/svg+xml").documentElement,
    true,
  );
}

function legend(series) {
  const names = series.map((name, number) =>
    el("li", {}, el("span", { class: `key s${number + 1}`, "aria-hidden": "true" }), name),
  );
  return el("figcaption", {}, el("ul.legend", {}, names));
}

function table(title, columns, rows) {
  return el(
    "div.scroll",
    { tabindex: "0", role: "region", "aria-label": `${title}: the numbers` },
    el(
      "table.table",
      {},
      el("thead", {}, el("tr", {}, columns.map((name) => el("th", { scope: "col" }, name)))),
      el(
        "tbody",
        {},
        rows.map(([first, ...cells]) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, first),
            cells.map((cell) => el("td", {}, cell)),
          ),
        ),
      ),
    ),
  );
}
