import { button, el } from "./dom.js";
import { rememberFocus } from "./focus.js";

/** A modal dialog over the page, gone when it is closed; `look` as in `dialog.wide`. */
export function openDialog(title, content, look = "") {
  const dialog = el(`dialog${look}`, { "aria-label": title }, content);
  const giveBack = rememberFocus();
  dialog.onclose = () => {
    dialog.remove();
    giveBack();
  };
  // A press that begins and ends beside it closes it; one that selects text does not.
  let beside = false;
  dialog.addEventListener("mousedown", ({ target }) => (beside = target === dialog));
  dialog.addEventListener("click", ({ target }) => beside && target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks before something is done. Comes back with true once it is done, false if it was left.
 *
 * `act(values)` gets the named fields. What it throws is told in the dialog, which stays open.
 */
export function ask(
  title,
  { words, fields = [], submit, look = "primary", act, wide, back = "Cancel" },
) {
  const problem = el("p.problem", { role: "alert" });
  const leave = button(back, () => dialog.close());
  const go = el(`button.${look}`, { type: "submit" }, submit);
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", {}, title),
    words && el("p", {}, words),
    fields,
    problem,
    el("div.ends", {}, leave, go),
  );
  const dialog = openDialog(title, form, wide ? ".wide" : "");
  form.querySelector("[autofocus]")?.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "done"));
    form.onkeydown = (event) => {
      const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey);
      if (sends) form.requestSubmit(go);
    };
    form.onsubmit = async (event) => {
      event.preventDefault();
      if (go.disabled) return;
      problem.textContent = "";
      const focused = document.activeElement;
      go.disabled = true;
      try {
        await act(Object.fromEntries(new FormData(form)));
        dialog.close("done");
      } catch (error) {
        problem.textContent = error.message;
      }
      go.disabled = false;
      if (dialog.open) focused.focus(); // a button that was disabled has lost it
    };
  });
}

/** A labelled field for `ask`. */
export function field(label, control, hint) {
  return el("label.field", {}, el("span", {}, label), control, hint && el("small.soft", {}, hint));
}

/** A list to choose from: `[[value, words]]`. */
export function select(name, options, attributes = {}) {
  const chosen = attributes.value;
  const items = options.map(([value, words]) =>
    el("option", { value, selected: value === chosen }, words),
  );
  return el("select", { name, ...attributes }, items);
}
