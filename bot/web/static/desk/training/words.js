import { now } from "../time.js";

/** Milliseconds to the second: "9 s", "2 min 05 s", "1 h 02 min". */
export function elapsed(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const two = (number) => String(number % 60).padStart(2, "0");
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${two(minutes)} min`;
  return minutes ? `${minutes} min ${two(seconds)} s` : `${seconds} s`;
}

/** How long something has gone on, or took. */
export function span(from, to) {
  return elapsed((to ? Date.parse(to) : now()) - Date.parse(from));
}

/** What a model is called among people: the checksum that its file is named after. */
export function short(name) {
  return name.replace(/^makegood-/, "").replace(/\.tar\.gz$/, "");
}

export function count(number, words) {
  return `${number.toLocaleString("en")} ${words}${number === 1 ? "" : "s"}`;
}
