import * as api from "./api.js";
import { el, fill, icon, show } from "./dom.js";
import { renderWaiting } from "./remedies/row.js";
import { listening, on } from "./stream.js";

const [list, none, trouble, told] = ["rows", "none", "trouble", "told"].map((id) =>
  document.getElementById(id),
);
let loading;
let again = false;

/** Asks for what waits; who asks meanwhile is served by one more look. */
async function load() {
  again = Boolean(loading);
  if (loading) return loading;
  loading = api.get("approvals");
  try {
    render(await loading);
  } catch (error) {
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
  loading = undefined;
  return again && load();
}

function render({ rows, count }) {
  trouble.hidden = true;
  show(
    list,
    rows,
    ({ id }) => id,
    (row) => renderWaiting(row, load),
  );
  none.hidden = rows.length > 0;
  fill(
    none,
    !rows.length &&
      el(
        "div.empty",
        {},
        icon("cup"),
        el("strong", {}, "Nothing waits for a yes"),
        el("p", {}, "What is over the bot's limits, or over a colleague's, shows up here by itself."),
      ),
  );
  const more = count > rows.length ? `, the oldest ${rows.length} are shown` : "";
  const words = count === 1 ? "1 remedy waits" : `${count} remedies wait${more}`;
  if (told.textContent !== words) told.textContent = words;
}

/** To the remedy that the address names, as a link from a conversation does. */
function toNamed() {
  const node = document.getElementById(location.hash.slice(1));
  if (!node?.matches(".wait")) return;
  node.scrollIntoView({ block: "center" });
  node.focus({ preventScroll: true });
}

await listening();
await load();
toNamed();
addEventListener("hashchange", toNamed);
on("queue", load);
on("back", load);
on("minute", load);
