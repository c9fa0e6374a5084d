import * as api from "../api.js";
import { button, el, fill, icon, set } from "../dom.js";
import { kept } from "../kept.js";
import { foreign } from "../words.js";
import { take } from "./actions.js";
import { Canned } from "./canned.js";
import { Draft } from "./draft.js";
import { Tray } from "./tray.js";

const LONGEST = { reply: 4000, note: 10_000 };
const FAR_TOO_LONG = 100_000;
const TYPING_EVERY = 3000; // ms
const COMMAND = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

/** Where the agent writes to the buyer, or a note to the team. */
export class Composer {
  #talk;
  #draft;
  #canned;
  #tray;
  #mode = "reply"; // what is shown; the draft keeps what was chosen
  #asked = false; // whether a note was asked for where no reply may be written
  #busy = false;
  #typed = 0;
  #modes = ["reply", "note"].map((mode) =>
    el("button", { onclick: () => this.turnTo(mode) }, mode === "reply" ? "Reply" : "Note"),
  );
  #input = el("textarea", { rows: 2 });
  #problem = el("p.problem", { role: "alert" });
  #told = el("span.told.soft.small");
  #send = el("button.primary", { type: "submit" });
  #way = el("button.link.small", { onclick: () => this.#turnEnter() });
  #locked = el("div.locked", { hidden: true });
  #ready = button("Ready replies ( / )", () => this.openCanned(), {
    look: "round.plain",
    symbol: "quote",
  });

  constructor(talk) {
    this.#talk = talk;
    this.#draft = new Draft(talk.id);
    this.#tray = new Tray(talk, this.#draft, (words) => this.#complain(words));
    this.#canned = new Canned(talk.id, this.#input, (text, start) => this.#insert(text, start));
    this.form = el(
      "form.composer",
      { onsubmit: (event) => this.#submit(event), onpaste: (event) => this.#paste(event) },
      el("div.modes", { role: "group", "aria-label": "Write" }, this.#modes, this.#told),
      this.#canned.element,
      this.#tray.element,
      this.#input,
      this.#problem,
      el("div.under", {}, this.#tray.button, this.#ready, this.#way, this.#send),
    );
    this.element = el("div", {}, this.#locked, this.form);
    this.#input.oninput = () => this.#write();
    this.#input.onkeydown = (event) => this.#key(event);
    this.#tray.takeFrom(this.form);
    this.#nameWay();
  }

  /** Shows what may be written now. */
  render() {
    const [reply, note] = [this.#talk.may("reply"), this.#talk.may("note")];
    const kept = this.#draft.read("reply") !== ""; // somebody else may have taken it meanwhile
    const mode = reply || kept ? this.#draft.mode : "note";
    if (mode !== this.#mode || !this.form.dataset.mode) this.#change(mode);
    this.form.hidden = !reply && !kept && !(note && (this.#asked || this.#draft.read("note")));
    this.#modes.forEach((one, place) => {
      set(one, "aria-pressed", String(["reply", "note"][place] === mode));
      one.disabled = !(place ? note : reply || kept);
    });
    this.#locked.hidden = reply;
    if (!reply) this.#lock();
    this.#ready.hidden = this.#tray.hidden = mode === "note";
    fill(
      this.#send,
      icon(mode === "note" ? "note" : "send"),
      mode === "note" ? "Add note" : "Send",
    );
    const { language: tag, buyer } = this.#talk.now;
    const label = mode === "note" ? "Note to your team" : `Reply to ${buyer.name || "the buyer"}`;
    set(this.#input, "aria-label", label);
    set(this.#input, "placeholder", mode === "note" ? "Only your team sees this" : label);
    const strange = mode === "reply" && foreign(tag, this.#talk.me);
    this.#told.textContent = strange ? `The buyer writes ${strange}` : "";
    this.#grow();
  }

  turnTo(mode) {
    this.#draft.mode = mode;
    this.#asked = mode === "note";
    this.render();
    this.#input.focus();
  }

  /** To the input, of a reply if one may be written. */
  focus() {
    this.turnTo("reply");
  }

  openCanned() {
    this.focus();
    if (this.#mode !== "reply") return;
    const { value, selectionStart } = this.#input;
    const space = /\S$/.test(value.slice(0, selectionStart)) ? " " : "";
    this.#input.setRangeText(`${space}/`, selectionStart, selectionStart, "end");
    this.#write();
  }

  #change(mode) {
    this.#mode = this.form.dataset.mode = mode;
    this.#input.value = this.#draft.read(mode);
    this.#complain("");
  }

  #lock() {
    const { floor, agent } = this.#talk.now;
    const words = {
      BOT: "The bot is talking to the buyer.",
      WAITING: "Nobody has taken this yet.",
      HUMAN: `${agent?.first_name ?? "Somebody"} is on it.`,
      CLOSED: "This conversation is closed. If the buyer writes again, a new one begins.",
    }[floor];
    const [claim, note] = [this.#talk.may("claim"), this.#talk.may("note") && this.form.hidden];
    fill(
      this.#locked,
      el("span", {}, words, claim && " Take over to write to the buyer."),
      note && button("Note", () => this.turnTo("note"), { symbol: "note", key: "n" }),
      claim &&
        button("Take over", () => take(this.#talk), {
          symbol: "hand",
          key: "c",
          "data-act": "claim",
        }),
    );
  }

  #write() {
    this.#draft.write(this.#mode, this.#input.value);
    this.#complain(this.#tooLong());
    this.#grow();
    if (this.#mode === "reply") this.#canned.look();
    this.#signal(Boolean(this.#input.value));
  }

  /** A paste that no message could hold is left in the clipboard: it would only freeze the page. */
  #paste(event) {
    const { length } = event.clipboardData.getData("text");
    if (length < FAR_TOO_LONG) return;
    event.preventDefault();
    const most = LONGEST[this.#mode];
    this.#complain(`That is ${length} characters; ${most} are allowed. It was not pasted.`);
  }

  /** What to say of a text that is, else nothing. */
  #tooLong() {
    const most = LONGEST[this.#mode];
    const over = this.#input.value.trim().length - most;
    return over > 0 ? `That is ${over} characters too long; ${most} are allowed.` : "";
  }

  /** Tells the buyer that somebody is writing, but not with every key. */
  #signal(on) {
    const now = Date.now();
    if (this.#mode === "note" || (on ? now - this.#typed < TYPING_EVERY : !this.#typed)) return;
    this.#typed = on ? now : 0;
    api.post(`conversations/${this.#talk.id}/typing`, { on }).catch(() => {}); // it is no matter
  }

  #key(event) {
    const { key, shiftKey, ctrlKey, metaKey, isComposing } = event;
    if (isComposing) return;
    if (this.#canned.key(event)) event.preventDefault();
    else if (key === "Escape") this.#input.blur();
    else if (key === "Enter" && (ctrlKey || metaKey || (kept.read("enter") && !shiftKey)))
      this.#submit(event);
    else return;
    event.stopPropagation();
  }

  /** The draft stays until the server has it; under the same id it counts once. */
  async #submit(event) {
    event.preventDefault();
    const mode = this.#mode;
    const text = this.#input.value.trim();
    if (this.#busy || this.#tooLong()) return;
    this.#setBusy(true);
    try {
      const attached = mode === "reply" ? await this.#tray.take() : [];
      if (text || attached.length) await this.#deliver(mode, text, attached);
    } catch (error) {
      this.#complain(`Not sent: ${error.message} Your text is still here.`);
    }
    this.#setBusy(false);
    this.#input.focus();
  }

  async #deliver(mode, text, attached) {
    const body = { text, ...(attached.length && { attachments: attached.map(({ id }) => id) }) };
    const client_id = this.#draft.idFor(mode, body);
    const path = `conversations/${this.#talk.id}/${mode === "note" ? "notes" : "messages"}`;
    const told = () => (this.#told.textContent = "No connection. Trying again …");
    const sent = await api.persist(() => api.post(path, { client_id, ...body }), { told });
    this.#typed = 0;
    this.#draft.clear(mode);
    this.#input.value = "";
    if (mode === "reply") this.#tray.clear();
    this.#talk.addOwn(mode, { ...sent, text, attached });
  }

  #setBusy(busy) {
    this.#busy = busy;
    this.#input.readOnly = this.#send.disabled = busy;
    set(this.form, "aria-busy", busy && "true");
    this.render();
  }

  #insert(text, start) {
    const end = this.#input.selectionStart;
    this.#input.focus();
    this.#input.setRangeText(text, start, end, "end");
    this.#write();
  }

  #turnEnter() {
    kept.write("enter", !kept.read("enter"));
    this.#nameWay();
  }

  #nameWay() {
    this.#way.textContent = kept.read("enter") ? "Enter sends" : `${COMMAND}+Enter sends`;
    set(this.#way, "title", "Change which key sends");
  }

  #grow() {
    this.#input.style.height = "auto";
    this.#input.style.height = `${Math.min(this.#input.scrollHeight + 2, innerHeight * 0.4)}px`;
  }

  #complain(words) {
    this.#problem.textContent = words;
  }
}
