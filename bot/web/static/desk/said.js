import { el } from "./dom.js";

const STAYS = 5000; // ms
const place = el("div", { role: "status" });
let timer;

/** Tells shortly that something was done, or what was not. */
export function say(words) {
  if (!place.isConnected) document.body.append(place);
  clearTimeout(timer);
  place.replaceChildren(el("p.said", {}, words));
  timer = setTimeout(() => place.replaceChildren(), STAYS);
}

/** Does something and tells what went wrong; true if nothing did. */
export async function attempt(act) {
  try {
    await act();
    return true;
  } catch (error) {
    say(error.message);
    return false;
  }
}
