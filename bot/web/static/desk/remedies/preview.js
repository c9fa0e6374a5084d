import * as api from "../api.js";
import { el, fill, icon, set } from "../dom.js";
import { language } from "../words.js";

const PAUSE = 300; // ms after the last key before the server is asked

/** What would become of a remedy that is being written, as the server sees it. */
export class Preview {
  #path;
  #asked = 0;
  #soon;

  constructor(path) {
    this.#path = path;
    this.element = el("section.preview", { "aria-label": "What would become of it", "aria-live": "polite" });
  }

  /** Looks at these terms, once nothing is typed any more. */
  look(body) {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#ask(body), PAUSE);
  }

  async #ask(body) {
    const number = (this.#asked += 1);
    set(this.element, "aria-busy", "true");
    const found = await api.post(this.#path, body).catch((error) => ({ refused: error.message, wrong: true }));
    if (number !== this.#asked) return;
    set(this.element, "aria-busy", false);
    this.#render(found);
  }

  #render({ refused, wrong, waits, why_waits: why = [], asks, worth, before, left, language: tag, texts = [] }) {
    if (refused) return fill(this.element, el("p.notice", { "data-tone": wrong ? "warn" : "bad" }, refused));
    const facts = [
      ["It costs", worth],
      ["You gave before", before],
      ["Left of what was paid", left],
    ];
    fill(
      this.element,
      el(
        "dl.facts",
        {},
        facts.flatMap(([term, fact]) => [el("dt", {}, term), el("dd", {}, fact)]),
      ),
      asks &&
        el(
          "p.notice",
          { "data-tone": "warn" },
          "It is not as good as what the buyer agreed to, so they are asked first.",
        ),
      waits && el("p.notice", { "data-tone": "warn" }, ...why.flatMap((one) => [one, " "]), "It waits in Approvals."),
      el("h3", {}, texts.length ? `The buyer reads${tag ? `, in ${language(tag)}` : ""}` : "Nobody is told of it"),
      texts.map((text) => el("blockquote.reads", { dir: "auto", lang: tag || false }, text)),
      !asks && !waits && el("p.small.soft", {}, icon("send"), "It goes out at once."),
    );
  }
}
