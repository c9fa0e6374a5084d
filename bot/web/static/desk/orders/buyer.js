import { button, el } from "../dom.js";

/** Who bought it: masked, until somebody asks. */
export function renderBuyer({ name, email, phone, lines, revealed }, reveal) {
  const facts = [
    ["Name", name],
    ["E-mail", email],
    ["Phone", phone],
    ["Address", lines.join("\n")],
  ].filter(([, fact]) => fact);
  return [
    el(
      "dl.facts.buyer",
      {},
      facts.flatMap(([term, fact]) => [el("dt", {}, term), el("dd", { dir: "auto" }, fact)]),
    ),
    !revealed && button("Show", reveal, { name: "eye" }),
    !revealed && el("p.small.soft", {}, "It is written down that you looked."),
  ].filter(Boolean);
}
