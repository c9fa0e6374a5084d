import * as api from "./api.js";
import { renderOrder } from "./conversation/order.js";
import { button, el, fill } from "./dom.js";
import { renderBuyer } from "./orders/buyer.js";
import { renderProducts } from "./orders/products.js";
import { renderClaims, renderPayments, renderRemedies, renderTalks } from "./orders/parts.js";
import { giveRemedy } from "./remedies/give.js";
import { attempt } from "./said.js";
import { tellTab } from "./tab.js";
import { marketplace } from "./words.js";

const [title, chips, acts, trouble, bought, beside] = [
  "title", "chips", "acts", "trouble", "bought", "beside",
].map((id) => document.getElementById(id));
const id = document.body.dataset.order;
const from = new URLSearchParams(location.search).get("conversation"); // where one came from
let order;
let seen; // the buyer, once somebody has asked who it is

async function load() {
  try {
    order = await api.get(`orders/${id}`);
    trouble.hidden = true;
    render();
  } catch (error) {
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
}

function render() {
  const { number, status, card, no_grant: noGrant } = order;
  tellTab({ name: `Order ${number} · Makegood` });
  title.textContent = `Order ${number}`;
  fill(
    chips,
    el("span.chip", {}, card?.status_label ?? status),
    " ",
    el("span.chip", {}, marketplace(order.marketplace)),
    " ",
    order.fulfilment === "marketplace" && el("span.chip", { "data-tone": "warn" }, "Sent by the marketplace"),
  );
  fill(
    acts,
    noGrant
      ? el("small.soft", {}, noGrant)
      : button("Give a remedy", give, { look: "primary", symbol: "money" }),
  );
  fill(
    bought,
    renderProducts(order),
    part("Given so far", renderRemedies(order)),
    part("Payments", renderPayments(order)),
    order.claims.length > 0 && part("Claims against partners", renderClaims(order)),
  );
  fill(
    beside,
    part("Buyer", renderBuyer(seen ?? order.buyer, reveal)),
    part("Parcel", card && renderOrder({ ...card, lines: [], total: "" }, { head: false })),
    part("Conversations", renderTalks(order)),
  );
}

function part(words, content) {
  return el("section.card", {}, el("h2", {}, words), content);
}

function reveal() {
  return attempt(async () => {
    seen = await api.post(`orders/${id}/reveal`);
    render();
  });
}

async function give() {
  if (await giveRemedy(order, from)) await load();
}

// It is not asked for again by itself: each look is written down.
await load();
