import { el } from "./dom.js";

/** How much that is, in the words of a language: "120 kB", "1.4 MB". */
export function sizeIn(locale, bytes) {
  const large = bytes >= 999_500;
  const format = new Intl.NumberFormat(locale, {
    style: "unit",
    unit: large ? "megabyte" : "kilobyte",
    maximumFractionDigits: large ? 1 : 0,
  });
  return format.format(large ? bytes / 1e6 : Math.max(1, bytes / 1e3));
}

/** Lets the browser save it under that name; opened here it would be the shop's own page. */
export function save(blob, name) {
  const href = URL.createObjectURL(blob);
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 6e4);
}
