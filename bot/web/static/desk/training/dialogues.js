import * as api from "../api.js";
import { button, el, show } from "../dom.js";
import { say } from "../said.js";
import { propose } from "../teaching/propose.js";
import { linkTo } from "../teaching/written.js";
import { fullMoment, moment } from "../time.js";
import { vocabulary } from "../words.js";
import { count, short } from "./words.js";

let rows;
let none;
let names = new Map(); // of intents

/** Lists the dialogue tests in `list`; `told` says that there are none, or what went wrong. */
export async function beginDialogues(list, told) {
  [rows, none] = [list, told];
  try {
    names = new Map((await vocabulary()).intents);
  } catch {
    // The names of the files do, too.
  }
  await load();
}

async function load() {
  try {
    const { tests } = await api.get("dialogue-tests");
    show(rows, tests, ({ path }) => path, renderTest);
    none.textContent = tests.length ? "" : "There are none yet.";
  } catch (error) {
    none.textContent = error.message;
  }
}

function renderTest(test) {
  const { path, dialogues, recorded, removable, problem, failed } = test;
  const lines = dialogues.reduce((total, one) => total + one.lines.length, 0);
  const title = titleOf(test);
  return el(
    "li",
    {},
    el(
      "details",
      { "data-part": path },
      el(
        "summary",
        {},
        el("strong", { dir: "auto" }, title),
        " ",
        problem
          ? el("span.chip", { "data-tone": "bad" }, "Cannot be read")
          : el("span.soft", {}, count(lines, "line")),
        " ",
        failed && renderFailed(failed),
      ),
      problem && el("p.problem", {}, problem),
      dialogues.flatMap(({ title: own, lines: said }) => [
        dialogues.length > 1 && el("h3", { dir: "auto" }, own),
        el("ol.typed", {}, said.map(renderLine)),
      ]),
      el("p.soft", {}, el("code", {}, path), recorded ? "" : " · came with the project"),
      removable &&
        button("Remove", () => remove(test), { look: "danger", "aria-label": `Remove: ${title}` }),
    ),
  );
}

function titleOf({ path, dialogues }) {
  return dialogues.map(({ title }) => title).join(" · ") || path;
}

function renderFailed({ model, at }) {
  return el(
    "span.chip",
    { "data-tone": "warn", title: fullMoment(at) },
    `Failed last by ${short(model)}, ${moment(at)}`,
  );
}

function renderLine({ text, intent, got }) {
  return el(
    "li",
    {},
    el("span", { dir: "auto" }, text),
    el("span.soft", {}, ` means: ${names.get(intent) ?? intent.replaceAll("_", " ")}`),
    got && el("span.got", {}, ` that model: ${got}`),
  );
}

async function remove(test) {
  const { path, dialogues, recorded } = test;
  const several = dialogues.length > 1 ? ` All ${dialogues.length} dialogues of the file go.` : "";
  const ours = recorded ? "" : " It came with the project.";
  const change = await propose(`Remove “${titleOf(test)}”`, {
    words: `Models need not understand it any more, from the next comparison on.${several}${ours}`,
    path: "dialogue-tests/remove",
    toBody: ({ reason }) => ({ path, reason }),
    draft: `drop:${path}`,
  });
  if (!change) return;
  await load();
  say(`Written: ${change.summary}`, linkTo(change));
}
