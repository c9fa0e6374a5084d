import * as api from "../api.js";
import { ask } from "../dialog.js";
import { say } from "../said.js";
import { capital } from "../words.js";
import { reasonField } from "./terms.js";

/** Says yes to a remedy; true once it is said. */
export function approveRemedy({ id, text, product, two, one_has: oneHas }) {
  const second = two && !oneHas ? " A second person has to agree as well." : "";
  return ask("Approve this?", {
    words: `${capital([text, product].filter(Boolean).join(", "))}.${second}`,
    submit: "Approve",
    act: async () => say((await api.post(`remedies/${id}/approve`)).text),
  });
}

/** Says no to a remedy; true once it is said. */
export function denyRemedy({ id, text, product }) {
  return ask("Deny this?", {
    words: `${capital([text, product].filter(Boolean).join(", "))}.`,
    fields: [reasonField()],
    submit: "Deny",
    look: "danger",
    act: async (values) => say((await api.post(`remedies/${id}/deny`, values)).text),
  });
}
