/** What this browser keeps for one store; in a plain object where storage is forbidden. */
export class Kept {
  #area = {};
  #prefix;

  constructor(store, area = "localStorage") {
    this.#prefix = `makegood:${store}:`;
    try {
      this.#area = window[area] ?? {};
    } catch {
      // Forbidden.
    }
  }

  read(name) {
    return JSON.parse(this.#area[this.#prefix + name] ?? null);
  }

  write(name, value) {
    const key = this.#prefix + name;
    const text = JSON.stringify(value);
    try {
      this.#area[key] = text;
    } catch {
      this.#area = { ...this.#area, [key]: text }; // full: from here on in memory
    }
  }

  drop(name) {
    delete this.#area[this.#prefix + name];
  }

  /** Every value whose name begins with `start`. */
  all(start) {
    const keys = Object.keys(this.#area).filter((key) => key.startsWith(this.#prefix + start));
    return keys.map((key) => JSON.parse(this.#area[key]));
  }
}

/**
 * Messages that the server has not confirmed, oldest first.
 *
 * Each has its own key, so that two tabs overwrite nothing, and keeps its client_id.
 */
export class Outbox {
  #kept;
  #latest = 0;

  constructor(kept) {
    this.#kept = kept;
  }

  /** Keeps a message; returns it as an entry of the chat. */
  add(message) {
    const created_at = (this.#latest = Math.max(Date.now(), this.#latest + 1));
    const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID needs TLS
    const client_id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return this.update({ ...message, client_id, created_at, sender: "buyer", state: "sending" });
  }

  update(item) {
    this.#kept.write(`out:${item.client_id}`, item);
    return item;
  }

  find(id) {
    return this.#kept.read(`out:${id}`);
  }

  remove(id) {
    this.#kept.drop(`out:${id}`);
  }

  list() {
    return this.#kept.all("out:").sort((one, other) => one.created_at - other.created_at);
  }

  /** The oldest to be sent; what the server refused waits for the buyer. */
  next() {
    return this.list().find((item) => item.state !== "failed");
  }

  clear() {
    this.list().forEach((item) => this.remove(item.client_id));
  }
}
