import { el } from "./dom.js";

/** Above the messages while nobody is there yet: how long that takes, a way out, an e-mail to leave. */
export class WaitBar {
  #chat;
  #language;
  #usual = el("p", { role: "status" });
  #cancel = el("button.plain", { "data-say": "cancelWait", onclick: () => this.#tell("cancel-wait") });
  #email = el("input", { type: "email", required: true, maxlength: 320, autocomplete: "email", "data-label": "email" });
  #asks = el("span", { "data-say": "email" });
  #problem = el("p.problem", { role: "alert" });
  #form = el(
    "form",
    { onsubmit: (event) => this.#leave(event), novalidate: true },
    this.#email,
    el("button.plain", { type: "submit", "data-say": "leaveEmail" }),
  );

  element = el(
    "div.wait",
    { hidden: true, "data-testid": "wait" },
    el("div", {}, this.#usual, this.#cancel),
    el("label", {}, this.#asks, this.#form),
    this.#problem,
  );

  constructor(language, chat) {
    this.#language = language;
    this.#chat = chat;
  }

  /** `{minutes, may_cancel, may_leave_email, answers_by_email}`, or nothing to wait for. */
  show(wait) {
    const { minutes, may_cancel, may_leave_email, answers_by_email } = wait ?? {};
    this.#asks.dataset.say = this.#email.dataset.label = answers_by_email ? "emailAnswer" : "email";
    this.#language.translate(this.element);
    this.#usual.textContent = minutes ? this.#language.say("usual", { n: minutes }) : "";
    this.#cancel.hidden = !may_cancel;
    this.#form.parentNode.hidden = !may_leave_email;
    this.element.hidden = !(minutes || may_cancel || may_leave_email);
  }

  #leave(event) {
    event.preventDefault();
    if (this.#email.validity.valid) this.#tell("email", { email: this.#email.value });
    else this.#problem.textContent = this.#language.say("wrongEmail");
  }

  async #tell(path, body) {
    this.#problem.textContent = "";
    try {
      await this.#chat.tell(path, body);
      this.#email.value = "";
    } catch (error) {
      const key = error.status === 422 ? "wrongEmail" : "failed";
      this.#problem.textContent = this.#language.say(key);
    }
  }
}
