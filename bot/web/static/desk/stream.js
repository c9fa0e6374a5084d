import { Stream } from "../widget/api.js";
import * as api from "./api.js";
import { button, el } from "./dom.js";

const MINUTE = 60_000; // ms
const PATIENCE = 1500; // ms a line may be down before anybody is told: most are back at once
const hub = new EventTarget();
const bar = el(
  "div.lost",
  { role: "status", hidden: true },
  el("span", {}, "The connection is lost. What you see may be out of date."),
  button("Try now", () => line.restart(), { look: "link" }),
);

let broken; // the timer of the bar, while the line is down
let begun = false;
let wanted = () => ({});

const line = new Stream(
  (signal) => api.events(wanted(), signal).catch(notHeard),
  (event, news) => hub.dispatchEvent(new CustomEvent(event, { detail: news })),
  report,
);

/**
 * Hears an event of the server: message, floor, typing, note, presence, read, talk, queue.
 *
 * And `back`: the line was down, so whatever is shown has to be asked for anew. And `minute`, for
 * what nobody tells: time has passed, or a process without a bus has changed something. And
 * `gone`: what is followed is not there any more, and nothing is heard from now on.
 */
export function on(event, act) {
  hub.addEventListener(event, ({ detail }) => act(detail));
}

/** Comes back once events are heard, so that nothing falls between asking and hearing. */
export function listening() {
  return new Promise((resolve) => {
    if (begun) resolve();
    hub.addEventListener("begin", resolve, { once: true });
    setTimeout(resolve, 400); // then `back` will tell
  });
}

/** Opens the one line of this page; `parameters()` names what is followed, and from where on. */
export function connect(parameters = wanted) {
  wanted = parameters;
  document.body.append(bar);
  line.start();
  setInterval(() => hub.dispatchEvent(new CustomEvent("minute")), MINUTE);
  addEventListener("online", () => line.restart());
  addEventListener("offline", () => report(false));
  addEventListener("pageshow", ({ persisted }) => persisted && line.restart());
}

function notHeard(error) {
  if (error.status === 404) {
    line.stop();
    hub.dispatchEvent(new CustomEvent("gone"));
  }
  throw error;
}

function report(up) {
  if (!up) {
    broken ??= setTimeout(() => (bar.hidden = false), PATIENCE);
    return;
  }
  clearTimeout(broken);
  broken = undefined;
  bar.hidden = true;
  hub.dispatchEvent(new Event(begun ? "back" : "begin"));
  begun = true;
}
