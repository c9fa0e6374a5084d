import { newId } from "../api.js";
import { kept } from "../kept.js";

const EMPTY = { mode: "reply", reply: "", note: "", attached: [] };

/** What is written but not sent in one conversation; it survives a reload. */
export class Draft {
  #key;
  #now;

  constructor(conversation) {
    this.#key = `draft:${conversation}`;
    this.#now = { ...EMPTY, ...kept.read(this.#key) };
  }

  /** What the agent chose to write. */
  get mode() {
    return this.#now.mode;
  }

  set mode(mode) {
    this.#put({ mode });
  }

  /** The text of a mode. */
  read(mode) {
    return this.#now[mode];
  }

  write(mode, text) {
    this.#put({ [mode]: text });
  }

  /** Photos and files that go with the reply, as the server named them. */
  get attached() {
    return this.#now.attached;
  }

  set attached(attached) {
    this.#put({ attached });
  }

  /** The id under which this very text is sent: the same again if nobody knows whether it came. */
  idFor(mode, body) {
    const text = JSON.stringify([mode, body]);
    if (this.#now.sent?.text !== text) this.#put({ sent: { text, id: newId() } });
    return this.#now.sent.id;
  }

  /** It has arrived: nothing of that mode is left. */
  clear(mode) {
    const left = { [mode]: "", sent: undefined };
    this.#put(mode === "reply" ? { ...left, attached: [] } : left);
  }

  #put(change) {
    this.#now = { ...this.#now, ...change };
    const { reply, note, attached } = this.#now;
    if (reply || note || attached.length) kept.write(this.#key, this.#now);
    else kept.drop(this.#key);
  }
}
