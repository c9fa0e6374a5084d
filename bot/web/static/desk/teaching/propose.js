import * as api from "../api.js";
import { ask, field } from "../dialog.js";
import { el } from "../dom.js";
import { renderFiles } from "./diff.js";
import { keepFields } from "./drafts.js";

const LEGEND =
  "Lines with + come in, lines with − go out; the rest stands around them and stays as it is.";

/** Somebody looked at what would change and went back: nothing to be told. */
class WentBack extends Error {}

/** A field for why something is changed. */
export function reasonField() {
  return field(
    "Why",
    el("textarea", { name: "reason", rows: 2, maxlength: 500, required: true }),
    "For your colleagues: it stands beside the change in the list of changes.",
  );
}

/**
 * Asks for what a change needs, shows what it would write, and writes it.
 *
 * `toBody(values)` makes what is sent to `path` of the named fields and may throw a sentence;
 * `changeOf` finds the change in what is answered. Comes back with what the server answered when
 * it was written, undefined if it was left.
 */
export async function propose(
  title,
  { words, fields = [], path, toBody = (values) => values, changeOf, draft },
) {
  const root = el("div.fields", {}, fields, reasonField());
  const keeping = keepFields(root, draft);
  let written;
  await ask(title, {
    words,
    fields: [root],
    submit: "See what changes",
    wide: true,
    act: async (values) => {
      written = await lookThenWrite(path, toBody(values), changeOf);
      keeping.drop();
    },
  });
  return written;
}

/** Shows what would be written, and writes it; throws if it is refused or somebody goes back. */
export async function lookThenWrite(path, body, changeOf = (answer) => answer) {
  const change = changeOf(await api.post(`${path}?preview=true`, body));
  let written;
  await ask("This is what changes", {
    words: `${change.summary} Nothing is written yet.`,
    fields: [
      change.files.length > 0 && el("p.small.soft", {}, LEGEND),
      change.files.length ? renderFiles(change.files) : el("p", {}, "No file changes."),
    ],
    submit: "Write it",
    back: "Back",
    wide: true,
    act: async () => {
      written = await api.post(path, body);
    },
  });
  if (!written) throw new WentBack("");
  return written;
}
