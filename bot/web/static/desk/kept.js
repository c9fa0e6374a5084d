import { Kept } from "../widget/kept.js";

/** What this browser keeps for whoever works at the desk: settings and drafts. */
export const kept = new Kept("desk");

/** The same until the tab is closed. */
export const keptHere = new Kept("desk", "sessionStorage");
