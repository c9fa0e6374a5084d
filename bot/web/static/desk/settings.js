import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { submits } from "./forms.js";

const LANGUAGES = new Intl.DisplayNames("en", { type: "language" });
const files = document.getElementById("files");
const unsaved = new Set();

addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});

show();

async function show() {
  try {
    const found = await api.get("canned/files");
    fill(files, found.files.map(editor));
  } catch (error) {
    fill(files, el("p.problem", { role: "alert" }, error.message));
  }
}

/** One language's replies; what was not saved is kept until the page is left. */
function editor({ locale, source }) {
  const saved = el("span.soft", { role: "status" });
  const area = el("textarea.source", {
    name: "source",
    rows: "20",
    spellcheck: "false",
    maxLength: "100000",
  });
  area.value = source;
  area.oninput = () => {
    unsaved.add(locale);
    saved.textContent = "Not saved yet.";
  };
  const form = el(
    "form.words",
    { method: "post" },
    el("label.field", {}, el("span", {}, LANGUAGES.of(locale.replace("_", "-"))), area),
    el("p.problem", { role: "alert" }),
    el("p.bar", {}, el("button.primary", { type: "submit" }, "Save"), saved),
  );
  submits(form, async () => {
    await api.post(`canned/${locale}`, { source: area.value }, "PUT");
    unsaved.delete(locale);
    saved.textContent = "Saved. It counts from the next reply on.";
  });

  return form;
}
