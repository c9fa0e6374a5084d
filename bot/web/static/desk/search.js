import * as api from "./api.js";
import { el, fill, icon } from "./dom.js";
import { fullMoment, moment } from "./time.js";
import { floor } from "./words.js";

const BY = { order: "Order number", tracking: "Tracking number", email: "E-mail" };
const PAUSE = 300; // ms without a key before a search begins by itself
const [form, finds, none, more, problem, told] = [
  "seek", "finds", "none", "more", "problem", "told",
].map((id) => document.getElementById(id)); // prettier-ignore
const field = form.elements.q;
let next;
let latest = 0;
let timer;

form.onsubmit = (event) => {
  event.preventDefault();
  seek();
};
field.oninput = () => {
  clearTimeout(timer);
  timer = setTimeout(seek, PAUSE);
};
more.onclick = async () => {
  const known = finds.children.length;
  await look(next);
  finds.children[known]?.firstChild.focus(); // the button may be gone
};
field.value ||= new URLSearchParams(location.search).get("q") ?? ""; // somebody may have typed already
look();

function seek() {
  clearTimeout(timer);
  const q = field.value.trim();
  history.replaceState(null, "", q ? `?${new URLSearchParams({ q })}` : location.pathname);
  look();
}

/** Shows what is found, or what follows it. */
async function look(before) {
  const mine = (latest += 1);
  const q = field.value.trim();
  problem.textContent = "";
  try {
    const page = q ? await api.get("search", { q, before }) : { found: [], next: null };
    if (mine !== latest) return; // something else is looked for by now
    next = page.next;
    more.hidden = next === null;
    if (!before) finds.replaceChildren();
    finds.append(...page.found.map(render));
    showEmpty(q);
  } catch (error) {
    if (mine === latest) problem.textContent = error.message;
  }
}

function showEmpty(q) {
  const found = finds.children.length;
  none.hidden = found > 0;
  told.textContent = found ? `${found}${next === null ? "" : " or more"} conversations found` : "";
  if (found) return;
  const [title, words] = q
    ? [`No conversation has “${q}”`, "All the words must be in one message; try fewer of them."]
    : ["What are you looking for?", "Words of a message, an order number, an e-mail, a parcel."];
  fill(none, el("div.empty", {}, icon("search"), el("strong", {}, title), el("p", {}, words)));
}

function render({ id, store, floor: name, by, at, snippet, marks }) {
  const [words, symbol] = floor(name);
  return el(
    "li",
    {},
    el(
      "a",
      { href: `/desk/conversations/${encodeURIComponent(id)}` },
      el(
        "span.where",
        {},
        el("span.chip", {}, icon(symbol), words),
        el("span.soft", {}, store),
        BY[by] && el("span.chip", { "data-tone": "accent" }, `${BY[by]} fits`),
      ),
      el("time.soft", { datetime: at, title: fullMoment(at) }, moment(at)),
      el("span.said-there", { dir: "auto" }, marked(snippet, marks)),
    ),
  );
}

/** The snippet with what was looked for marked; places count signs, not UTF-16 units. */
function marked(snippet, marks) {
  const signs = [...snippet];
  const parts = [];
  let at = 0;
  for (const [begin, end] of marks) {
    parts.push(signs.slice(at, begin).join(""), el("mark", {}, signs.slice(begin, end).join("")));
    at = end;
  }
  return [...parts, signs.slice(at).join("")];
}
