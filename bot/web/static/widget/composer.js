import { pause } from "./api.js";
import { el, icon } from "./dom.js";
import { draw, fit } from "./photos.js";

const TYPES = "image/jpeg,image/png,image/webp";
const MOST = 5; // photos a message
const LONGEST = 4000; // characters a message

/** Where the buyer writes: the photos, the input, and the buttons beside it. */
export class Composer {
  #chat;
  #kept;
  #language;
  #tray;
  #busy = false;
  #problem = el("p.problem", { role: "alert" });
  #file = el("input", {
    type: "file",
    accept: TYPES,
    multiple: true,
    hidden: true,
    "data-testid": "file",
  });

  input = el("textarea", {
    rows: 1,
    enterkeyhint: "send",
    "data-label": "input",
    "data-hint": "hint",
  });

  /** What is not sent yet is in `kept`, for a reload. */
  constructor(language, chat, kept) {
    this.#language = language;
    this.#chat = chat;
    this.#kept = kept;
    this.input.value = kept.read("draft") ?? "";
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
    this.#tray.element.onclick = () => this.input.focus(); // else it goes with the photo
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
    this.#kept.write("draft", this.input.value);
    if (this.input.value) {
      this.#chat.start(); // The line is then up before the message is.
      this.#chat.typing();
    }
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
    this.#chat.send({ text, attachments });
  }

  #complain(words) {
    this.#problem.textContent = words;
  }
}

/** The photos above the input: preview, progress, and a way to take each out again. */
class PhotoTray {
  #chat;
  #complain;
  #language;
  #tiles = new Set();

  element = el("ul.tray", { "data-label": "photos" });

  /** `complain(words)` tells the buyer what is wrong with a photo. */
  constructor(language, chat, complain) {
    this.#language = language;
    this.#chat = chat;
    this.#complain = complain;
  }

  get size() {
    return this.#tiles.size;
  }

  add(files) {
    for (const file of files) {
      if (this.size < MOST) this.#add(file);
      else this.#complain(this.#language.say("photoCount"));
    }
  }

  /** `[{id}]` when all are up; null if one was refused or taken out meanwhile. */
  async take() {
    const tiles = [...this.#tiles];
    await Promise.all(tiles.map((tile) => tile.done));
    if (tiles.some((tile) => !this.#tiles.has(tile))) return null;
    this.clear();
    return tiles.map(({ id }) => ({ id }));
  }

  clear() {
    this.#tiles.forEach((tile) => this.#drop(tile));
  }

  #add(file) {
    const { name } = file;
    const preview = el("canvas");
    const progress = el("progress", {
      value: 0,
      "aria-label": this.#language.say("uploading", { name }),
    });
    const label = this.#language.say("removePhoto", { name });
    const remove = el(
      "button.round",
      { "aria-label": label, onclick: () => this.#drop(tile) },
      icon("close"),
    );
    const tile = { name, preview, progress, element: el("li", {}, preview, progress, remove) };
    this.#tiles.add(tile);
    this.element.append(tile.element);
    tile.done = Promise.race([
      this.#bring(tile, file),
      new Promise((resolve) => (tile.gone = resolve)),
    ]);
  }

  async #bring(tile, file) {
    const { photo, refusal } = await fit(file);
    if (refusal) this.#refuse(tile, this.#language.say(refusal, tile));
    else draw(tile.preview, photo, 160).catch(() => {});
    for (let failures = 0; this.#tiles.has(tile); failures += 1) {
      try {
        tile.id = await this.#chat.upload(photo, (part) => (tile.progress.value = part));
        tile.progress.remove();
        return;
      } catch (error) {
        if (error.temporary) await pause(failures);
        else this.#refuse(tile, error.message || this.#language.say("failed"));
      }
    }
  }

  #refuse(tile, words) {
    this.#drop(tile);
    this.#complain(words);
  }

  #drop(tile) {
    this.#tiles.delete(tile);
    tile.element.remove();
    tile.gone();
  }
}
