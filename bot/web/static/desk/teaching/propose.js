import * as api from "../api.js";
import { ask, field } from "../dialog.js";
import { el } from "../dom.js";
import { renderFiles } from "./diff.js";
import { keepFields } from "./drafts.js";

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
 * `toBody(values)` makes what is sent to `path` of the named fields and may throw a sentence.
 * `act(body)` does it instead without a look before. Comes back with the change as the server
 * wrote it, undefined if it was left.
 */
export async function propose(
  title,
  {
    words,
    fields = [],
    path,
    toBody = (values) => values,
    draft,
    act,
    submit = "See what changes",
  },
) {
  const root = el("div.fields", {}, fields, reasonField());
  const keeping = keepFields(root, draft);
  let written;
  await ask(title, {
    words,
    fields: [root],
    submit,
    wide: true,
    act: async (values) => {
      const body = toBody(values);
      written = await (act ? act(body) : lookThenWrite(path, body));
      keeping.drop();
    },
  });
  return written;
}

/** Shows what would be written, and writes it; throws if it is refused or somebody goes back. */
export async function lookThenWrite(path, body) {
  const change = await api.post(`${path}?preview=true`, body);
  if (!change.files.length) throw new Error("That would change nothing.");
  let written;
  await ask("This is what changes", {
    words: `${change.summary} Nothing is written yet.`,
    fields: [renderFiles(change.files)],
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
