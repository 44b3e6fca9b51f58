// The passages behind what is chosen: what a source says, word by word, with what is marked in it, where it comes from,
// how it was graded and how it may be used. A suggestion is accepted or rejected here, by an officer, with a reason.

import { seen } from "../kit/visible_text.js";
import { excerpt, pieces } from "./marks.js";

/**
 * @typedef {object} Passage
 * @property {string} id
 * @property {string} text
 * @property {import("./marks.js").Mark[]} marks
 * @property {string} kind received, suggested, decided or remark
 * @property {string} says what is claimed here, in words
 * @property {string} source name of the source, with the exhibit
 * @property {string} place page, line, row or message in it
 * @property {string} at when, in words
 * @property {string} sender
 * @property {string} grade
 * @property {string} mark how it may be used
 * @property {string[]} traces
 * @property {string} verdict '', accepted or rejected
 * @property {boolean} open whether an officer can decide on it here
 */
/** @typedef {(passage: string, accept: boolean, because: string) => Promise<string>} Decide */
/**
 * What an evidence view asks of the chart it belongs to.
 * @typedef {object} Chart
 * @property {() => string[]} chosen ids of nodes and links
 * @property {(ids: string[]) => Promise<{ passages: Passage[], more: number }>} passages
 * @property {Decide | null} decide null where nobody can
 * @property {(id: string) => void} select
 * @property {(id: string) => string} label
 * @property {import("../kit/words.js").Words} words
 */

const KINDS = ["received", "suggested", "decided", "remark"];
const AROUND = 220; // characters around what is marked

export class Evidence {
  /**
   * @param {HTMLElement} root
   * @param {Chart} chart
   */
  constructor(root, chart) {
    this.root = root;
    this.chart = chart;
    this.say = chart.words.say;
    this.asked = "";
    this.heading = make("div", "wv-heading");
    this.list = make("div", "wv-list");
    root.classList.add("wv");
    root.dataset.lmSuppressShortcuts = "true";
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", this.say.term("titles", "evidence"));
    this.heading.setAttribute("aria-live", "polite");
    root.append(this.heading, this.list);
    this.refresh();
  }

  /** After something else was chosen; `again` also where it is the same. */
  async refresh(again = false) {
    const chosen = this.chart.chosen();
    const asked = JSON.stringify(chosen);
    if (asked === this.asked && !again) return;
    this.asked = asked;
    if (!chosen.length) {
      this.heading.textContent = this.say("Select an entity or a link to see what the sources state about it.");
      this.list.replaceChildren();
      return;
    }
    this.heading.textContent = this.say("Searching for the passages…");
    try {
      const { passages, more } = await this.chart.passages(chosen);
      if (asked !== this.asked) return; // something else was chosen meanwhile
      this.show(chosen, passages, more);
    } catch (problem) {
      if (asked !== this.asked) return;
      this.list.replaceChildren();
      this.heading.textContent = seen(problem instanceof Error ? problem.message : String(problem));
    }
  }

  /** @param {string[]} chosen @param {Passage[]} passages @param {number} more */
  show(chosen, passages, more) {
    const names = seen(
      chosen
        .slice(0, 3)
        .map((id) => this.chart.label(id))
        .join(" · "),
    );
    const whose = chosen.length > 3 ? this.say("{names} and {count} more", { names, count: chosen.length - 3 }) : names;
    const n = passages.length + more;
    const said = n
      ? this.say.count("{whose}: {n} passage", "{whose}: {n} passages", n, { whose })
      : this.say("No passage mentions {whose}.", { whose });
    this.heading.textContent = more
      ? this.say("{said}; the first {count} are shown", { said, count: passages.length })
      : said;
    this.list.replaceChildren(...passages.map((passage) => this.card(passage)));
  }

  /** @param {Passage} passage */
  card(passage) {
    const kind = KINDS.includes(passage.kind) ? passage.kind : "received";
    const card = make("article", `wv-card wv-${kind}`);
    const head = make("div", "wv-head");
    head.append(
      make("span", "wv-says", passage.says),
      make(
        "span",
        "wv-kind",
        passage.verdict ? this.say.term("verdicts", passage.verdict) : this.say.term("kinds", kind),
      ),
    );
    const words = make("blockquote", "wv-words");
    words.dir = "auto";
    this.write(words, passage, false);
    card.append(head, words, this.facts(passage));
    if (passage.open && this.chart.decide) card.append(this.verdict(passage));
    for (const part of card.querySelectorAll(".wv-says, dd")) part.setAttribute("dir", "auto");
    return card;
  }

  /** @param {HTMLElement} words @param {Passage} passage @param {boolean} whole */
  write(words, passage, whole) {
    const { text, marks, cut } = whole ? { ...passage, cut: false } : excerpt(passage.text, passage.marks, AROUND);
    words.replaceChildren(
      ...pieces(text, marks).map(({ text: part, mark }) => {
        if (!mark) return document.createTextNode(seen(part));
        const button = /** @type {HTMLButtonElement} */ (
          make("button", `wv-mark wv-mark-${mark.kind === "suggested" ? "suggested" : "sure"}`, part)
        );
        button.type = "button";
        button.title = this.say("Selects {label}", { label: this.chart.label(mark.id) });
        button.onclick = () => this.chart.select(mark.id);
        return button;
      }),
    );
    if (!cut) return;
    const more = /** @type {HTMLButtonElement} */ (make("button", "wv-more", this.say("whole passage")));
    more.type = "button";
    more.onclick = () => this.write(words, passage, true);
    words.append(" ", more);
  }

  /** @param {Passage} passage */
  facts({ source, place, at, sender, grade, mark, traces }) {
    const list = document.createElement("dl");
    list.className = "wv-facts";
    const few =
      traces.length > 4
        ? this.say("{traces} and {count} more", { traces: traces.slice(0, 4).join(", "), count: traces.length - 4 })
        : traces.join(", ");
    /** @type {[string, string][]} */
    const lines = [
      [this.say.word("Source", "noun"), [source, place].filter(Boolean).join(", ")],
      [this.say.word("Time", "noun"), at],
      [this.say.word("From", "noun"), sender],
      [this.say.word("Grade", "noun"), grade],
      [this.say.word("Mark", "noun"), mark],
      [this.say.word("Traces", "noun"), few],
    ];
    for (const [name, text] of lines) if (text) list.append(make("dt", "", name), make("dd", "", text));
    return list;
  }

  /** @param {Passage} passage */
  verdict(passage) {
    const form = document.createElement("form");
    form.className = "wv-form";
    const reason = Object.assign(document.createElement("input"), {
      type: "text",
      placeholder: this.say.word("Reason", "noun"),
      maxLength: 500,
    });
    reason.setAttribute("aria-label", this.say("Records why you accept or reject the suggestion"));
    const said = make("span", "wv-said");
    said.setAttribute("role", "status");
    const decide = async (/** @type {boolean} */ accept) => {
      if (!reason.value.trim()) {
        said.textContent = this.say("Give a reason. It is saved with your decision.");
        reason.focus();
        return;
      }
      for (const one of form.querySelectorAll("button")) one.disabled = true;
      try {
        said.textContent = seen((await this.chart.decide?.(passage.id, accept, reason.value.trim())) ?? "");
        await this.refresh(true);
      } catch (problem) {
        said.textContent = problem instanceof Error ? problem.message : String(problem);
        for (const one of form.querySelectorAll("button")) one.disabled = false;
      }
    };
    for (const [text, accept] of /** @type {[string, boolean][]} */ ([
      [this.say.word("Accept", "verb"), true],
      [this.say.word("Reject", "verb"), false],
    ])) {
      const button = /** @type {HTMLButtonElement} */ (make("button", "wv-button", text));
      button.type = "button";
      button.onclick = () => decide(accept);
      form.append(button);
    }
    form.onsubmit = (event) => event.preventDefault();
    form.append(reason, said);
    return form;
  }

  destroy() {
    this.root.replaceChildren();
  }
}

/** @param {string} tag @param {string} name @param {string} [text] */
function make(tag, name, text = "") {
  return Object.assign(document.createElement(tag), { className: name, textContent: seen(text) });
}
