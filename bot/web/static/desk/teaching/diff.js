import { button, el } from "../dom.js";

const MOST_LINES = 300; // of a file; the rest on asking
const MOST_OPEN = 200; // of all files together, or only the first is unfolded
const KINDS = { "+": "added", "-": "removed", "@": "place", "\\": "place" };

/** The files of a change, each with its difference; unfolded while that is not much. */
export function renderFiles(files) {
  const lines = files.reduce((total, { diff }) => total + diff.split("\n").length, 0);
  return el(
    "div.diff-files",
    {},
    files.map((file, i) => renderFile(file, i === 0 || lines <= MOST_OPEN)),
  );
}

/** How many lines came and went. */
export function renderCounts({ added, removed }) {
  return el(
    "span.plus-minus",
    {},
    el("span.added", {}, `+${added}`),
    " ",
    el("span.removed", {}, `−${removed}`),
  );
}

function renderFile({ path, added, removed, diff }, open) {
  return el(
    "details.diff-file",
    { open, "data-part": path },
    el("summary", {}, el("code", {}, path), " ", renderCounts({ added, removed })),
    renderDiff(path, diff),
  );
}

function renderDiff(path, diff) {
  const lines = diff.split("\n");
  const begin = lines.findIndex((line) => line.startsWith("@@")); // the names stand above
  const told = lines.slice(Math.max(begin, 0)).filter((line, i, all) => line || i < all.length - 1);
  const inner = el("span.diff-lines", {}, told.slice(0, MOST_LINES).map(renderLine));
  const pre = el(
    "pre.diff",
    { tabindex: 0, role: "region", "aria-label": `What changes in ${path}` },
    inner,
  );
  if (told.length <= MOST_LINES) return pre;
  const more = button(`Show all ${told.length} lines`, () => {
    inner.append(...told.slice(MOST_LINES).map(renderLine));
    more.remove();
    pre.focus();
  });
  return el("div", {}, pre, more);
}

function renderLine(line) {
  return el("span.diff-line", { "data-kind": KINDS[line[0]] ?? "same" }, `${line}\n`);
}
