import { ApiError, Stream, backoff } from "./api.js";

/**
 * The conversation: what was said, what is still to be sent, the line to the server.
 *
 * An entry is a message of the API with a `state`: sent, sending, waiting, or failed
 * with its `problem`. Its key is client_id or seq: an echo replaces what was shown.
 */
export class Chat {
  #api;
  #session;
  #outbox;
  #stream;
  #entries = new Map();
  #photos = new Map(); // attachment id -> File, of this page's uploads
  #conversation;
  #last = 0;
  #caughtUp = false;
  #sending = false;
  #failures = 0;
  #timers = {};
  #floor = "BOT";
  #typed = 0;
  #read = 0;

  /** The View. */
  show;

  constructor(api, session, outbox) {
    this.#api = api;
    this.#session = session;
    this.#outbox = outbox;
    this.#stream = new Stream(
      (signal) => this.#connect(signal),
      (event, news) => this.#hear(event, news),
      (up) => this.#line(up),
    );
    session.onmove = (before, now) => this.#move(before, now);
    session.onrefuse = (error) => this.show.error(error);
    addEventListener("online", () => this.reconnect());
    addEventListener("offline", () => this.#stream.running && this.show.connection(false));
  }

  get entries() {
    return [...this.#entries.values()];
  }

  /** Whether there is something to come back to. */
  get begun() {
    return Boolean(this.#session.current?.token || this.#outbox.next());
  }

  start() {
    this.#stream.start();
  }

  /** Hangs up until the next `start`. */
  rest() {
    this.#stream.stop();
    this.#line(true);
  }

  reconnect() {
    this.#stream.restart();
    this.#flush();
  }

  /** Sends `{text?, choice?, attachments?}` when it can; the text of a choice is its label. */
  send(message) {
    this.#put(this.#outbox.add(message));
    this.start();
    this.#flush();
  }

  choose({ token, label }) {
    this.send({ choice: token, text: label });
  }

  /** What the server refused is sent once more, */
  retry(id) {
    const item = this.#outbox.find(id);
    if (item) this.#mark(item, "sending");
    this.#flush();
  }

  /** or given up. */
  discard(id) {
    this.#outbox.remove(id);
    this.#entries.delete(id);
    this.show.drop(id);
  }

  /** What a waiting buyer may do: cancel-wait, email. */
  async tell(path, body) {
    await this.#ask((token) => this.#api.tell(token, path, body));
    this.#wait();
  }

  rate(score, comment) {
    return this.#ask((token) => this.#api.tell(token, "rating", { score, comment }));
  }

  get conversation() {
    return this.#conversation;
  }

  /** Lets people see that the buyer writes; the bot does not look. */
  typing() {
    const now = Date.now();
    if (this.#floor === "BOT" || now - this.#typed < 3000) return;
    this.#typed = now;
    this.#tellPeople("typing");
  }

  /** Lets people see how far the buyer has read. */
  read(seq) {
    if (this.#floor === "BOT" || seq <= this.#read) return;
    this.#read = seq;
    clearTimeout(this.#timers.read);
    this.#timers.read = setTimeout(() => this.#tellPeople("read", { seq }), 500);
  }

  async upload(file, progress) {
    this.start();
    const { id } = await this.#ask((token) => this.#api.upload(token, file, progress));
    this.#photos.set(id, file);
    return id;
  }

  async photo(id) {
    return this.#photos.get(id) ?? this.#ask((token) => this.#api.photo(token, id));
  }

  file(id) {
    return this.#ask((token) => this.#api.file(token, id));
  }

  identify(jwt) {
    if (this.#session.identify(jwt)) this.#stream.restart();
  }

  /** Forgets buyer and conversation in this browser, as after signing out. */
  reset() {
    this.#session.forget();
    this.#outbox.clear();
    this.#photos.clear();
    this.rest();
    this.#empty();
  }

  /** Lets go of a conversation that another tab has left; `start` takes up the new one. */
  follow() {
    if (this.#session.current?.conversation === this.#conversation) return;
    this.rest();
    this.#empty();
  }

  async #connect(signal) {
    const token = await this.#session.token();
    try {
      if (!this.#caughtUp) await this.#catchUp(token);
      const response = await this.#api.events(token, this.#last, signal);
      this.#flush();
      return response;
    } catch (error) {
      if (error.status === 401) this.#expire(token);
      throw error;
    }
  }

  async #catchUp(token) {
    this.#showKept();
    const { messages, floor } = await this.#api.history(token);
    const { current } = this.#session;
    if (current?.token !== token) throw new ApiError(0); // another conversation meanwhile
    this.#conversation = current.conversation;
    this.#caughtUp = true;
    this.#receive(...messages);
    this.#setFloor(floor);
    this.#askRating();
  }

  #setFloor(floor) {
    const before = this.#floor;
    this.#floor = floor;
    this.show.floor(floor);
    if (floor === before) return;
    this.show.count(); // People see how far the buyer has read.
    this.#wait();
    if (floor === "CLOSED") this.#askRating();
  }

  /** What it is like to wait is asked for, and what cannot be had is not shown. */
  async #wait() {
    const waits = this.#floor === "WAITING";
    this.show.wait(waits ? await this.#ask((token) => this.#api.wait(token)).catch(() => {}) : null);
  }

  async #askRating() {
    const { ask } = await this.#ask((token) => this.#api.rating(token)).catch(() => ({}));
    this.show.rating(ask);
  }

  /** Not worth another try. */
  #tellPeople(path, body) {
    const token = this.#session.current?.token;
    if (token) this.#api.tell(token, path, body).catch(() => {});
  }

  #hear(event, news) {
    if (event === "typing") this.#showTyping(news);
    if (event === "floor") this.#setFloor(news.floor);
    if (event !== "message" || news.seq <= this.#last) return;
    if (news.sender !== "buyer") this.show.typing(false);
    this.#receive(news);
    this.show.message(news);
    if (news.kind === "notice") this.#askRating(); // something may have been made good
  }

  /** A person whose line breaks never says that they have stopped. */
  #showTyping({ sender, on }) {
    clearTimeout(this.#timers.typing);
    this.show.typing(on);
    if (on && sender === "agent")
      this.#timers.typing = setTimeout(() => this.show.typing(false), 8000);
  }

  #receive(...messages) {
    for (const { client_id, seq } of messages) {
      this.#last = Math.max(this.#last, seq);
      if (client_id) this.#outbox.remove(client_id);
    }
    this.#put(...messages.map((message) => ({ ...message, state: "sent" })));
  }

  #put(...entries) {
    for (const entry of entries) this.#entries.set(entry.client_id ?? entry.seq, entry);
    this.show.put(entries);
  }

  #showKept() {
    this.#put(...this.#outbox.list().filter((item) => !this.#entries.has(item.client_id)));
  }

  /** Tells of a line only once it stays down: most are back within a moment. */
  #line(up) {
    if (up) {
      clearTimeout(this.#timers.line);
      this.#timers.line = null;
      this.show.connection(true);
    } else {
      this.show.typing(false);
      this.#timers.line ??= setTimeout(() => this.show.connection(false), 1500);
    }
  }

  /** Sends what is kept, one by one so that the order stays. */
  async #flush() {
    if (this.#sending) return;
    this.#sending = true;
    clearTimeout(this.#timers.flush);
    try {
      for (let item; (item = this.#outbox.next());) await this.#deliver(item);
      this.#failures = 0;
    } catch {
      this.#failures += 1;
      for (const item of this.#outbox.list())
        if (item.state !== "failed") this.#mark(item, "waiting");
      this.#timers.flush = setTimeout(() => this.#flush(), backoff(this.#failures));
    }
    this.#sending = false;
  }

  async #deliver(item) {
    const { client_id, choice, text, attachments } = item;
    const ids = attachments?.map(({ id }) => id);
    const body = { client_id, choice, text: choice ? undefined : text, attachments: ids };
    const send = () => this.#ask((token) => this.#api.send(token, body));
    try {
      const { seq } = await send().catch((error) => {
        if (error.code !== "closed") throw error;
        this.#expire(this.#session.current?.token);
        return send(); // into a new chat
      });
      if (!this.#outbox.find(client_id)) return; // its echo was faster
      this.#outbox.remove(client_id);
      this.#put({ ...item, seq, state: "sent" });
    } catch (error) {
      if (error.temporary !== false) throw error;
      this.#mark(item, "failed", error.message || error.code);
      this.show.error(error);
    }
  }

  #mark(item, state, problem) {
    if (this.#outbox.find(item.client_id))
      this.#put(this.#outbox.update({ ...item, state, problem }));
  }

  /** Calls with the token, once more with a new one if the server does not know it. */
  async #ask(call) {
    const token = await this.#session.token();
    try {
      return await call(token);
    } catch (error) {
      if (error.status !== 401) throw error;
      this.#expire(token);
      return call(await this.#session.token());
    }
  }

  #expire(token) {
    this.#session.expire(token);
    this.#stream.restart();
  }

  #move(before, now) {
    if (!before) {
      this.#conversation = now.conversation;
      this.#caughtUp = true; // A new one has no past: the stream brings it from its start.
      return;
    }
    const stranger = before.subject && before.subject !== now.subject;
    if (stranger) {
      this.#outbox.clear();
      this.show.composer.clear(); // what somebody else has begun to write is not theirs
    }
    this.#empty();
    if (!stranger) this.show.moved();
    this.#showKept();
    this.#stream.restart();
  }

  #empty() {
    this.#entries.clear();
    this.#conversation = undefined;
    this.#last = this.#read = 0;
    this.#floor = "BOT";
    this.#caughtUp = false;
    this.show.clear();
  }
}
