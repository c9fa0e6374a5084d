import { el, icon, set } from "./dom.js";

/** Asks once, when it is over, how it was: 1 to 5, and a word if there is one. */
export class Rating {
  #chat;
  #kept;
  #language;
  #score;
  #keys = [1, 2, 3, 4, 5].map((score) =>
    el("button.round", { "data-score": score, onclick: () => this.#choose(score) }, icon("star")),
  );
  #comment = el("textarea", { rows: 2, maxlength: 1000, "data-label": "comment", "data-hint": "comment" });
  #more = el(
    "div",
    { hidden: true },
    this.#comment,
    el("button.choice", { type: "submit", "data-say": "send" }),
  );
  #problem = el("p.problem", { role: "alert" });
  #form = el(
    "form",
    { role: "group", "aria-labelledby": "rate", onsubmit: (event) => this.#send(event) },
    el("p", { id: "rate", "data-say": "rate" }),
    el("div.keys", {}, this.#keys),
    this.#more,
    el("button.plain", { "data-say": "notNow", onclick: () => this.#end() }),
    this.#problem,
  );
  #thanks = el("p", { role: "status" });

  element = el("div.rate", { hidden: true, "data-testid": "rating" }, this.#form, this.#thanks);

  constructor(language, chat, kept) {
    this.#language = language;
    this.#chat = chat;
    this.#kept = kept;
  }

  /** Whether to ask; who said "not now" is not asked again. */
  show(ask) {
    const { conversation } = this.#chat;
    const wanted = Boolean(ask) && this.#kept.read("unrated") !== conversation;
    if (wanted === !this.#form.hidden && wanted === !this.element.hidden) return;
    if (!wanted && this.#thanks.textContent) return;
    this.#thanks.textContent = "";
    this.#form.hidden = false;
    this.element.hidden = !wanted;
    this.#choose();
    this.#comment.value = "";
  }

  translate() {
    for (const key of this.#keys)
      set(key, "aria-label", this.#language.say("score", { n: key.dataset.score }));
  }

  #choose(score) {
    this.#score = score;
    this.#more.hidden = !score;
    this.#keys.forEach((key, i) => {
      set(key, "aria-pressed", String(i + 1 === score));
      set(key, "data-lit", i < (score ?? 0));
    });
  }

  async #send(event) {
    event.preventDefault();
    this.#problem.textContent = "";
    try {
      await this.#chat.rate(this.#score, this.#comment.value.trim());
    } catch (error) {
      if (error.code !== "rated") {
        this.#problem.textContent = this.#language.say("failed");
        return;
      }
    }
    this.#form.hidden = true;
    this.#thanks.textContent = this.#language.say("thanks");
  }

  #end() {
    this.#kept.write("unrated", this.#chat.conversation);
    this.element.hidden = true;
  }
}
