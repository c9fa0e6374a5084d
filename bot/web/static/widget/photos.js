import { el, icon } from "./dom.js";
import { pause } from "./api.js";

export const TYPES = "image/jpeg,image/png,image/webp";
const MOST = 5; // photos a message
const LARGEST = 5 * 2 ** 20; // bytes, for the server
const PIXELS = 25e6;

/** Its message is a key of the strings. */
class RefusedPhoto extends Error {}

/** The photo as the server will take it. Too large a one is made smaller: the buyer hardly could. */
async function fit(file) {
  const start = String.fromCharCode(...new Uint8Array(await file.slice(0, 12).arrayBuffer()));
  if (!/^(\xff\xd8\xff|\x89PNG|RIFF[^]{4}WEBP)/.test(start)) throw new RefusedPhoto("photoType");
  const canvas = el("canvas");
  const pixels = await draw(canvas, file, 2560).catch(() => 0);
  if (file.size <= LARGEST && pixels <= PIXELS) return file;
  const blob = pixels && (await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85)));
  if (!blob || blob.size > LARGEST) throw new RefusedPhoto("photoSize");
  return new File([blob], "photo.jpg", { type: blob.type });
}

/** Draws a picture, at most `edge` pixels long; on a canvas, as a shop's CSP may forbid blob: images. */
export async function draw(canvas, blob, edge) {
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  const scale = Math.min(1, edge / Math.max(width, height));
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return width * height;
}

/** The photos above the input: preview, progress, and a way to take each out again. */
export class PhotoTray {
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
    const progress = el("progress", { value: 0, "aria-label": this.#language.say("uploading", { name }) });
    const label = this.#language.say("removePhoto", { name });
    const remove = el("button.round", { "aria-label": label, onclick: () => this.#drop(tile) }, icon("close"));
    const tile = { name, preview, progress, element: el("li", {}, preview, progress, remove) };
    this.#tiles.add(tile);
    this.element.append(tile.element);
    const sent = this.#prepare(tile, file).catch((error) => {
      const reason = error instanceof RefusedPhoto ? error.message : "photoFailed";
      this.#drop(tile);
      this.#complain((error.status && error.message) || this.#language.say(reason, { name }));
    });
    tile.done = Promise.race([sent, new Promise((resolve) => (tile.gone = resolve))]);
  }

  async #prepare(tile, file) {
    const photo = await fit(file);
    draw(tile.preview, photo, 160).catch(() => {});
    for (let failures = 0; this.#tiles.has(tile); failures += 1) {
      try {
        tile.id = await this.#chat.upload(photo, (part) => (tile.progress.value = part));
        tile.progress.remove();
        return;
      } catch (error) {
        if (!error.temporary) throw error;
        await pause(failures);
      }
    }
  }

  #drop(tile) {
    this.#tiles.delete(tile);
    tile.gone();
    tile.element.remove();
  }
}
