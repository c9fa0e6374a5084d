import { el } from "../widget/dom.js";
import * as api from "./api.js";
import { values } from "./forms.js";

const WHEN = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const PAGES = { conversation: "/desk/conversations/", order: "/desk/orders/" };
const [form, rows, none, more, problem, actions] = [
  "only", "rows", "none", "more", "problem", "actions",
].map((id) => document.getElementById(id)); // prettier-ignore
const seen = new Set();
let next;
let latest = 0;

form.onsubmit = (event) => {
  event.preventDefault();
  history.replaceState(null, "", `?${new URLSearchParams(filled())}`);
  look();
};
more.onclick = () => look(next);
begin();

async function begin() {
  const { agents } = await api.get("agents");
  form.elements.agent.append(...agents.map(({ id, name }) => el("option", { value: id }, name)));
  for (const [name, value] of new URLSearchParams(location.search))
    if (form.elements[name]) form.elements[name].value = value;
  await look();
}

function filled() {
  return Object.fromEntries(Object.entries(values(form)).filter(([, value]) => value));
}

/** Shows the entries that are looked for, or those that follow. */
async function look(before) {
  const mine = (latest += 1);
  problem.textContent = "";
  try {
    const found = await api.get("audit", { ...filled(), before });
    if (mine !== latest) return; // somebody looks for something else by now
    next = found.next;
    more.hidden = next === null;
    if (!before) rows.replaceChildren();
    rows.append(...found.entries.map(render));
    none.textContent = rows.children.length ? "" : "There is no such entry.";
    for (const { action } of found.entries) suggest(action);
  } catch (error) {
    problem.textContent = error.message;
  }
}

function suggest(action) {
  if (seen.has(action)) return;
  seen.add(action);
  actions.append(el("option", { value: action }));
}

function render({ at, who, action, subject, subject_id, before, after, ip }) {
  return el(
    "tr",
    {},
    el("td.nowrap", {}, el("time", { datetime: at }, WHEN.format(new Date(at)))),
    cell("Who", who),
    cell("What", action),
    cell("Of what", subject, subject_id && [" ", place(subject, subject_id)]),
    cell("Change", changes(before, after)),
    cell("Address", ip),
  );
}

/** A cell that a phone shows with the name of its column. */
function cell(words, ...children) {
  return el("td", { "data-words": words }, ...children);
}

function place(subject, id) {
  const short = el("code", { title: id }, id.length > 12 ? `${id.slice(0, 8)}…` : id);
  const page = PAGES[subject];
  return page ? el("a", { href: page + encodeURIComponent(id) }, short) : short;
}

/** What is different, one line a field: "role: agent → lead". */
function changes(before, after) {
  const fields = Object.keys({ ...before, ...after });
  const different = fields.filter((name) => text(before?.[name]) !== text(after?.[name]));
  return different.map((name) => {
    const [was, is] = [text(before?.[name]), text(after?.[name])];
    const told = before && after ? `${was || "–"} → ${is || "–"}` : is || was;
    return el("div", {}, el("span.soft", {}, `${name}: `), told);
  });
}

function text(value) {
  if (value == null || value === "") return "";
  if (Array.isArray(value)) return value.map(text).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
