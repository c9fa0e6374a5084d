import { field } from "../dialog.js";
import { el, set } from "../dom.js";

const LONGEST = 50;
const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/** A name that files can have, of words: "Gift wrapping?" is gift_wrapping; "" if none comes out. */
export function toName(words) {
  const plain = words
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "");
  const name = plain.replace(/[^a-z0-9]+/g, "_").replace(/^[_\d]+|_+$/g, "");
  return name.slice(0, LONGEST).replace(/_+$/, "");
}

/** What is wrong with a name, "" if nothing is; `taken` are those that there are. */
export function problemOf(name, taken) {
  if (!name) return "It needs a name.";
  if (/[A-Z]/.test(name)) return "Small letters only.";
  if (/\s/.test(name)) return "No spaces: put _ between the words.";
  if (/^[\d_]/.test(name)) return "It begins with a letter.";
  if (!NAME.test(name)) return "Only the letters a to z and digits, with one _ between words.";
  if (name.length > LONGEST) return `At most ${LONGEST} characters.`;
  if (taken.includes(name)) return "There is an intent of that name already.";
  return "";
}

/**
 * A field for an intent's name that is checked while somebody types.
 *
 * Until they do, `propose(words)` fills it.
 */
export function nameField({ name = "name", label = "Short name", taken, value = "" }) {
  const told = el("small.name-told", { role: "status", id: "name-told" });
  const input = el("input.code", {
    name,
    value,
    maxlength: 100,
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    required: true,
    "aria-describedby": "name-told",
  });
  let own = false;
  const check = () => {
    const problem = problemOf(input.value.trim(), taken);
    set(input, "aria-invalid", problem && input.value ? "true" : false);
    told.dataset.wrong = Boolean(problem && input.value);
    told.textContent =
      (input.value && problem) || "How the files call it: small letters, digits and _.";
  };
  input.addEventListener("input", () => {
    own = input.value !== "";
    check();
  });
  check();
  return {
    element: el("div", {}, field(label, input), told),
    /** Takes a name from the title unless somebody wrote one. */
    propose(words) {
      if (own) return;
      input.value = toName(words);
      check();
    },
    /** After a draft was filled in: whose name it is. */
    restored(words) {
      own = input.value !== "" && input.value !== toName(words);
      check();
    },
    /** Throws what is wrong with it. */
    check() {
      const problem = problemOf(input.value.trim(), taken);
      if (!problem) return;
      input.focus();
      throw new Error(`The short name: ${problem}`);
    },
  };
}
