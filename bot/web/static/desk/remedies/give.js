import * as api from "../api.js";
import { ask, field, select } from "../dialog.js";
import { el } from "../dom.js";
import { say } from "../said.js";
import { day } from "../time.js";
import { floor, language } from "../words.js";
import { Preview } from "./preview.js";
import { KINDS, reasonField } from "./terms.js";

const WHOLE = "whole";

/** Gives a remedy for an order; true once it stands on record. */
export function giveRemedy(order, talk) {
  const request = api.newId();
  const preview = new Preview(`orders/${order.id}/remedies/preview`);
  const kind = select("kind", KINDS);
  const products = el("fieldset.products", {}, el("legend", {}, "For which products"));
  const fields = el(
    "div.terms",
    {},
    field("What", kind),
    products,
    field("Told where", talkList(order, talk), "The buyer reads it in their chat."),
    preview.element,
    reasonField(),
  );
  const renderProducts = () => {
    const lines = order.products.map((product) => productRow(product, kind.value, order.products.length === 1));
    const whole = kind.value !== "discount" && order.products.length > 1 && wholeRow(order, kind.value);
    products.replaceChildren(products.firstChild, ...[...lines, whole].filter(Boolean));
  };
  const look = () => {
    const body = toBody(fields, request);
    if (body.remedies.length) preview.look(body);
    else preview.element.replaceChildren(el("p.soft", {}, "Choose a product."));
  };
  kind.addEventListener("change", renderProducts);
  fields.addEventListener("input", ({ target }) => {
    if (target.name === "line") only(products, target);
    look();
  });
  renderProducts();
  const done = ask(`Give something for ${order.number}`, {
    fields: [fields],
    submit: "Give it",
    wide: true,
    act: async ({ reason }) => {
      const body = { ...toBody(fields, request), reason };
      if (!body.remedies.length) throw new Error("Choose a product.");
      say((await api.post(`orders/${order.id}/remedies`, body)).text);
    },
  });
  look();
  return done;
}

/** The conversations in which it may be told; first the one that it is given from. */
function talkList({ conversations }, talk) {
  const theirs = conversations.filter(({ theirs: is }) => is);
  const open = theirs.find(({ floor: who }) => who !== "CLOSED");
  const options = theirs.map(({ id, at, floor: who, language: tag }) => [
    id,
    `${day(at)}: conversation, ${floor(who)[0].toLowerCase()}, ${language(tag)}`,
  ]);
  const named = theirs.some(({ id }) => id === talk) ? talk : open?.id;
  return select("talk", [...options, ["", "Nowhere: it is put on record only"]], { value: named ?? "" });
}

function productRow({ id, title, variant, quantity, left, left_plain: plain, given }, kind, alone) {
  const pieces = el("input", {
    name: "pieces", type: "number", min: 1, max: quantity, value: quantity, inputmode: "numeric", "aria-label": `Pieces of ${title}`,
  });
  const money = el("input", {
    name: "money", inputmode: "decimal", maxlength: 20, placeholder: kind === "discount" ? "amount" : plain, "aria-label": `Amount for ${title}`,
  });
  return el(
    "div.product",
    { "data-line": id },
    el(
      "label.check",
      {},
      el("input", { type: "checkbox", name: "line", value: id, checked: alone }),
      el("span", { dir: "auto" }, title, variant && el("small.soft", {}, ` ${variant}`)),
    ),
    el("span.side", {}, el("span.of", {}, pieces, ` of ${quantity}`), kind !== "replacement" && money),
    el("small.soft", {}, `${left} left`, given.length > 0 && `; ${given.join(", ")}`),
  );
}

function wholeRow({ left, left_plain: plain }, kind) {
  return el(
    "div.product",
    { "data-line": WHOLE },
    el(
      "label.check",
      {},
      el("input", { type: "checkbox", name: "line", value: WHOLE }),
      el("span", {}, "The whole order, with shipping"),
    ),
    el(
      "span.side",
      {},
      kind !== "replacement" &&
        el("input", { name: "money", inputmode: "decimal", maxlength: 20, placeholder: plain, "aria-label": "Amount for the whole order" }),
    ),
    el("small.soft", {}, `${left} left`),
  );
}

/** What is for the whole order stands alone. */
function only(products, { value, checked }) {
  if (!checked) return;
  for (const box of products.querySelectorAll("[name=line]"))
    if ((box.value === WHOLE) !== (value === WHOLE)) box.checked = false;
}

function toBody(fields, request) {
  const kind = fields.querySelector("[name=kind]").value;
  const chosen = [...fields.querySelectorAll(".product")].filter((row) => row.querySelector("[name=line]").checked);
  return {
    request_id: request,
    conversation_id: fields.querySelector("[name=talk]").value || null,
    remedies: chosen.map((row) => {
      const pieces = row.querySelector("[name=pieces]");
      return {
        kind,
        line_id: row.dataset.line === WHOLE ? null : Number(row.dataset.line),
        quantity: pieces?.value ? Number(pieces.value) : null,
        amount: row.querySelector("[name=money]")?.value.trim() || null,
      };
    }),
  };
}
