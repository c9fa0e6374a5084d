import { button, el } from "./dom.js";

/** In the place of what could not be fetched: why, and a button to try again. */
export function renderFailed({ message }, again) {
  return el(
    "div.notice.failed",
    { "data-tone": "bad", role: "alert" },
    el("p", {}, message),
    button("Try again", again, { id: "again" }),
  );
}
