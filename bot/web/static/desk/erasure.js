import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { submits } from "./forms.js";

const WHEN = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const form = document.getElementById("erase");
const report = document.getElementById("report");
const past = document.getElementById("past");

submits(form, async (wanted) => {
  report.replaceChildren();
  const done = await api.post("erasures", wanted);
  form.reset();
  fill(report, done.nothing_left ? el("p", {}, "Nothing is left of this buyer.") : told(done));
  await showPast();
});

showPast();

function told({ removed, kept, rasa_told }) {
  return [
    el("h3", {}, "Removed"),
    counted(removed),
    kept.length && el("h3", {}, "Kept"),
    kept.length && counted(kept),
    !rasa_told &&
      el(
        "p.notice",
        { "data-tone": "warn" },
        "Rasa does not answer. It remembers order numbers of the latest conversations until it restarts, and is told as soon as it answers.",
      ),
  ];
}

function counted(all) {
  const rows = all.flatMap(({ what, count, why }) => [
    el("dt", {}, String(count)),
    el("dd", {}, why ? `${what}: ${why}` : what),
  ]);
  return el("dl.facts", {}, rows);
}

async function showPast() {
  const { erasures } = await api.get("erasures");
  const rows = erasures.map(({ erased_at, who, store, email_hash, removed }) =>
    el(
      "li",
      {},
      `${WHEN.format(new Date(erased_at))}, by ${who}, ${store ? `in ${store}` : "in all stores"}: `,
      removed.map(({ what, count }) => `${count} ${what}`).join(", "),
      el("small.soft", {}, `E-mail's SHA-256: ${email_hash}`),
    ),
  );
  fill(past, rows.length ? el("ul", {}, rows) : el("p", {}, "Nobody yet."));
}
