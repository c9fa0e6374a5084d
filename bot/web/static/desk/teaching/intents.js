import * as api from "../api.js";
import { capital, plain } from "../words.js";

/** What it means that an intent is protected. */
export const GUARDED = "No model goes live that understands this one worse than the one before.";

const ROUTES = {
  playbook: "The bot works on it",
  answer: "The bot answers",
  person: "A person takes over",
  continue_case: "It goes on with what is being talked about",
  clarify: "The bot asks what is meant",
};

/** All intents with what can be chosen for them; each has its title. */
export async function readIntents() {
  const found = await api.get("intents");
  return { ...found, intents: found.intents.map(titled) };
}

/** One intent with all its examples as `lines`; `examples` is how many of a language. */
export async function readIntent(name) {
  const found = await api.get(`intents/${encodeURIComponent(name)}`);
  const counts = Object.groupBy(found.examples, ({ language }) => language);
  const examples = Object.fromEntries(
    Object.entries(counts).map(([language, lines]) => [language, lines.length]),
  );
  return titled({ ...found, lines: found.examples, examples });
}

/** Where its page is. */
export function pageOf(name) {
  return `/desk/intents/${encodeURIComponent(name)}`;
}

/** What happens when a buyer means it, in words. */
export function saysRoute({ route, playbook }, playbooks = []) {
  const words = ROUTES[route] ?? capital(plain(route ?? ""));
  const title =
    playbook && (playbooks.find(({ name }) => name === playbook)?.title ?? plain(playbook));
  return title ? `${words}: ${title}` : words;
}

/** How well it is known, in words: 0.873 is "87 %". */
export function saysF1(f1) {
  return f1 == null ? "not measured" : `${Math.round(f1 * 100)} %`;
}

/** Other intents to choose from, in the order of their titles. */
export function others(intents, name) {
  return intents
    .filter((one) => one.name !== name)
    .sort((one, other) => one.title.localeCompare(other.title))
    .map((one) => [one.name, one.title]);
}

function titled(intent) {
  return { ...intent, title: capital(intent.title || plain(intent.name)) };
}
