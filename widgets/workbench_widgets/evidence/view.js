// The passages behind what is chosen: what a source says, word by word, with what is marked in it, where it comes from,
// how it was graded and how it may be used. A suggestion is accepted or rejected here, by an officer, with a reason.

import { escapeHidden } from "../kit/visible_text.js";
import { cutExcerpt, splitPieces } from "./marks.js";

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
 * @property {() => string[]} listSelected ids of nodes and links
 * @property {(ids: string[]) => Promise<{ passages: Passage[], more: number }>} loadPassages
 * @property {Decide | null} decidePassage null where nobody can
 * @property {(id: string) => void} selectItem
 * @property {(id: string) => string} getName
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
    this.heading = createElement("div", "wv-heading");
    this.list = createElement("div", "wv-list");
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
    const chosen = this.chart.listSelected();
    const asked = JSON.stringify(chosen);
    if (asked === this.asked && !again) return;
    this.asked = asked;
    if (!chosen.length) {
      this.heading.textContent = this.say("Select an entity or a link to see what the sources state about it.");
      this.list.replaceChildren();
      return;
    }
    this.heading.textContent = this.say("Searching for passages…");
    try {
      const { passages, more } = await this.chart.loadPassages(chosen);
      if (asked !== this.asked) return; // something else was chosen meanwhile
      this.showPassages(chosen, passages, more);
    } catch (problem) {
      if (asked !== this.asked) return;
      this.list.replaceChildren();
      this.heading.textContent = escapeHidden(problem instanceof Error ? problem.message : String(problem));
    }
  }

  /** @param {string[]} chosen @param {Passage[]} passages @param {number} more */
  showPassages(chosen, passages, more) {
    const names = escapeHidden(
      chosen
        .slice(0, 3)
        .map((id) => this.chart.getName(id))
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
    this.list.replaceChildren(...passages.map((passage) => this.buildCard(passage)));
  }

  /** @param {Passage} passage */
  buildCard(passage) {
    const kind = KINDS.includes(passage.kind) ? passage.kind : "received";
    const card = createElement("article", `wv-card wv-${kind}`);
    const head = createElement("div", "wv-head");
    head.append(
      createElement("span", "wv-says", passage.says),
      createElement(
        "span",
        "wv-kind",
        passage.verdict ? this.say.term("verdicts", passage.verdict) : this.say.term("kinds", kind),
      ),
    );
    const words = createElement("blockquote", "wv-words");
    words.dir = "auto";
    this.showText(words, passage, false);
    card.append(head, words, this.buildFacts(passage));
    if (passage.open && this.chart.decidePassage) card.append(this.buildVerdictForm(passage));
    for (const part of card.querySelectorAll(".wv-says, dd")) part.setAttribute("dir", "auto");
    return card;
  }

  /** @param {HTMLElement} words @param {Passage} passage @param {boolean} whole */
  showText(words, passage, whole) {
    const { text, marks, cut } = whole ? { ...passage, cut: false } : cutExcerpt(passage.text, passage.marks, AROUND);
    words.replaceChildren(
      ...splitPieces(text, marks).map(({ text: part, mark }) => {
        if (!mark) return document.createTextNode(escapeHidden(part));
        const button = /** @type {HTMLButtonElement} */ (
          createElement("button", `wv-mark wv-mark-${mark.kind === "suggested" ? "suggested" : "sure"}`, part)
        );
        button.type = "button";
        button.title = this.say("Selects {label}", { label: this.chart.getName(mark.id) });
        button.onclick = () => this.chart.selectItem(mark.id);
        return button;
      }),
    );
    if (!cut) return;
    const more = /** @type {HTMLButtonElement} */ (
      createElement(
        "button",
        "wv-more",
        this.say(`Show whole
          passage`),
      )
    );
    more.type = "button";
    more.onclick = () => this.showText(words, passage, true);
    words.append(" ", more);
  }

  /** @param {Passage} passage */
  buildFacts({ source, place, at, sender, grade, mark, traces }) {
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
    for (const [name, text] of lines)
      if (text) list.append(createElement("dt", "", name), createElement("dd", "", text));
    return list;
  }

  /** @param {Passage} passage */
  buildVerdictForm(passage) {
    const form = document.createElement("form");
    form.className = "wv-form";
    const reason = Object.assign(document.createElement("input"), {
      type: "text",
      placeholder: this.say.word("Reason", "noun"),
      maxLength: 500,
    });
    reason.setAttribute("aria-label", this.say("Reason for accepting or rejecting the suggestion"));
    const said = createElement("span", "wv-said");
    said.setAttribute("role", "status");
    const sendVerdict = async (/** @type {boolean} */ accept) => {
      if (!reason.value.trim()) {
        said.textContent = this.say("Give a reason. It is saved with your decision.");
        reason.focus();
        return;
      }
      for (const one of form.querySelectorAll("button")) one.disabled = true;
      try {
        said.textContent = escapeHidden(
          (await this.chart.decidePassage?.(passage.id, accept, reason.value.trim())) ?? "",
        );
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
      const button = /** @type {HTMLButtonElement} */ (createElement("button", "wv-button", text));
      button.type = "button";
      button.onclick = () => sendVerdict(accept);
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
function createElement(tag, name, text = "") {
  return Object.assign(document.createElement(tag), { className: name, textContent: escapeHidden(text) });
}
