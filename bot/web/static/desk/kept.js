import { Kept } from "../widget/kept.js";

/** What this browser keeps for whoever works at the desk: settings and drafts. */
export const kept = new Kept("desk");

/** The same until the tab is closed. */
export const keptHere = new Kept("desk", "sessionStorage");

/** What was written and not sent stays behind for nobody else on this computer. */
export function forgetDrafts() {
  for (const key of Object.keys(localStorage))
    if (key.startsWith("makegood:desk:draft:")) localStorage.removeItem(key);
}
