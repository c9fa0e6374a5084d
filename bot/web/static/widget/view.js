import { palette } from "./colour.js";
import { Composer } from "./composer.js";
import { el, icon, set } from "./dom.js";
import { MessageLog } from "./log.js";
import { Rating } from "./rating.js";
import { PHONE, css } from "./style.js";
import { WaitBar } from "./waiting.js";

const phone = matchMedia(PHONE);

/** Launcher and panel, in a shadow root. */
export class View {
  #language;
  #chat;
  #kept;
  #tell;
  #store;
  #log;
  #wait;
  #rating;
  #unread = 0;
  #floor = "BOT";
  #soon;
  #host = el("makegood-chat");
  #shadow = this.#host.attachShadow({ mode: "open" });

  /** `tell(event, value)` lets the page know. */
  constructor(language, chat, kept, tell) {
    this.#language = language;
    this.#chat = chat;
    this.#kept = kept;
    this.#tell = tell;
    this.composer = new Composer(language, chat, kept);
    this.#log = new MessageLog(language, chat, () => this.composer.pick());
    this.#wait = new WaitBar(language, chat);
    this.#rating = new Rating(language, chat, kept);
    this.#build();
    this.#dress();
    this.#listen();
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  mount() {
    document.body.append(this.#host);
  }

  /** Takes the store's title, greeting, colour and avatar (an absolute address). */
  wear(store, avatar) {
    this.#store = store;
    for (const [name, value] of Object.entries(palette(store.colour)))
      this.root.style.setProperty(name, value);
    if (avatar) {
      const image = el("img", { alt: "", src: avatar, referrerpolicy: "no-referrer" });
      image.onload = () => this.avatar.replaceChildren(image);
    }
  }

  translate() {
    this.root.lang = this.#language.base;
    this.#language.translate(this.root);
    this.title.textContent = this.#store.title ?? this.#language.say("title");
    this.#rating.translate();
    this.#label();
    this.#greet();
  }

  open(focus = true) {
    if (this.isOpen) return;
    this.panel.hidden = false;
    this.#label();
    this.#fit();
    // On touch screens the input would call up the keyboard.
    if (focus) (matchMedia("(pointer: coarse)").matches ? this.panel : this.composer.input).focus();
    this.count();
    this.#tell("open");
  }

  close() {
    if (!this.isOpen) return;
    const inside = this.panel.contains(this.#shadow.activeElement);
    this.panel.hidden = true;
    this.#label();
    if (inside) this.launcher.focus();
    this.#tell("close");
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  put(entries) {
    this.#log.put(entries);
    this.count();
  }

  drop(key) {
    this.#log.drop(key);
  }

  clear() {
    this.#kept.drop("read");
    this.#log.clear();
    this.#greet();
    this.typing(false);
    this.floor("BOT");
    this.wait();
    this.rating();
    this.count();
  }

  wait(wait) {
    this.#wait.show(wait);
  }

  rating(ask) {
    this.#rating.show(ask);
  }

  moved() {
    this.#note("moved", "system", this.#language.say("moved"));
  }

  floor(floor) {
    this.status.dataset.say = floor;
    this.#language.translate(this.panel.firstChild);
    if (floor !== this.#floor) this.#tell("floor", floor);
    this.#floor = floor;
  }

  connection(up) {
    this.bar.hidden = up;
    this.lost.textContent = up ? "" : this.#language.say("offline");
  }

  /** Not at once: the bot often answers in a blink, and dots that flash are a nuisance. */
  typing(on) {
    clearTimeout(this.#soon);
    if (on) this.#soon = setTimeout(() => this.#log.showTyping(true), 250);
    else this.#log.showTyping(false);
  }

  message(message) {
    this.#tell("message", structuredClone(message));
  }

  error({ code, message }) {
    this.heard.textContent = message;
    this.#tell("error", { code, detail: message });
  }

  /** Counts what is unread; what an open panel shows is read. */
  count() {
    const others = this.#chat.entries
      .filter(({ sender }) => sender !== "buyer")
      .map(({ seq }) => seq);
    if (this.isOpen && !document.hidden) {
      const seen = Math.max(0, ...others);
      this.#kept.write("read", seen);
      this.#chat.read(seen);
    }
    const read = this.#kept.read("read") ?? 0;
    const unread = others.filter((seq) => seq > read).length;
    if (unread > this.#unread) this.heard.textContent = this.#language.say("unread", { n: unread });
    this.#unread = unread;
    this.badge.hidden = !unread;
    this.badge.textContent = unread;
    this.#label();
  }

  /** The greeting is the first line; the store's own, if it is in the buyer's language. */
  #greet() {
    const { greeting, locale } = this.#store;
    const own = greeting && locale?.startsWith(this.#language.base);
    this.#log.drop("greeting");
    this.#note("greeting", "bot", own ? greeting : this.#language.say("greeting"));
  }

  #note(client_id, sender, text) {
    this.#log.put([{ client_id, seq: sender === "bot" ? -2 : -1, sender, text }]);
  }

  #build() {
    this.avatar = el("span.avatar", {}, icon("bot"));
    this.title = el("h2", { id: "title" });
    this.status = el("p.status", { "data-say": "BOT" });
    this.lost = el("span", { role: "status" });
    const close = el(
      "button.round",
      { "data-label": "close", onclick: () => this.close() },
      icon("close"),
    );
    const again = el("button.plain", {
      "data-say": "again",
      onclick: () => this.#chat.reconnect(),
    });
    this.bar = el("div.lost", { hidden: true, "data-testid": "connection" }, this.lost, again);
    this.panel = el(
      "section.panel",
      { id: "panel", role: "dialog", "aria-labelledby": "title", tabindex: -1, hidden: true },
      el("div.top", {}, this.avatar, el("div", {}, this.title, this.status), close),
      this.bar,
      this.#wait.element,
      this.#log.element,
      this.#rating.element,
      this.composer.element,
    );
    this.badge = el("span.badge", { hidden: true, "data-testid": "badge" });
    const launcher = {
      "aria-controls": "panel",
      "data-testid": "launcher",
      onclick: () => this.toggle(),
    };
    this.launcher = el("button.launcher", launcher, icon("chat"), icon("close"), this.badge);
    this.heard = el("p.heard", { role: "status" });
    this.root = el("div.makegood", { dir: "ltr" }, this.panel, this.launcher, this.heard);
    this.#shadow.append(this.root);
  }

  /** A constructed sheet: a shop's CSP may forbid inline styles. */
  #dress() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.#shadow.adoptedStyleSheets = [sheet];
  }

  #listen() {
    const { panel } = this;
    panel.onkeydown = (event) => {
      if (event.key === "Escape" && !event.isComposing) this.close();
    };
    // The page's own shortcuts must not act on what is typed here.
    for (const type of ["keydown", "keyup", "keypress"])
      this.root.addEventListener(type, (event) => event.stopPropagation());
    panel.ondragover = panel.ondragleave = panel.ondrop = (event) => this.#drag(event);
    // On a phone the panel covers the page: it goes when the focus does.
    document.addEventListener(
      "focusin",
      ({ target }) => phone.matches && target !== this.#host && this.close(),
    );
    for (const type of ["resize", "scroll"])
      visualViewport.addEventListener(type, () => this.#fit());
  }

  #drag(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    set(this.panel, "data-drop", event.type === "dragover");
    if (event.type === "drop") this.composer.addPhotos(event.dataTransfer.files);
  }

  /** The on-screen keyboard takes room that only visualViewport knows of. */
  #fit() {
    const { offsetTop, height, scale } = visualViewport;
    if (scale > 1.1) return; // That is a finger's zoom.
    this.root.style.setProperty("--top", `${offsetTop}px`);
    this.root.style.setProperty("--height", `${height}px`);
  }

  #label() {
    const words = [this.#language.say(this.isOpen ? "close" : "open")];
    if (this.#unread) words.push(this.#language.say("unread", { n: this.#unread }));
    set(this.launcher, "aria-label", words.join(", "));
    set(this.launcher, "aria-expanded", String(this.isOpen));
    set(this.panel, "aria-modal", phone.matches && "true");
  }
}
