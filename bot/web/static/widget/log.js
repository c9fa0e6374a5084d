import { orderCard } from "./card.js";
import { el, icon, set, withLinks } from "./dom.js";
import { save } from "./files.js";
import { draw } from "./photos.js";

const RUN = 3e5; // ms between messages of one sender that share a time
const ASKING = ["ask_photo", "offer", "confirm"];

/** The messages on the screen, in order, with days, times and choices. */
export class MessageLog {
  #rows = new Map(); // key -> {entry, node, meta, buttons, day?}
  #language;
  #chat;
  #addPhoto;
  #follow = true; // whether the buyer has not scrolled away
  #target;
  #list = el("div.list");
  #typing = el("div.typing", { hidden: true }, el("i"), el("i"), el("i"));

  element = el(
    "div.log",
    { role: "log", "aria-live": "polite", tabindex: 0, "data-label": "messages" },
    this.#list,
    this.#typing,
  );

  constructor(language, chat, addPhoto) {
    this.#language = language;
    this.#chat = chat;
    this.#addPhoto = addPhoto;
    this.element.onscroll = () => this.#look();
    new ResizeObserver(() => this.#follow && this.toEnd()).observe(this.element);
  }

  /** Adds entries, or brings those that are shown up to date. */
  put(entries) {
    const follow = this.#follow || entries.some(({ state }) => state === "sending");
    for (const entry of entries) {
      const key = entry.client_id ?? entry.seq;
      const row = this.#rows.get(key) ?? this.#render(entry);
      row.entry = { ...row.entry, ...entry };
      this.#rows.set(key, row);
    }
    this.arrange();
    if (follow) this.toEnd(this.#rows.get(entries.at(-1)?.seq)?.node.offsetTop);
  }

  drop(key) {
    this.#rows.delete(key);
    this.arrange();
  }

  clear() {
    this.#rows.clear();
  }

  showTyping(on) {
    this.#typing.hidden = !on;
    if (on && this.#follow) this.toEnd();
  }

  /** Scrolls to the end, but not past `top`: a long answer is read from its start. */
  toEnd(top = Infinity) {
    const { element } = this;
    element.scrollTop = Math.min(element.scrollHeight, top - 10);
    this.#target = element.scrollTop;
  }

  /** Settles places, days, times and choices. */
  arrange() {
    const rows = [...this.#rows.values()].sort((one, other) => placeOf(one) - placeOf(other) || 0);
    const nodes = [];
    let day;
    rows.forEach((row, i) => {
      const { created_at, state, problem } = row.entry;
      const date = created_at && new Date(created_at);
      const last = !isRun(row, rows[i + 1]);
      const today = date ? this.#language.day(date) : day;
      if (today !== day) nodes.push((row.day ??= el("p.day")));
      if (row.day && row.day.textContent !== today) row.day.textContent = today;
      day = today;
      set(row.node, "data-first", !isRun(rows[i - 1], row));
      set(row.node, "data-last", last);
      set(row.node, "data-state", state);
      if (state && state !== "sent")
        this.#say(row, this.#language.say(state) + (problem ? `: ${problem}` : ""));
      else this.#say(row, last && date ? this.#language.time(date) : "");
      nodes.push(row.node);
    });
    place(this.#list, nodes);
    settleChoices(rows);
  }

  #say({ entry, meta }, words) {
    if (meta.dataset.words === words) return;
    meta.dataset.words = words;
    meta.replaceChildren(words);
    if (entry.state !== "failed") return;
    for (const act of ["retry", "discard"]) {
      meta.append(
        el(
          "button.plain",
          { onclick: () => this.#chat[act](entry.client_id) },
          this.#language.say(act),
        ),
      );
    }
  }

  #look() {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    this.#follow = scrollTop === this.#target || scrollHeight - scrollTop - clientHeight < 80;
  }

  #render(entry) {
    const { sender, kind, text, choices = [], card, attachments, files, agent } = entry;
    const meta = el("p.meta", { "aria-live": "off" });
    const buttons = choices.map((choice) => {
      const choose = ({ currentTarget }) =>
        currentTarget.hasAttribute("aria-disabled") || this.#chat.choose(choice);
      return el("button.choice", { onclick: choose }, icon("check"), choice.label);
    });
    const node = el(
      "article.message",
      { "data-testid": "message", "data-sender": sender },
      agent ? el("span.name", {}, agent) : el("span.heard", { "data-say": sender }),
      sender !== "buyer" && sender !== "system" && el("span.face", {}, icon(sender)),
      attachments?.length &&
        el(
          "div.photos",
          {},
          attachments.map((photo) => this.#photo(photo)),
        ),
      text && el("p.bubble", { dir: "auto" }, sender === "buyer" ? text : withLinks(text)),
      files?.map((file) => this.#file(file)),
      card?.type === "order" && orderCard(card, this.#language),
      buttons.length &&
        el(`div.choices.${kind}`, { role: "group", "data-label": "choices" }, buttons),
      kind === "ask_photo" &&
        el(
          "button.choice.ask",
          { onclick: this.#addPhoto },
          icon("photo"),
          el("span", { "data-say": "addPhoto" }),
        ),
      meta,
    );
    this.#language.translate(node);
    return { entry, node, meta, buttons, choices };
  }

  #file({ id, name, size }) {
    const told = el("small", {}, this.#language.size(size));
    const fetch = async () => {
      try {
        save(await this.#chat.file(id), name);
      } catch {
        told.textContent = this.#language.say("notLoaded");
      }
    };
    return el(
      "button.file",
      { onclick: fetch, "data-testid": "file-sent" },
      icon("file"),
      el("span", {}, el("span.heard", { "data-say": "save" }), el("bdi", {}, name), told),
    );
  }

  #photo({ id, width = 4, height = 3 }) {
    const canvas = el("canvas", {
      role: "img",
      "data-label": "photo",
      width: 480,
      height: (480 * height) / width,
    });
    this.#chat
      .photo(id)
      .then((blob) => draw(canvas, blob, 480))
      .catch(() => {}); // Its place stays empty.
    return canvas;
  }
}

/**
 * Only the newest question can be answered, once. Used buttons are aria-disabled:
 * disabled ones would lose the keyboard's focus.
 */
function settleChoices(rows) {
  let asked;
  for (const row of rows) {
    const { sender, kind, choice, text, state } = row.entry;
    row.chosen = null;
    if (sender === "buyer" && asked && !asked.chosen && state !== "failed") {
      asked.chosen = asked.choices.find(({ token, label }) => token === choice || label === text);
    }
    if (row.buttons.length || ASKING.includes(kind)) asked = row;
  }
  for (const row of rows) {
    const closed = row !== asked || Boolean(row.chosen);
    set(row.node, "data-closed", closed);
    row.buttons.forEach((button, i) => {
      set(button, "aria-disabled", closed && "true");
      set(button, "tabindex", closed && -1);
      set(button, "aria-pressed", row.chosen === row.choices[i] && "true");
    });
  }
}

/** Makes `nodes` the children, moving few: what is moved is read out again. */
function place(parent, nodes) {
  let at = parent.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
  while (at?.nextSibling) at.nextSibling.remove();
  at?.remove();
}

function placeOf({ entry }) {
  return entry.seq ?? Infinity;
}

function isRun(one, other) {
  const who = (row) => row?.entry.agent ?? row?.entry.sender;
  if (who(one) !== who(other)) return false;
  return new Date(other.entry.created_at) - new Date(one.entry.created_at) < RUN;
}
