import * as api from "./api.js";
import { openDialog } from "./dialog.js";
import { button, el } from "./dom.js";
import { forgetDrafts, kept } from "./kept.js";
import { attempt } from "./said.js";
import { areOn, isTyping, renderKeys, shortcuts } from "./shortcuts.js";
import { connect, on } from "./stream.js";
import { tellTab } from "./tab.js";

// The shell of every page: theme, menu, keys, how much waits.

const OFTEN = 2000; // ms between two looks at how much waits
const root = document.documentElement;
let asked = 0;
let soon;

function chooseTheme({ target: { value } }) {
  if (value === "auto") {
    kept.drop("theme");
    delete root.dataset.theme;
  } else {
    kept.write("theme", value);
    root.dataset.theme = value;
  }
}

function help() {
  const keys = el("input", { type: "checkbox", checked: areOn() });
  keys.onchange = () => kept.write("keys", keys.checked);
  const content = el(
    "div",
    {},
    el("h2", {}, "Keys"),
    el("div.keys", {}, renderKeys()),
    el("label.check", {}, keys, "Single keys act where nothing is typed"),
    el(
      "div.ends",
      {},
      button("Close", () => dialog.close(), { autofocus: true }),
    ),
  );
  const dialog = openDialog("Keys", content, ".wide");
}

/** Shows how much waits, in the navigation and in the tab's title. */
export function showCounts(counts) {
  clearTimeout(soon);
  soon = undefined;
  asked = Date.now();
  for (const node of document.querySelectorAll(".top [data-count]")) {
    const number = counts[node.dataset.count];
    node.textContent = number || "";
  }
  tellTab({ waiting: counts.waiting });
}

/** Asks how much waits, in a moment: however much happens, not too often. */
function count() {
  soon ??= setTimeout(
    () => {
      soon = undefined;
      api.get("queue", { view: "waiting" }).then(
        ({ counts }) => showCounts(counts),
        () => {},
      );
    },
    Math.max(500, asked + OFTEN - Date.now()),
  );
}

/** From then on single keys act; Tab goes on from there. */
function leaveField(event) {
  if (!isTyping(event)) return false;
  event.target.blur();
}

function leave() {
  return attempt(async () => {
    await api.post("logout");
    forgetDrafts();
    location.assign("/desk/login");
  });
}

shortcuts("Everywhere", [
  [["?"], "This help", help],
  [["Q"], "Queue", () => location.assign("/desk")],
  [["A"], "Approvals", () => location.assign("/desk/approvals")],
  [["S"], "Search", () => location.assign("/desk/search")],
  [["Escape"], "Leave a field, close a window", leaveField],
]);

const tabs = document.querySelector(".tabs");
const tab = tabs?.querySelector("[aria-current]");
if (tab) tabs.scrollLeft += tab.getBoundingClientRect().right - tabs.getBoundingClientRect().right;
if (document.querySelector(".top")) {
  const chosen = root.dataset.theme ?? "auto";
  for (const radio of document.getElementsByName("theme")) {
    radio.checked = radio.value === chosen;
    radio.onchange = chooseTheme;
  }
  document.getElementById("show-keys").onclick = () => {
    document.getElementById("account-menu").hidePopover();
    help();
  };
  document.getElementById("sign-out").onclick = leave;
  if (!document.body.dataset.conversation) connect(); // that page does so when it has it
  on("queue", count);
  on("back", count);
  on("minute", count);
  if (!document.body.dataset.counts) count();
}
