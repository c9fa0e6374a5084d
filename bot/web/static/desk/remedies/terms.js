import { field, select } from "../dialog.js";
import { el } from "../dom.js";

export const KINDS = [
  ["refund", "Refund: the money back, the goods stay"],
  ["discount", "Discount: keeps the goods, a part of the price back"],
  ["replacement", "Replacement: the goods are sent again"],
  ["return", "Return: the goods come back, then the money"],
];

/** A field for why; it goes on record and is not read by the buyer. */
export function reasonField(hint = "For your team and the ledger. The buyer does not read it.") {
  return field("Why", el("textarea", { name: "reason", rows: 2, maxlength: 300, required: true }), hint);
}

/** Kind, pieces and money of one remedy that waits, to be changed. */
export function termsFields({ kind, line_id, quantity, amount, percent }) {
  const pieces = el("input", { name: "quantity", type: "number", min: 1, value: quantity ?? "", inputmode: "numeric" });
  const money = el("input", { name: "amount", inputmode: "decimal", value: percent ? "" : (amount ?? ""), maxlength: 20 });
  const share = el("input", { name: "percent", inputmode: "decimal", value: percent ?? "", maxlength: 8 });
  const fields = {
    kind: field("What", select("kind", KINDS, { value: kind })),
    pieces: line_id && field("Pieces", pieces),
    money: field("Amount", money, "Empty: the price of the pieces."),
    share: field("Or percent of the price", share),
  };
  const shown = (chosen) => {
    fields.money.hidden = chosen === "replacement";
    fields.share.hidden = chosen !== "discount";
  };
  const list = fields.kind.querySelector("select");
  list.addEventListener("change", () => shown(list.value));
  shown(kind);
  return [fields.kind, el("div.side", {}, fields.pieces, fields.money, fields.share)];
}

/** The terms of a form, as the API takes them. */
export function toTerms({ kind, quantity, amount, percent }, line_id) {
  return {
    kind,
    line_id,
    quantity: line_id && quantity ? Number(quantity) : null,
    amount: kind === "replacement" || (kind === "discount" && percent) ? null : amount?.trim() || null,
    percent: kind === "discount" ? percent?.trim() || null : null,
  };
}
