import * as api from "../api.js";
import { attempt } from "../said.js";
import { now } from "../time.js";
import { isFile } from "./files.js";

const BARE = { choices: [], card: null, heard: null, why: [] };
const SOON = 400; // ms in which several reasons to look again count as one

/** The conversation of this page as the server tells it, kept up to date. */
export class Talk {
  #loading;
  #again = false;
  #timer;
  #at; // when it goes off
  #buyer; // once revealed

  /** The answer of the API; null until it is there. */
  now = null;
  /** Called after every change, */
  onchange = () => {};
  /** and when this agent has taken it over. */
  ontaken = () => {};

  constructor(id, me) {
    this.id = id;
    this.me = me;
  }

  /** Asks for it anew; who asks meanwhile is served by one more look. */
  async load() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = Boolean(this.#loading);
    this.#loading ??= this.#fetch();
    await this.#loading;
  }

  /** Looks again in a moment: what a message changes besides is not in its event. */
  loadSoon(wait = SOON) {
    const at = Date.now() + wait;
    if (this.#timer && this.#at <= at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(() => attempt(() => this.load()), wait);
  }

  /** Does something with it, such as `claim`; throws ApiError. */
  async do(action, body) {
    try {
      return await api.post(`conversations/${this.id}/${action}`, body);
    } finally {
      this.loadSoon();
    }
  }

  /** Who the buyer is, unmasked; the server writes down who asked. */
  async reveal() {
    this.#buyer = await api.post(`conversations/${this.id}/reveal`);
    this.set("buyer", this.#buyer);
  }

  /** Where a photo of it lies. */
  photo(id) {
    return api.address(`conversations/${this.id}/photos/${id}`);
  }

  /** Where a file of it can be saved from. */
  file(id) {
    return api.address(`conversations/${this.id}/files/${id}`);
  }

  /** The seq of the last message. */
  get last() {
    return this.now?.messages.at(-1)?.seq ?? 0;
  }

  /** Whether this agent may do it now, such as `reply`. */
  may(what) {
    if (what === "keep") return this.me.may.includes("teach");
    const { may, snoozed_until } = this.now ?? { may: {} };
    return Boolean(what === "wake" ? may.snooze && snoozed_until : may[what]);
  }

  /** Who else has it open, beside whoever is on it. */
  get others() {
    const { present, floor, agent } = this.now;
    const on = floor === "HUMAN" && agent?.id;
    return present.filter(({ id }) => id !== this.me.id && id !== on);
  }

  /** Takes a message that is new, or is known by more now. */
  put(message) {
    this.#change("messages", (known) =>
      [...known.filter(({ id }) => id !== message.id), message].sort((a, b) => a.seq - b.seq),
    );
  }

  /** Takes what this page has sent, before its event comes. */
  addOwn(mode, { id, seq, text, attached = [] }) {
    const at = new Date(now()).toISOString();
    const agent = this.me.first_name;
    if (this.now.messages.some((known) => known.id === id)) return; // its event was faster
    if (mode === "note") this.addNote({ id, text, at, agent, after_seq: this.last });
    else {
      const files = attached.filter(isFile);
      const photos = attached.filter((one) => !isFile(one));
      const sent = { id, seq, text, at, agent, photos, files, sender: "agent", kind: "text" };
      this.put({ ...BARE, ...sent });
    }
  }

  addNote(note) {
    this.#change("notes", (known) => [...known.filter(({ id }) => id !== note.id), note]);
  }

  set(name, value) {
    this.#change(name, () => value);
  }

  #change(name, change) {
    if (!this.now) return;
    this.now = { ...this.now, [name]: change(this.now[name]) };
    this.onchange();
  }

  async #fetch() {
    try {
      do {
        this.#again = false;
        const now = await api.get(`conversations/${this.id}`);
        this.now = { ...now, buyer: this.#buyer ?? now.buyer };
      } while (this.#again);
    } finally {
      this.#loading = undefined;
    }
    this.onchange();
  }
}
