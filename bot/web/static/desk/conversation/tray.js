import { fit } from "../../widget/photos.js";
import * as api from "../api.js";
import { button, el } from "../dom.js";
import { isFile, renderFile } from "./files.js";

const TYPES = "image/jpeg,image/png,image/webp,.pdf,.txt,.csv,.docx,.xlsx,.pptx,.odt,.ods,.odp";
const MOST = 5;
const LARGEST = 10 * 2 ** 20; // bytes of a file that is no photo

/** The photos and files that go with the reply; on their way up as soon as they are there. */
export class Tray {
  #talk;
  #draft;
  #tell;
  #tiles = new Map(); // what is attached, or a file on its way -> {element, done}
  #file = el("input", { type: "file", accept: TYPES, multiple: true, hidden: true });

  element = el("ul.tray", { "aria-label": "Photos and files to send" });
  button = button("Attach photos or files", () => this.#file.click(), {
    look: "round.plain",
    symbol: "clip",
  });

  /** `tell(words)` says what is wrong with one of them. */
  constructor(talk, draft, tell) {
    this.#talk = talk;
    this.#draft = draft;
    this.#tell = tell;
    draft.attached.forEach((one) => {
      const picture = isFile(one) ? null : talk.photo(one.id);
      this.#show(one, picture).attached = one;
    });
  }

  get hidden() {
    return this.element.hidden;
  }

  set hidden(hidden) {
    this.element.hidden = this.button.hidden = hidden;
  }

  /** Takes what is picked, pasted into the form or dropped on it. */
  takeFrom(form) {
    form.append(this.#file);
    this.#file.onchange = () => {
      this.add([...this.#file.files]);
      this.#file.value = ""; // or the same one could not be picked twice
    };
    const take = (event, { types, files }) => {
      // A cell of a table comes as text and as its picture: the text is meant.
      if (this.hidden || !types.includes("Files") || types.includes("text/plain")) return;
      event.preventDefault();
      this.add([...files]);
    };
    form.addEventListener("paste", (event) => take(event, event.clipboardData));
    form.addEventListener("drop", (event) => take(event, event.dataTransfer));
    form.addEventListener("dragover", (event) => this.hidden || event.preventDefault());
  }

  add(files) {
    for (const file of files) {
      if (this.#tiles.size < MOST) this.#bring(file);
      else this.#tell(`At most ${MOST} photos and files a message.`);
    }
  }

  /** What is attached, once all are up. */
  async take() {
    await Promise.all([...this.#tiles.values()].map(({ done }) => done));
    return this.#draft.attached;
  }

  clear() {
    this.#tiles.clear();
    this.element.replaceChildren();
  }

  #bring(file) {
    const picture = file.type.startsWith("image/") && URL.createObjectURL(file);
    const tile = this.#show(file, picture);
    tile.element.ariaBusy = "true";
    tile.done = this.#upload(file, tile)
      .catch((error) => {
        this.#drop(file);
        this.#tell(error.message);
      })
      .finally(() => {
        tile.element.ariaBusy = "false";
        if (picture) URL.revokeObjectURL(picture);
      });
  }

  async #upload(file, tile) {
    const { photo, refusal } = await fit(file);
    if (refusal === "photoSize") throw new Error("That photo is too large, even made smaller.");
    if (!photo && file.size > LARGEST) throw new Error("A file can have 10 MB at most.");
    const path = `conversations/${this.#talk.id}/${photo ? "attachments" : "files"}`;
    tile.attached = await api.persist(() => api.post(path, photo ?? file));
    if (this.#tiles.has(file)) this.#draft.attached = [...this.#draft.attached, tile.attached];
  }

  /** A tile, with the picture that lies at `src` if it is one. */
  #show(key, src) {
    const remove = button(`Remove ${key.name ?? "this photo"}`, () => this.#drop(key), {
      look: "round",
      symbol: "cross",
    });
    const inside = src ? el("img", { src, alt: key.name ?? "Photo" }) : renderFile(key);
    const element = el(src ? "li" : "li.file", {}, inside, remove);
    const tile = { element };
    this.#tiles.set(key, tile);
    this.element.append(element);
    return tile;
  }

  #drop(key) {
    const tile = this.#tiles.get(key);
    this.#tiles.delete(key);
    tile?.element.remove();
    this.#draft.attached = this.#draft.attached.filter(({ id }) => id !== tile?.attached?.id);
  }
}
