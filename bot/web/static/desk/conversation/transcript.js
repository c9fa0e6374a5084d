import { el, show } from "../dom.js";
import { day } from "../time.js";
import { renderLine } from "./line.js";

const RUN = 3e5; // ms between messages of one sender that share a name

/** What was said, with notes and hand-overs between. */
export class Transcript {
  #talk;
  #log = document.getElementById("log");
  #list = document.getElementById("messages");
  #typing = document.getElementById("typing");
  #newer = document.getElementById("newer");
  #follow = true; // whether the agent has not scrolled away
  #last;
  #typists = new Map(); // who -> timer

  constructor(talk) {
    this.#talk = talk;
    this.#log.onscroll = () => this.#look();
    this.#newer.onclick = () => this.toEnd();
    new ResizeObserver(() => this.#follow && this.toEnd()).observe(this.#log);
  }

  render() {
    const lines = arrange(this.#talk.now);
    show(
      this.#list,
      lines,
      ({ key }) => key,
      (line) => renderLine(line, this.#talk),
    );
    const last = lines.at(-1)?.key;
    const grown = last !== this.#last;
    this.#last = last;
    if (this.#follow) this.toEnd();
    else if (grown) this.#newer.hidden = false;
  }

  toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#follow = true;
    this.#newer.hidden = true;
  }

  /** Somebody is writing, or has stopped; forgotten after a while, as the stop may be lost. */
  type({ sender, on }) {
    const who = this.#nameOf(sender);
    if (!who) return;
    clearTimeout(this.#typists.get(who));
    this.#typists.delete(who);
    if (on) {
      const over = () => this.type({ sender, on: false });
      this.#typists.set(who, setTimeout(over, 8000));
    }
    const names = [...this.#typists.keys()];
    const verb = names.length > 1 ? "are" : "is";
    this.#typing.replaceChildren(
      ...(names.length ? [el("i"), `${names.join(" and ")} ${verb} typing`] : []),
    );
    if (this.#follow) this.toEnd();
  }

  /** What others call whoever writes; nothing for the agent who looks. */
  #nameOf(sender) {
    const { agent } = this.#talk.now;
    if (sender === "agent") return agent?.id === this.#talk.me.id ? "" : agent?.first_name;
    return { buyer: "The buyer", bot: "The bot" }[sender];
  }

  #look() {
    const { scrollTop, clientHeight, scrollHeight } = this.#log;
    this.#follow = scrollHeight - scrollTop - clientHeight < 60;
    if (this.#follow) this.#newer.hidden = true;
  }
}

/** All lines in their order, each with the day before it if that has changed. */
function arrange({ messages, notes, handoffs, read_seq, buyer }) {
  const lines = [
    ...messages.map((one) => ({ ...one, key: `m${one.id}`, type: "message", place: [one.seq, 0] })),
    ...notes.map((one) => ({ ...one, key: `n${one.id}`, type: "note", place: [one.after_seq, 2] })),
    ...handoffs.map((one) => ({
      ...one,
      key: `h${one.at}`,
      type: "handoff",
      place: [messages.findLast(({ at }) => at <= one.at)?.seq ?? 0, 1],
    })),
  ].sort(inOrder);
  const read = messages.findLast(({ seq, sender }) => seq <= read_seq && sender !== "buyer");
  let before;
  for (const line of lines) {
    const today = day(line.at);
    line.day = today === (before && day(before.at)) ? null : today;
    line.first = Boolean(line.day) || !isRun(before, line);
    line.read = line.id === read?.id;
    line.buyer = buyer.name;
    before = line;
  }
  return lines;
}

function inOrder(one, other) {
  const [first, second] = [one.place, other.place];
  return first[0] - second[0] || first[1] - second[1] || (one.at < other.at ? -1 : 1);
}

function isRun(one, other) {
  const same = (name) => one?.[name] === other[name];
  return ["type", "sender", "agent"].every(same) && new Date(other.at) - new Date(one.at) < RUN;
}
