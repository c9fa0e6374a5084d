import { sizeIn } from "./files.js";

const SPOKEN = /^(en|ru)(-[a-z\d]{2,8})*$/i;

/** Words, plurals and dates in the buyer's language; English where we do not speak it. */
export class Language {
  #strings;
  #plural;
  #relative;
  #day;
  #time;
  #locale;

  static speaks(tag) {
    return SPOKEN.test(tag);
  }

  /** Changes to the first of `wanted` that the widget speaks. */
  async learn(...wanted) {
    const locale = (this.#locale = wanted.find((tag) => SPOKEN.test(tag)) ?? "en");
    this.base = locale.slice(0, 2).toLowerCase();
    this.#strings = (await import(`./strings/${this.base}.js`)).default;
    this.#plural = new Intl.PluralRules(locale);
    this.#relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
    this.#day = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
    this.#time = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" });
  }

  /** The words for a key, with {name} filled in; `n` chooses the plural. */
  say(key, values = {}) {
    const words = this.#strings[key];
    const text = words.other ? words[this.#plural.select(values.n)] : words;
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  size(bytes) {
    return sizeIn(this.#locale, bytes);
  }

  time(date) {
    return this.#time.format(date);
  }

  /** "Today", "Yesterday", or the weekday and date. */
  day(date) {
    const midnight = (time) => new Date(time).setHours(0, 0, 0, 0);
    const ago = Math.round((midnight(Date.now()) - midnight(date)) / 864e5);
    const text = ago < 2 ? this.#relative.format(-ago, "day") : this.#day.format(date);
    return text[0].toUpperCase() + text.slice(1);
  }

  /** Puts the words into all below `root` that names them: data-say, data-label, data-hint. */
  translate(root) {
    const fill = (name, put) => {
      for (const node of root.querySelectorAll(`[data-${name}]`)) {
        put(node, this.say(node.dataset[name]));
      }
    };
    fill("say", (node, words) => (node.textContent = words));
    fill("label", (node, words) => node.setAttribute("aria-label", words));
    fill("hint", (node, words) => node.setAttribute("placeholder", words));
  }
}
