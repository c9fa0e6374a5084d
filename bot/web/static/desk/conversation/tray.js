import { fit } from "../../widget/photos.js";
import * as api from "../api.js";
import { button, el } from "../dom.js";

const TYPES = "image/jpeg,image/png,image/webp";
const MOST = 5;
const REFUSALS = {
  photoType: "Photos can be sent as JPEG, PNG or WebP.",
  photoSize: "That photo is too large, even made smaller.",
};

/** The photos that go with the reply; on their way up as soon as they are there. */
export class Tray {
  #talk;
  #draft;
  #tell;
  #tiles = new Map(); // photo or file -> {element, done}
  #file = el("input", { type: "file", accept: TYPES, multiple: true, hidden: true });

  element = el("ul.tray", { "aria-label": "Photos to send" });
  button = button("Add photos", () => this.#file.click(), { look: "round.plain", symbol: "photo" });

  /** `tell(words)` says what is wrong with a photo. */
  constructor(talk, draft, tell) {
    this.#talk = talk;
    this.#draft = draft;
    this.#tell = tell;
    draft.photos.forEach((photo) => this.#show(photo, talk.photo(photo.id)));
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
      this.#file.value = ""; // or the same photo could not be picked twice
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
      else this.#tell(`At most ${MOST} photos a message.`);
    }
  }

  /** What is attached, once all are up. */
  async take() {
    await Promise.all([...this.#tiles.values()].map(({ done }) => done));
    return this.#draft.photos;
  }

  clear() {
    this.#tiles.clear();
    this.element.replaceChildren();
  }

  #bring(file) {
    const url = URL.createObjectURL(file);
    const tile = this.#show(file, url);
    tile.element.ariaBusy = "true";
    tile.done = this.#upload(file, tile)
      .catch((error) => {
        this.#drop(file);
        this.#tell(error.message);
      })
      .finally(() => {
        tile.element.ariaBusy = "false";
        URL.revokeObjectURL(url);
      });
  }

  async #upload(file, tile) {
    const { photo, refusal } = await fit(file);
    if (refusal) throw new Error(REFUSALS[refusal]);
    tile.photo = await api.persist(() =>
      api.post(`conversations/${this.#talk.id}/attachments`, photo),
    );
    if (this.#tiles.has(file)) this.#draft.photos = [...this.#draft.photos, tile.photo];
  }

  #show(key, src) {
    const remove = button("Remove this photo", () => this.#drop(key), {
      look: "round",
      symbol: "cross",
    });
    const element = el("li", {}, el("img", { src, alt: key.name ?? "Photo" }), remove);
    const tile = { element, photo: key.id && key };
    this.#tiles.set(key, tile);
    this.element.append(element);
    return tile;
  }

  #drop(key) {
    const tile = this.#tiles.get(key);
    this.#tiles.delete(key);
    tile?.element.remove();
    this.#draft.photos = this.#draft.photos.filter(({ id }) => id !== tile?.photo?.id);
  }
}
