import * as api from "../api.js";
import { ask } from "../dialog.js";
import { el } from "../dom.js";
import { say } from "../said.js";
import { Preview } from "./preview.js";
import { reasonField, termsFields, toTerms } from "./terms.js";

/** Puts other terms in place of a remedy that waits; true once something was done. */
export function changeRemedy({ id, text, product, terms }) {
  const path = `remedies/${id}/change`;
  const preview = new Preview(`${path}/preview`);
  const agreed = el("input", { type: "checkbox", name: "buyer_agreed" });
  const body = (values) => ({
    ...toTerms(values, terms.line_id),
    reason: values.reason,
    buyer_agreed: agreed.checked,
  });
  const fields = el(
    "div.terms",
    {},
    termsFields(terms),
    el("label.check", {}, agreed, "The buyer has agreed to these terms"),
    preview.element,
    reasonField(),
  );
  fields.addEventListener("input", () => preview.look(body(valuesOf(fields))));
  const done = ask("Change what was agreed", {
    words: `Now: ${[text, product].filter(Boolean).join(", ")}`,
    fields: [fields],
    submit: "Change it",
    wide: true,
    act: async (values) => say((await api.post(path, body(values))).text),
  });
  preview.look(body(valuesOf(fields)));
  return done;
}

function valuesOf(fields) {
  return Object.fromEntries(new FormData(fields.closest("form")));
}
