import { button, el, fill } from "../dom.js";

const PAGE = 20;
const TURNS = [
  ["both", "Better and worse", "a"],
  ["worse", "Only worse", "w"],
  ["better", "Only better", "b"],
];

/** What got better and what got worse, side by side, with filters that stay when it is read anew. */
export class Sentences {
  shown = "both";
  words = "";
  intent = "";
  most = PAGE;

  /** The section for a result. */
  render(result, page) {
    this.result = result;
    this.page = page;
    this.place ??= el("div.sides");
    this.bar ??= el("div.filters");
    this.search ??= this.makeSearch();
    this.refresh();
    return el(
      "section.card",
      { "aria-labelledby": "sentences" },
      el("h2", { id: "sentences" }, "Sentence by sentence"),
      this.bar,
      this.place,
    );
  }

  turnTo(shown) {
    if (!this.result) return false;
    this.shown = shown;
    this.refresh();
  }

  focus() {
    this.search?.focus();
    return Boolean(this.search);
  }

  refresh() {
    const { better, worse } = this.result;
    fill(
      this.bar,
      el(
        "div.turns",
        { role: "group", "aria-label": "Which sentences" },
        TURNS.map(([name, words, key]) =>
          button(words, () => this.turnTo(name), {
            key,
            "aria-pressed": String(this.shown === name),
          }),
        ),
      ),
      this.search,
      this.makeIntents(),
    );
    fill(
      this.place,
      this.shown !== "better" && this.renderSide("worse", "Got worse", "bad", worse),
      this.shown !== "worse" && this.renderSide("better", "Got better", "good", better),
    );
    this.place.dataset.shown = this.shown;
  }

  makeSearch() {
    return el("input", {
      type: "search",
      placeholder: "Words in it",
      "aria-label": "Words in the sentence",
      oninput: ({ target }) => {
        this.words = target.value.toLowerCase();
        this.refresh();
      },
    });
  }

  makeIntents() {
    const { better, worse } = this.result;
    const meant = [...new Set([...better, ...worse].map((one) => one.meant))].sort();
    const options = ["", ...meant].map((one) =>
      el(
        "option",
        { value: one, selected: one === this.intent },
        one ? this.page.name(one) : "Whatever it means",
      ),
    );
    return el(
      "select",
      {
        "aria-label": "What it means",
        onchange: ({ target }) => {
          this.intent = target.value;
          this.refresh();
        },
      },
      options,
    );
  }

  renderSide(name, title, tone, all) {
    const fits = all.filter(
      ({ text, meant }) =>
        text.toLowerCase().includes(this.words) && (!this.intent || meant === this.intent),
    );
    return el(
      "section",
      { "aria-labelledby": name },
      el(
        "h3",
        { id: name },
        title,
        " ",
        el("span.chip", { "data-tone": fits.length ? tone : null }, String(fits.length)),
      ),
      fits.length
        ? el("ul.sentences", {}, fits.slice(0, this.most).map((one) => this.renderOne(one)))
        : el("p.soft", {}, all.length ? "None that fits." : "Not one sentence."),
      fits.length > this.most &&
        button(`${fits.length - this.most} more`, () => {
          this.most += 4 * PAGE;
          this.refresh();
        }),
    );
  }

  renderOne({ text, language, meant, before, now, file, line, cost }) {
    const { name } = this.page;
    const dearer = cost ? `, cost ${cost > 0 ? "+" : "−"}${Math.abs(cost)}` : "";
    return el(
      "li",
      {},
      el("p", { dir: "auto", lang: language }, text),
      el(
        "p.small",
        {},
        "means ",
        el("strong", {}, name(meant)),
        `; before: ${name(before)}, now: ${name(now)}`,
      ),
      el("p.small.soft", {}, `${file}, line ${line}${dearer}`),
    );
  }
}
