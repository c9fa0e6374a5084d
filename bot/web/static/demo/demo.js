/**
 * The demo shop: signs in as one of its made-up buyers, lists that buyer's
 * orders, and speaks to the chat only as any shop page would, through
 * window.makegood.
 */
window.makegood ||= [];

const SIGNED_IN_AS = "demo:buyer";
const GUEST_ORDERS = 4;
const BROKEN_MUG = "DEMO-1003"; // the order that README breaks; it comes first where it is shown
const SAMPLES = [
  "hi, {thing} from order {order} came in pieces",
  "Where is my order {order}?",
  "I want to cancel order {order}",
  "You sent me the wrong thing, order {order}",
  "I want my money back for {order}",
  "When will {order} arrive?",
  "Can I talk to a person?",
];

const byId = (id) => document.getElementById(id);
const call = (...words) => window.makegood.push(words);

let buyers = [];

async function begin() {
  byId("tag").textContent = tagFor(new URL("widget.js", location.href));
  byId("copy").onclick = copyTag;
  byId("open").onclick = () => call("open");
  byId("buyer").onchange = (event) => changeBuyer(event.target.value);
  call("on", "open", () => document.body.classList.add("chatting"));
  call("on", "close", () => document.body.classList.remove("chatting"));
  buyers = await ask("demo/buyers");
  byId("buyer").append(...buyers.map(({ name, email }) => new Option(name, email)));
  const email = sessionStorage.getItem(SIGNED_IN_AS);
  if (find(email)) {
    byId("buyer").value = email;
    await signIn(email);
  }
  show(find(email));
}

async function changeBuyer(email) {
  if (email) await signIn(email);
  else signOut();
  show(find(email));
}

async function signIn(email) {
  const { identity } = await ask("demo/identity", { email });
  sessionStorage.setItem(SIGNED_IN_AS, email);
  call("identify", identity);
}

function signOut() {
  sessionStorage.removeItem(SIGNED_IN_AS);
  call("reset");
}

function find(email) {
  return buyers.find((buyer) => buyer.email === email);
}

function show(buyer) {
  byId("who").textContent = buyer ? `Signed in: ${buyer.name}` : "Guest";
  byId("identity").textContent = buyer
    ? `The shop signs ${buyer.email} in to the chat, so it asks for no proof.`
    : "A guest is asked for an order's e-mail or postcode before anything of it is told.";
  byId("orders-title").textContent = buyer ? "Your orders" : "Some orders";
  const orders = buyer ? ordersOf(buyer) : someOrders();
  byId("orders").replaceChildren(...orders.map((order) => toItem(order, !buyer)));
  byId("samples").replaceChildren(
    ...SAMPLES.map((text) => toChip(text, orders[0]?.number ?? BROKEN_MUG)),
  );
}

function ordersOf({ email, orders }) {
  const first = orders.filter((number) => number === BROKEN_MUG);
  return [...new Set([...first, ...orders])].map((number) => ({ number, email }));
}

/** One order each of a few buyers, for a guest to try. */
function someOrders() {
  const ofEach = buyers.map((buyer) => ordersOf(buyer)[0]).filter(Boolean);
  ofEach.sort((one, other) => (other.number === BROKEN_MUG) - (one.number === BROKEN_MUG));
  return ofEach.slice(0, GUEST_ORDERS);
}

function toItem({ number, email }, withEmail) {
  const item = document.createElement("li");
  const name = document.createElement("strong");
  name.textContent = number;
  item.append(name);
  if (withEmail) {
    const proof = document.createElement("span");
    proof.className = "small";
    proof.textContent = email;
    item.append(proof);
  }
  item.append(
    button(
      "Ask about this order",
      "",
      () => say(`Where is my order ${number}?`),
      `Ask about this order, ${number}`,
    ),
  );
  return item;
}

function toChip(sample, number) {
  const thing = number === BROKEN_MUG ? "the mug" : "everything";
  const text = sample.replace("{order}", number).replace("{thing}", thing);
  return button(text, "chip", () => say(text));
}

function button(text, look, act, label = text) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = text;
  made.setAttribute("aria-label", label);
  made.onclick = act;
  return made;
}

function say(text) {
  call("open");
  call("send", text);
}

function tagFor(address) {
  return `<script type="module" src="${address}" data-store="demo"></${"script"}>`;
}

async function copyTag() {
  await navigator.clipboard.writeText(byId("tag").textContent);
  byId("copy").textContent = "Copied";
  setTimeout(() => (byId("copy").textContent = "Copy"), 2000);
}

/** The demo server's answer; with `body` it is a POST. */
async function ask(path, body) {
  const options = body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(path, options);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

addEventListener("unhandledrejection", () => {
  byId("trouble").textContent =
    "The demo shop's server did not answer. Is it running? Reload the page to try again.";
  byId("trouble").hidden = false;
});

await begin();
