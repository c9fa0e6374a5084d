import { el } from "./dom.js";

const STAYS = 5000; // ms
const STAYS_WITH_LINK = 20_000; // and as long as somebody is at it
const place = el("div", { role: "status" });
let timer;

/** Tells shortly that something was done, or what was not; `link` leads to where it is seen. */
export function say(words, link) {
  if (!place.isConnected) document.body.append(place);
  const leads = link && el("a", { href: link.href }, link.words);
  place.replaceChildren(el("p.said", {}, el("span", {}, words), leads));
  goLater(link ? STAYS_WITH_LINK : STAYS);
}

function goLater(stays) {
  clearTimeout(timer);
  timer = setTimeout(
    () => (place.matches(":has(:hover, :focus)") ? goLater(STAYS) : place.replaceChildren()),
    stays,
  );
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
