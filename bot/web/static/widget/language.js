import english from "./strings/en.js";

const SPOKEN = /^(en|ru)(-[a-z\d]{2,8})*$/i;

/** Words, plurals and dates in the buyer's language; English where we do not speak it. */
export class Language {
  #strings = english;
  locale = "en";

  /** Changes to the first of `wanted` that the widget speaks. */
  async learn(...wanted) {
    const locale = wanted.find((tag) => SPOKEN.test(tag)) ?? "en";
    const base = locale.slice(0, 2).toLowerCase();
    this.#strings = (await import(`./strings/${base}.js`)).default;
    Object.assign(this, { locale, base });
  }

  /** The words for a key, with {name} filled in; `n` chooses the plural. */
  say(key, values = {}) {
    const words = this.#strings[key];
    const text = words.other ? words[new Intl.PluralRules(this.locale).select(values.n)] : words;
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  time(date) {
    return date.toLocaleTimeString(this.locale, { hour: "numeric", minute: "2-digit" });
  }

  /** "Today", "Yesterday", or the weekday and date. */
  day(date) {
    const ago = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 864e5);
    const text =
      ago < 2
        ? new Intl.RelativeTimeFormat(this.locale, { numeric: "auto" }).format(-ago, "day")
        : date.toLocaleDateString(this.locale, { weekday: "long", day: "numeric", month: "long" });
    return text[0].toUpperCase() + text.slice(1);
  }

  /** Puts the words into everything below `root` that names them: data-say, data-label, data-hint. */
  translate(root) {
    const fill = (name, put) => root.querySelectorAll(`[data-${name}]`).forEach((node) => put(node, this.say(node.dataset[name])));
    fill("say", (node, words) => node.textContent !== words && (node.textContent = words));
    fill("label", (node, words) => node.setAttribute("aria-label", words));
    fill("hint", (node, words) => node.setAttribute("placeholder", words));
  }
}
