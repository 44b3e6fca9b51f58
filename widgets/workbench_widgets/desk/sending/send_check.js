// What is looked at before a draft goes out: where else the case names what it names, and what it discloses to whom.
// Closed until somebody opens it, and asked for then; what is open follows what is written.

import { buildFacts, createElement, createText } from "../kit/elements.js";

/** @typedef {[string, [string, string][]]} Told a heading with what is told under it, as parts.py has it */

const SECTIONS = /** @type {const} */ (["links", "discloses"]);

export class Outgoing {
  /**
   * @param {import("../../kit/words.js").Words} words
   * @param {() => Promise<Record<string, Told[]> | undefined>} ask
   */
  constructor({ say }, ask) {
    this.texts = buildSectionTexts({ say });
    this.ask = ask;
    this.asked = 0;
    this.element = createElement("div", "wd-outgoing");
    this.sections = SECTIONS.map((name) => {
      const box = /** @type {HTMLDetailsElement} */ (createElement("details", "wd-section"));
      box.dataset.about = name;
      box.append(createElement("summary", "", this.texts[name].head));
      box.addEventListener("toggle", () => box.open && this.loadSections());
      this.element.append(box);
      return { name, box };
    });
  }

  /** After the draft changed: what is open is asked for again, and nothing else says how many it found. */
  handleChange() {
    if (this.sections.some(({ box }) => box.open)) return this.loadSections();
    for (const { name, box } of this.sections) box.replaceChildren(createElement("summary", "", this.texts[name].head));
  }

  async loadSections() {
    const number = ++this.asked;
    const found = await this.ask();
    if (!found || number !== this.asked) return;
    for (const { name, box } of this.sections) this.drawSection(name, box, found[name]);
  }

  /** @param {typeof SECTIONS[number]} name @param {HTMLElement} box @param {Told[]} told */
  drawSection(name, box, told) {
    const count = told.reduce((sum, [, some]) => sum + some.length, 0);
    const head = box.querySelector("summary") ?? createElement("summary", "");
    head.replaceChildren(this.texts[name].head, createElement("span", "wd-count", String(count)));
    const parts = told.map(([title, some]) => {
      const part = createElement("section", "wd-card");
      part.append(createText("h4", "", title), buildFacts(some));
      return part;
    });
    const { none, some: about } = this.texts[name];
    const note = count ? about : none;
    box.replaceChildren(head, ...parts, ...(note ? [createElement("p", "wd-small", note)] : []));
  }
}

/**
 * What each part is called, and what is told under it where it holds nothing and where it holds some.
 * @param {Pick<import("../../kit/words.js").Words, "say">} words
 */
function buildSectionTexts({ say }) {
  return {
    links: {
      head: say("Also mentioned in the case"),
      none: say(`Nothing else in the case that you are allowed to see mentions any of the entities in this message.`),
      some: say("The same words may refer to another person or item. Check with the source."),
    },
    discloses: {
      head: say("What the message discloses to each addressee"),
      none: say("The message does not disclose anything yet: it has no addressee, or it does not mention any entity."),
      some: "",
    },
  };
}
