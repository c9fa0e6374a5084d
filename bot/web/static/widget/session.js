import { ApiError } from "./api.js";

/** This browser's conversation with one store; opened when needed: a mere look leaves none. */
export class Session {
  #api;
  #kept;
  #store;
  #identity;
  #opening;
  #epoch = 0;

  /** `{locale}` if the shop or the buyer chose it, `{page_locale}` if it is a guess. */
  language;
  /** Called with (before, now) when it becomes another conversation. */
  onmove;
  /** Called with the error when the identity is refused. */
  onrefuse;

  constructor(api, kept, store) {
    this.#api = api;
    this.#kept = kept;
    this.#store = store;
  }

  /** `{token, conversation, subject}`, or null. */
  get current() {
    return this.#kept.read("session");
  }

  /** A token whose session has the given identity. */
  token() {
    const opening = (this.#opening ??= this.#fit());
    const done = () => this.#opening === opening && (this.#opening = undefined);
    opening.then(done, done);
    return opening;
  }

  /** Takes the shop's JWT; true if the session at hand is not yet that buyer's. */
  identify(jwt) {
    this.#identity = jwt;
    return !this.#fits(this.current);
  }

  /** Gives up a token that the server does not know, if no other tab has yet. */
  expire(token) {
    const { current } = this;
    if (current?.token === token) this.#kept.write("session", { ...current, token: null });
  }

  /** Answers come in that language from now on; without a session, from its beginning. */
  async choose(locale) {
    this.language = { locale };
    const token = this.current?.token;
    if (!token) return;
    await this.#api.locale(token, { locale }).catch((error) => {
      if (error.status !== 401) throw error;
      this.expire(token);
    });
  }

  forget() {
    this.#epoch += 1;
    this.#identity = this.#opening = undefined;
    this.#kept.drop("session");
  }

  async #fit() {
    const { current } = this;
    if (current?.token && this.#fits(current)) return current.token;
    const identity = this.#identity;
    try {
      return await this.#open(current, identity);
    } catch (error) {
      if (error.temporary || !identity) throw error;
      this.onrefuse(error);
      this.#identity = undefined;
      return current?.token ?? this.#open(current);
    }
  }

  async #open(before, identity) {
    const epoch = this.#epoch;
    const body = { store: this.#store, ...this.language, identity };
    const answer = await this.#api.session(before?.token, body).catch((error) => {
      if (error.status !== 401 || !before?.token) throw error;
      return this.#api.session(null, body); // that token has run out
    });
    if (epoch !== this.#epoch) throw new ApiError(0); // forgotten meanwhile
    const subject = identity && subjectOf(identity);
    const now = { token: answer.token, conversation: answer.conversation_id, subject };
    this.#kept.write("session", now);
    if (before?.conversation !== now.conversation) this.onmove(before, now);
    return now.token;
  }

  #fits(current) {
    return !this.#identity || current?.subject === subjectOf(this.#identity);
  }
}

/** Whom a JWT is about, to notice a change of buyer. */
function subjectOf(jwt) {
  try {
    return JSON.parse(atob(jwt.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub;
  } catch {
    return jwt;
  }
}
