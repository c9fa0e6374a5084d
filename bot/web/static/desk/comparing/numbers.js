import { el } from "../dom.js";

/** A share in per cent; a dash where there is nothing to measure. */
export function share({ value }) {
  return value === null ? "–" : `${(100 * value).toFixed(1)} %`;
}

/** A share with where it lies in truth, 95 % sure. */
export function interval({ value, low, high }) {
  return value === null ? "–" : `${part(value)} % (${part(low)} to ${part(high)})`;
}

/** What a share has risen by, with its sign. */
export function risen({ value, low, high }) {
  return value === null ? "–" : `${signed(value)} (${signed(low)} to ${signed(high)})`;
}

/** The tone of a difference that is beyond doubt, where more is better or, turned, worse. */
export function tone({ low, high }, turned = false) {
  if (low === null) return null;
  if (low > 0) return turned ? "bad" : "good";
  if (high < 0) return turned ? "good" : "bad";
  return null;
}

/** A table that may be wider than a phone, with its heads. */
export function table(label, heads, rows) {
  return el(
    "div.wide-table",
    { tabindex: 0, role: "group", "aria-label": label },
    el(
      "table.table",
      {},
      el("thead", {}, el("tr", {}, heads.map((one) => el("th", { scope: "col" }, one)))),
      el("tbody", {}, rows),
    ),
  );
}

/** A row: what it is about, then its cells. */
export function row(head, ...cells) {
  return el("tr", {}, el("th", { scope: "row" }, head), cells.map(cell));
}

function cell(content) {
  return content instanceof Node ? el("td", {}, content) : el("td", {}, String(content));
}

/** A number in the tone of what it means. */
export function toned(words, what) {
  return what ? el("span.chip", { "data-tone": what }, words) : el("span", {}, words);
}

function part(number) {
  return (100 * number).toFixed(1);
}

function signed(number) {
  const rounded = part(number);
  return number > 0 ? `+${rounded}` : rounded.replace("-", "−");
}
