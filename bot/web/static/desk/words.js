import * as api from "./api.js";

const FLOORS = {
  BOT: ["With the bot", "bot"],
  WAITING: ["Waits for somebody", "clock"],
  HUMAN: ["With the team", "person"],
  CLOSED: ["Closed", "check"],
};
const MARKETPLACES = {
  wish: "Wish",
  amazon: "Amazon",
  wildberries: "Wildberries",
  shop: "Own shop",
};
const NAMES = ["stores", "agents", "teams"]; // spelt as somebody spelt them
const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language" });

let asked;

/**
 * All that can be chosen from: reasons, intents, entities, marketplaces, languages, stores,
 * agents and teams, each `[[value, words]]`. Asked for once a page.
 */
export function vocabulary() {
  return (asked ??= ask().catch((error) => {
    asked = undefined;
    throw error;
  }));
}

async function ask() {
  const kinds = Object.entries(await api.get("words"));
  const spell = (kind, text) => (NAMES.includes(kind) ? text : capital(text));
  const pairs = ([kind, words]) => [kind, words.map(({ name, text }) => [name, spell(kind, text)])];
  return Object.fromEntries(kinds.map(pairs));
}

/** Who has the floor, and its icon. */
export function floor(name) {
  return FLOORS[name];
}

export function marketplace(name) {
  return MARKETPLACES[name] ?? name;
}

/** A language's English name; "" for none. */
export function language(tag) {
  if (!tag) return "";
  try {
    return LANGUAGES.of(tag);
  } catch {
    return tag;
  }
}

/** The language's name if it is one that this agent does not read, else "". */
export function foreign(tag, { reads }) {
  return tag && reads.length && !reads.includes(tag) ? language(tag) : "";
}

/** With a capital letter, as a line of its own. */
export function capital(words) {
  return words && words[0].toUpperCase() + words.slice(1);
}

/** What nobody has put into words yet, such as "order_number". */
export function plain(name) {
  return name.replaceAll("_", " ");
}

export function percent(part) {
  return `${Math.round(part * 100)} %`;
}
