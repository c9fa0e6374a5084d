import * as api from "../api.js";

const OFTEN = 1000; // ms between two looks
const MOST = 200_000; // letters that are kept

/** What Rasa says while it trains: asked for while it is unfolded, line by line. */
export class Log {
  #box;
  #text;
  #id;
  #place = 0;
  #timer;
  #chosen = false; // one of the past, which stays until it is folded

  constructor(box) {
    this.#box = box;
    this.#text = box.querySelector("pre");
    box.ontoggle = () => {
      if (box.open) this.#look();
      else {
        clearTimeout(this.#timer);
        this.#chosen = false;
      }
    };
  }

  /** Shows that training's log from now on; `chosen` unfolds it. */
  follow(id, chosen = false) {
    if (!chosen && (this.#chosen || !id)) return; // what was read last stays to be read
    this.#chosen = chosen;
    if (id !== this.#id) {
      Object.assign(this.#text, { textContent: "" });
      this.#id = id;
      this.#place = 0;
    }
    this.#box.hidden = false;
    if (chosen) {
      this.#box.open = true;
      this.#box.querySelector("summary").focus();
    }
    if (this.#box.open) this.#look();
  }

  toggle() {
    if (this.#box.hidden) return false;
    this.#box.open = !this.#box.open;
  }

  async #look() {
    clearTimeout(this.#timer);
    const id = this.#id;
    const { text, next, over } = await api
      .get(`trainings/${id}/log`, { after: this.#place })
      .catch(() => ({ text: "", next: this.#place, over: false }));
    if (id !== this.#id || next < this.#place) return;
    if (text && next > this.#place) this.#add(text);
    this.#place = next;
    if (over && !this.#text.textContent) this.#text.textContent = "Nothing was said.";
    clearTimeout(this.#timer);
    if (!over && this.#box.open) this.#timer = setTimeout(() => this.#look(), OFTEN);
  }

  #add(text) {
    const pre = this.#text;
    const atEnd = pre.scrollHeight - pre.scrollTop - pre.clientHeight < 40;
    pre.textContent = (pre.textContent + text).slice(-MOST);
    if (atEnd) pre.scrollTop = pre.scrollHeight;
  }
}
