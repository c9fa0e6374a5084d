/**
 * Makegood's chat: <script type="module" src="https://HOST/widget.js" data-store="STORE"></script>
 *
 * Optional: data-locale (else the page's lang, and answers in the language that the buyer
 * writes), data-identity (the shop's JWT). The page uses window.makegood; before it is there:
 * (window.makegood ||= []).push(["open"]).
 */
import { Api } from "./widget/api.js";
import { Chat } from "./widget/chat.js";
import { Kept, Outbox } from "./widget/kept.js";
import { Language } from "./widget/language.js";
import { Session } from "./widget/session.js";
import { View } from "./widget/view.js";

const base = new URL(".", import.meta.url);

class Widget {
  #listeners = {};
  #language = new Language();
  #api = new Api(base);
  #name;
  #kept;
  #tab;
  #session;
  #chat;
  #view;
  #ready;

  constructor({ store, locale, identity }) {
    this.#name = store;
    this.#kept = new Kept(store);
    this.#tab = new Kept(store, "sessionStorage");
    this.#session = new Session(this.#api, this.#kept, store);
    this.#chat = new Chat(this.#api, this.#session, new Outbox(this.#kept));
    this.#view = new View(this.#language, this.#chat, this.#kept, (event, value) =>
      this.#tell(event, value),
    );
    this.#chat.show = this.#view;
    if (identity) this.#chat.identify(identity);
    this.#ready = this.#begin(locale);
  }

  /** What the page may call: window.makegood. */
  get page() {
    const later = (act) => (value) => void this.#ready.then((shown) => shown && act(value));
    const view = this.#view;
    const page = {
      open: later(() => view.open()),
      close: later(() => view.close()),
      toggle: later(() => view.toggle()),
      send: later((text) => String(text).trim() && this.#chat.send({ text: String(text).trim() })),
      identify: later((jwt) => this.#identify(jwt)),
      setLocale: later((locale) => this.#choose(locale)),
      reset: later(() => this.#reset()),
      on: (event, listener) => this.#on(event, listener),
      push: ([name, ...values]) => page[name]?.(...values),
    };
    return page;
  }

  /** Shows the widget; false if there is no such store. */
  async #begin(locale) {
    const store = await this.#findStore();
    if (!store) return false;
    this.#view.wear(store, store.avatar && new URL(store.avatar, base));
    await this.#language.learn(locale, document.documentElement.lang, store.locale);
    const chosen = Language.speaks(locale);
    this.#session.language = { [chosen ? "locale" : "page_locale"]: this.#language.base };
    this.#view.translate();
    this.#view.mount();
    addEventListener(
      "storage",
      ({ key }) => key?.endsWith(`:${this.#name}:session`) && this.#follow(),
    );
    document.addEventListener("visibilitychange", () => this.#wake());
    if (this.#tab.read("open")) this.#view.open(false);
    this.#wake();
    return true;
  }

  /** The store's dress; while the server is away, the one seen last. */
  async #findStore() {
    try {
      const store = await this.#api.store(this.#name);
      this.#kept.write("store", store);
      return store;
    } catch (error) {
      this.#view.error(error);
      return error.temporary && (this.#kept.read("store") ?? {});
    }
  }

  async #choose(locale) {
    await this.#language.learn(locale);
    this.#view.translate();
    await this.#session.choose(this.#language.base).catch((error) => this.#view.error(error));
  }

  /** Hidden tabs hold no line: a browser allows few to one host. */
  #wake() {
    if (!this.#chat.begun) return;
    if (document.hidden && !this.#view.isOpen) this.#chat.rest();
    else this.#chat.start();
    this.#view.count();
  }

  #identify(jwt) {
    this.#chat.identify(jwt);
    this.#wake();
  }

  #reset() {
    this.#chat.reset();
    this.#view.composer.clear();
  }

  #follow() {
    this.#chat.follow();
    this.#wake();
  }

  #on(event, listener) {
    if (event === "ready") this.#ready.then((shown) => shown && listener());
    const all = (this.#listeners[event] ??= new Set());
    all.add(listener);
    return () => all.delete(listener);
  }

  #tell(event, value) {
    const isOpen = event === "open";
    if (isOpen || event === "close") this.#tab.write("open", isOpen);
    // In a task of its own: a listener's mistake must not stop the chat.
    for (const listener of this.#listeners[event] ?? []) queueMicrotask(() => listener(value));
  }
}

/** Our tag. A module has no document.currentScript, so it is known by its address. */
const tags = [...document.querySelectorAll("script[data-store]")];
const tag = tags.find(({ src }) => src === import.meta.url) ?? tags[0];
const queue = window.makegood ?? [];
if (!tag) console.error("Makegood: the script tag needs data-store.");
else if (Array.isArray(queue)) {
  window.makegood = new Widget(tag.dataset).page;
  queue.forEach(window.makegood.push);
}
