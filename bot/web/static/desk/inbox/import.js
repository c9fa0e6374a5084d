import * as api from "../api.js";
import { button, el, fill } from "../dom.js";
import { attempt } from "../said.js";
import { moment } from "../time.js";

const LARGEST = 50_000_000; // bytes
const PAUSE = 2000; // ms between two looks while a file is read

/** Bringing in a file, and how far the latest one has come; `done()` when it is. */
export function renderImport(done) {
  const file = el("input", {
    type: "file",
    accept: ".txt,.csv,.tsv,text/plain,text/csv",
    "aria-label": "A file of messages",
  });
  const problem = el("p.problem", { role: "alert" });
  const latest = el("div", { role: "status" });
  const send = button("Bring it in", () => void begin());
  const details = el(
    "details",
    {},
    el("summary", {}, "Bring in a file of messages"),
    el(
      "div.unfolded",
      {},
      el(
        "p.small.soft",
        {},
        "A text file with a message a line, or a table saved as CSV with a column named text; UTF-8, " +
          "up to 50 MB. Personal data gives way to examples, such as DEMO-1003 for an order " +
          "number, and the same words come in once.",
      ),
      el("div.ends", {}, file, send),
      problem,
      latest,
    ),
  );
  details.ontoggle = () => details.open && void look(false);

  async function begin() {
    const [chosen] = file.files;
    problem.textContent = !chosen
      ? "Choose a file first."
      : chosen.size > LARGEST
        ? `${chosen.name} has ${Math.round(chosen.size / 1e6)} MB; at most 50 MB are read at once.`
        : "";
    if (problem.textContent) return;
    send.disabled = true;
    try {
      show(await api.post("inbox/import", chosen));
      file.value = "";
      setTimeout(() => void look(true), PAUSE);
    } catch (error) {
      problem.textContent = error.message;
    }
    send.disabled = false;
  }

  async function look(wasRunning) {
    await attempt(async () => {
      const { latest: found } = await api.get("inbox/import");
      if (!found) return;
      show(found);
      if (found.state === "running") setTimeout(() => void look(true), PAUSE);
      else if (wasRunning) await done();
    });
  }

  function show(found) {
    fill(latest, renderLatest(found));
  }

  return el("section.card", {}, details);
}

function renderLatest({ file, by, at, state, total, read, new: fresh, known, unusable, error }) {
  if (state === "failed") return el("p.notice", { "data-tone": "bad" }, `${file}: ${error}`);
  if (state === "running" && !total)
    return el("p", {}, `${file} is looked through, and the model is started …`);
  if (state === "running")
    return el(
      "p",
      {},
      `${file}: ${read} of ${total} read. `,
      el("progress", { max: Math.max(total, 1), value: read, "aria-label": `Reading ${file}` }),
    );
  return el(
    "p",
    {},
    `${file}, sent by ${by}, ${moment(at)}: ${read} messages read, ${fresh} new, ` +
      `${known} known already, ${unusable} of no use.`,
  );
}
