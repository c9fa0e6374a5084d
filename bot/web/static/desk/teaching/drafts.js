import { kept } from "../kept.js";

/**
 * Lets what is typed and ticked under `root` survive a reload, an error, a dialog that was left.
 *
 * Controls are known by their names; a file would not be kept. `drop()` once it is written.
 */
export function keepFields(root, name) {
  const key = `draft:${name}`;
  fillIn(root, kept.read(key) ?? {});
  let over = false;
  const save = () => over || kept.write(key, read(root));
  root.addEventListener("input", save);
  root.addEventListener("change", save);
  return {
    save,
    drop() {
      over = true;
      kept.drop(key);
    },
  };
}

/** What is kept under that name; null for nothing. */
export function readDraft(name) {
  return kept.read(`draft:${name}`);
}

/** Puts something into a draft for a form that is opened next. */
export function addToDraft(name, fields) {
  kept.write(`draft:${name}`, { ...readDraft(name), ...fields });
}

function controls(root) {
  return root.querySelectorAll("input[name], textarea[name], select[name]");
}

function isTicked(control) {
  return control.type === "checkbox" || control.type === "radio";
}

function read(root) {
  const found = {};
  for (const one of controls(root)) {
    if (!isTicked(one)) found[one.name] = one.value;
    else if (one.checked) found[one.name] = one.value;
    else found[one.name] ??= "";
  }
  return found;
}

function fillIn(root, fields) {
  for (const one of controls(root)) {
    if (!(one.name in fields)) continue;
    if (isTicked(one)) one.checked = one.value === fields[one.name];
    else one.value = fields[one.name];
  }
}
