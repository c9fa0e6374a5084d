import * as api from "./api.js";
import { ask } from "./dialog.js";
import { button, el, fill, icon, show } from "./dom.js";
import { renderFailed } from "./failed.js";
import { attempt, say } from "./said.js";
import { renderCounts, renderFiles } from "./teaching/diff.js";
import { saysWrite } from "./teaching/from-inbox.js";
import { propose } from "./teaching/propose.js";
import { tellWritten } from "./teaching/written.js";
import { fullMoment, moment } from "./time.js";

const [rows, labelledPlace, problem, written, none, more] = [
  "rows", "labelled", "problem", "written", "none", "more",
].map((id) => document.getElementById(id)); // prettier-ignore
let changes = [];
let checkout = false;
let next = null;

more.onclick = () => attempt(() => load(next));
window.addEventListener("hashchange", openNamed);
await begin();

async function begin() {
  try {
    await load();
    fill(problem);
    openNamed();
  } catch (error) {
    fill(problem, renderFailed(error, begin));
  }
}

async function load(after) {
  const page = await api.get("changes", { after });
  changes = after ? [...changes, ...page.changes] : page.changes;
  ({ checkout, next } = page);
  more.hidden = next === null;
  renderLabelled(page.labelled);
  render();
}

/** Unfolds the change that the address names. */
function openNamed() {
  const id = decodeURIComponent(location.hash.slice(1));
  const row = id && document.getElementById(`change-${id}`);
  if (!row) return;
  row.querySelector("details").open = true;
  row.scrollIntoView({ block: "start" });
}

function renderLabelled(labelled) {
  if (!labelled) return fill(labelledPlace);
  const are = labelled === 1 ? "message is" : "messages are";
  fill(
    labelledPlace,
    el(
      "section.card.labelled",
      { "aria-label": "Labelled messages" },
      el("p", {}, el("strong", {}, `${labelled} labelled ${are} not in the files yet.`)),
      el("p.soft", {}, "The model learns from the files: write them, then train."),
      button(saysWrite(labelled), write, { look: "primary" }),
    ),
  );
}

async function write() {
  const done = await propose("Write the labels into the files", {
    words:
      "Most labelled messages become examples of what they mean. One in five is put aside as a " +
      "test: models are measured with it and never learn it. You see first where each goes.",
    path: "labels/write",
    draft: "labels",
  });
  if (done) await tell(done);
}

async function undo({ id, summary }) {
  const done = await propose("Undo this change", {
    words: `“${summary}” What it wrote is taken back; what was written since stays.`,
    path: `changes/${encodeURIComponent(id)}/undo`,
    draft: `undo:${id}`,
  });
  if (done) await tell(done);
}

async function commit({ id, summary }) {
  const done = await ask("Commit to git", {
    words:
      `“${summary}” The files of this change become one commit, with your name and its reason: ` +
      "a step in the history that your developers keep. Training does not need it.",
    submit: "Commit",
    act: () => api.post(`changes/${encodeURIComponent(id)}/commit`),
  });
  if (done)
    await attempt(async () => {
      await load();
      say("It is a commit now.");
    });
}

async function tell(change) {
  await attempt(() => load());
  tellWritten(written, change);
}

function render() {
  show(rows, changes, ({ id }) => id, renderChange);
  none.hidden = changes.length > 0;
  if (!changes.length)
    fill(
      none,
      el(
        "div.empty",
        {},
        icon("file"),
        el("strong", {}, "Nothing was changed yet"),
        el(
          "p",
          {},
          "What you write stands here and can be taken back: labels of the inbox, examples, intents.",
        ),
        el(
          "div.bar",
          {},
          el("a.button", { href: "/desk/inbox" }, "Label messages"),
          el("a.button", { href: "/desk/intents" }, "Go to the intents"),
        ),
      ),
    );
}

function renderChange(change) {
  const { id, at, by, summary, reason, files, undone, commit: hash } = change;
  const sum = (what) => files.reduce((total, file) => total + file[what], 0);
  const acts = renderActs(change);
  return el(
    "li.card.change",
    { id: `change-${id}` },
    el("h2", {}, summary),
    el(
      "p.soft",
      {},
      `${by} · `,
      el("time", { datetime: at, title: fullMoment(at) }, moment(at)),
      undone && [" ", el("span.chip", { "data-tone": "warn" }, "Undone")],
      hash && [" ", el("span.chip", {}, "Commit ", el("code", {}, hash.slice(0, 8)))],
    ),
    reason && el("p.why", { dir: "auto" }, reason),
    el(
      "details",
      { "data-part": "files" },
      el(
        "summary",
        {},
        `${files.length} ${files.length === 1 ? "file" : "files"} `,
        renderCounts({ added: sum("added"), removed: sum("removed") }),
      ),
      renderFiles(files),
    ),
    acts.length > 0 && el("p.bar", {}, acts),
  );
}

/** What can be done with it; each names it for whoever only hears the buttons. */
function renderActs(change) {
  const { summary, undoable, undone, commit: hash } = change;
  const act = (words, does) =>
    button(words, () => does(change), { "aria-label": `${words}: ${summary}` });
  return [
    undoable && act("Undo", undo),
    checkout && !hash && !undone && act("Commit to git", commit),
  ].filter(Boolean);
}
