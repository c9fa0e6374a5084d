import { el, icon } from "./dom.js";
import { PhotoTray, TYPES } from "./photos.js";

const LONGEST = 4000; // characters a message

/** Where the buyer writes: the photos, the input, and the buttons beside it. */
export class Composer {
  #chat;
  #language;
  #tray;
  #busy = false;
  #problem = el("p.problem", { role: "alert" });
  #file = el("input", { type: "file", accept: TYPES, multiple: true, hidden: true, "data-testid": "file" });

  input = el("textarea", { rows: 1, enterkeyhint: "send", "data-label": "input", "data-hint": "hint" });

  constructor(language, chat) {
    this.#language = language;
    this.#chat = chat;
    this.#tray = new PhotoTray(language, chat, (words) => this.#complain(words));
    this.element = el(
      "form.composer",
      { onsubmit: (event) => this.#send(event), onpaste: (event) => this.#paste(event) },
      this.#problem,
      this.#tray.element,
      el(
        "div.field",
        {},
        el("button.round", { "data-label": "addPhoto", onclick: () => this.pick() }, icon("photo")),
        this.#file,
        this.input,
        el("button.round.send", { type: "submit", "data-label": "send" }, icon("send")),
      ),
    );
    this.#tray.element.onclick = () => this.input.focus(); // or the focus goes with the removed photo
    this.#file.onchange = () => this.#picked();
    this.input.oninput = () => this.#write();
    this.input.onkeydown = (event) => this.#key(event);
  }

  /** Opens the browser's file or camera dialog. */
  pick() {
    this.#file.click();
  }

  addPhotos(files) {
    this.#complain("");
    this.#tray.add(files);
    this.input.focus();
  }

  clear() {
    this.input.value = "";
    this.#tray.clear();
    this.#write();
  }

  #picked() {
    const files = [...this.#file.files];
    this.#file.value = ""; // or the same photo could not be picked twice
    this.addPhotos(files);
  }

  #paste(event) {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    this.addPhotos(files);
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#send(event);
  }

  #write() {
    if (this.input.value) this.#chat.start(); // The line is then up before the message is.
    this.#complain("");
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
  }

  /** Photos on their way up are waited for; the text stays until they are there. */
  async #send(event) {
    event.preventDefault();
    if (this.#busy) return;
    if (this.input.value.length > LONGEST) {
      this.#complain(this.#language.say("tooLong"));
      return;
    }
    this.#busy = true;
    const attachments = await this.#tray.take();
    this.#busy = false;
    const text = this.input.value.trim();
    if (!attachments || !(text || attachments.length)) return;
    this.clear();
    this.#chat.send({ text, attachments: attachments.length ? attachments : undefined });
  }

  #complain(words) {
    this.#problem.textContent = words;
  }
}
