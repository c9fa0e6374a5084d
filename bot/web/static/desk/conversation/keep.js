import { field } from "../dialog.js";
import { el } from "../dom.js";
import { say } from "../said.js";
import { propose } from "../teaching/propose.js";
import { linkTo } from "../teaching/written.js";

/** Keeps what the buyer typed as a test that every new model has to pass. */
export async function keepDialogue(talk) {
  const title = el("input", {
    name: "title",
    type: "text",
    required: true,
    minlength: 3,
    maxlength: 100,
    autofocus: true,
    autocomplete: "off",
    placeholder: "Broken on arrival, with a photo",
  });
  const kept = await propose("Keep as a dialogue test", {
    words:
      "Every new model has to understand what the buyer typed here, as the bot did or as " +
      "agents corrected it. Names, addresses and numbers are replaced by examples.",
    fields: [field("What happens in it", title)],
    path: `conversations/${talk.id}/dialogue-test`,
    changeOf: ({ change }) => change,
    draft: `keep:${talk.id}`,
  });
  if (!kept) return;
  const { lines, corrected, path, change } = kept;
  const count = lines.length === 1 ? "1 line" : `${lines.length} lines`;
  const open = corrected
    ? ` ${corrected} of them the bot misunderstood: no model goes live until one understands them.`
    : "";
  say(`Kept: ${count}, in ${path}.${open}`, linkTo(change));
}
