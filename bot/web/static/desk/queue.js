import * as api from "./api.js";
import { showCounts } from "./desk.js";
import { button, el, fill, icon, set, show } from "./dom.js";
import { keptHere } from "./kept.js";
import { Filters } from "./queue/filters.js";
import { renderRow } from "./queue/row.js";
import { attempt, say } from "./said.js";
import { shortcuts } from "./shortcuts.js";
import { listening, on } from "./stream.js";

const EMPTY = {
  waiting: ["cup", "Nobody is waiting", "Whoever needs a person next shows up here by itself."],
  mine: ["person", "Nothing is with you", "Take over a conversation from Waiting: it moves here."],
  open: ["queue", "No open conversations", "When a buyer writes, it shows up here by itself."],
  snoozed: ["snow", "Nothing is snoozed", "What can wait until later can sleep here until then."],
  closed: ["check", "Nothing was closed yet", "What is done is kept here."],
};

const [list, none, more, told] = ["rows", "none", "more", "told"].map((id) =>
  document.getElementById(id),
);
const me = await api.get("me");
const filters = new Filters(() => turnTo(view));

let view = "waiting";
let rows = [];
let next = null;
let pages = 1;
let current; // id of the row that the keyboard is at
let loading;
let again = false;

/** Reads from the address which list is meant. */
function read() {
  const wanted = new URLSearchParams(location.search);
  view = wanted.get("view") in EMPTY ? wanted.get("view") : "waiting";
  markTab();
  return wanted;
}

/** Shows another list, or the same otherwise narrowed. */
function turnTo(wanted) {
  view = wanted;
  pages = 1;
  current = undefined;
  const filled = Object.entries(filters.values).filter(([, value]) => value);
  history.replaceState(null, "", `/desk?${new URLSearchParams([["view", view], ...filled])}`);
  markTab();
  return load();
}

function markTab() {
  for (const tab of document.querySelectorAll("[data-view]"))
    set(tab, "aria-current", tab.dataset.view === view && "page");
}

/** Asks for the list; who asks meanwhile is served by one more look. */
async function load() {
  again = Boolean(loading);
  if (loading) return loading;
  list.setAttribute("aria-busy", "true");
  loading = attempt(fetchPages);
  await loading;
  loading = undefined;
  list.removeAttribute("aria-busy");
  if (again) return load();
}

async function fetchPages() {
  const [asked, only] = [view, filters.values];
  let answer;
  const found = [];
  for (let page = 0; page < pages && (!page || answer.next); page += 1) {
    answer = await api.get("queue", { view, ...only, after: answer?.next });
    found.push(...answer.rows);
  }
  if (asked !== view) return; // another list is asked for by now
  rows = found;
  next = answer.next;
  showRows();
  count(answer.counts);
}

function showRows() {
  const place = [...list.children].findIndex(({ dataset }) => dataset.id === current);
  const focused = list.contains(document.activeElement);
  show(
    list,
    rows,
    ({ id }) => id,
    (row) => renderRow(row, me, take),
  );
  if (current && !rows.some(({ id }) => id === current))
    current = rows[Math.min(Math.max(place, 0), rows.length - 1)]?.id;
  settle(focused && !list.contains(document.activeElement));
  more.hidden = !next;
  keptHere.write("list", { ids: rows.map(({ id }) => id), address: location.search });
  showEmpty();
}

/** One row can be tabbed to, the current one or the first; the others by j and k. */
function settle(focus) {
  for (const item of list.children)
    set(item.firstChild, "tabindex", item.dataset.id === (current ?? rows[0]?.id) ? 0 : -1);
  if (focus) linkOf(current)?.focus();
}

function linkOf(id) {
  return [...list.children].find(({ dataset }) => dataset.id === id)?.firstChild;
}

function showEmpty() {
  none.hidden = rows.length > 0;
  if (rows.length) return;
  const { q } = filters.values;
  const narrowed = filters.number || q;
  const [name, title, words] = narrowed
    ? ["search", q ? `Nothing here fits “${q}”` : "Nothing here fits these filters", ""]
    : EMPTY[view];
  fill(
    none,
    el(
      "div.empty",
      {},
      icon(name),
      el("strong", {}, title),
      words && el("p", {}, words),
      narrowed && button("Show the whole list", () => filters.clear()),
    ),
  );
}

function count(counts) {
  const before = told.dataset.waiting;
  showCounts(counts);
  for (const [name, number] of Object.entries(counts)) {
    const tab = document.querySelector(`.tabs [data-count="${name}"]`);
    if (tab) tab.textContent = number || "";
  }
  if (before !== undefined && counts.waiting > before)
    told.textContent = `${counts.waiting} waiting`;
  told.dataset.waiting = counts.waiting;
}

function move(step) {
  if (!rows.length) return false;
  const place = rows.findIndex(({ id }) => id === current);
  const at = place < 0 ? (step > 0 ? 0 : rows.length - 1) : place + step;
  goTo(Math.min(Math.max(at, 0), rows.length - 1));
}

function goTo(place) {
  const link = linkOf(rows[place]?.id);
  link?.focus({ preventScroll: true });
  link?.parentNode.scrollIntoView({ block: "nearest" });
}

/** Takes a conversation and opens it. */
async function take({ id }) {
  const taken = await attempt(() => api.post(`conversations/${id}/claim`));
  if (taken) location.assign(`/desk/conversations/${id}`);
  else load();
}

function takeCurrent() {
  const row = rows.find(({ id }) => id === current);
  if (row) take(row);
  else say("Choose a conversation with j and k first.");
}

function turnBy(number) {
  const views = Object.keys(EMPTY);
  if (views[number]) turnTo(views[number]);
}

list.addEventListener("focusin", ({ target }) => {
  current = target.closest("li").dataset.id;
  settle(false);
});
document.querySelector(".tabs").onclick = (event) => {
  const tab = event.target.closest("[data-view]");
  if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  turnTo(tab.dataset.view);
};
more.onclick = async () => {
  const known = rows.length;
  pages += 1;
  await load();
  goTo(Math.min(known, rows.length - 1));
};

shortcuts("Queue", [
  [["j", "ArrowDown"], "Next conversation", () => move(1)],
  [["k", "ArrowUp"], "Previous conversation", () => move(-1)],
  [["Home"], "", () => goTo(0)],
  [["End"], "", () => goTo(rows.length - 1)],
  [
    ["Enter"],
    "Open",
    () => (document.activeElement === document.body ? linkOf(current)?.click() : false),
  ],
  [["c"], "Take over and open", takeCurrent],
  [["/"], "Search", () => filters.search()],
  [["1", "2", "3", "4", "5"], "Turn to a list", ({ key }) => turnBy(key - 1)],
]);

await Promise.all([attempt(() => filters.build(read())), listening()]);
await load();
on("queue", load);
on("back", load);
on("minute", load);
