import { el } from "../dom.js";

/** What was bought, with what was given for each and what is left of its price. */
export function renderProducts({ products, shipping, paid, given_back: back, left }) {
  const sums = [
    shipping && ["Shipping", shipping],
    ["Paid", paid],
    ["Given back", back],
    ["Left", left],
  ].filter(Boolean);
  return el(
    "section.card",
    {},
    el("h2", {}, "Products"),
    el(
      "div.wide-table",
      { tabindex: 0, role: "region", "aria-label": "Products" },
      el(
        "table.table",
        {},
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            ["Product", "Pieces", "Price", "In stock", "Left"].map((words) => el("th", { scope: "col" }, words)),
          ),
        ),
        el("tbody", {}, products.map(productRow)),
      ),
    ),
    el(
      "dl.facts.sums",
      {},
      sums.flatMap(([term, sum]) => [el("dt", {}, term), el("dd", {}, sum)]),
    ),
  );
}

function productRow({ title, variant, sku, quantity, unit_price: each, price, stock, left, given }) {
  return el(
    "tr",
    {},
    el(
      "th",
      { scope: "row" },
      el("span", { dir: "auto" }, title),
      el("small.soft", {}, [variant, sku].filter(Boolean).join(" · ")),
      given.length > 0 && el("small", {}, given.join(", ")),
    ),
    el("td", { "data-words": "Pieces" }, String(quantity)),
    el("td", { "data-words": "Price" }, el("span", {}, price, quantity > 1 && el("small.soft", {}, `${each} each`))),
    el("td", { "data-words": "In stock" }, stock === null ? "not known" : String(stock)),
    el("td", { "data-words": "Left" }, left),
  );
}
