// What is looked at before a draft goes out: where else the case names what it names, and what it discloses to whom.
// Closed until somebody opens it, and asked for then; what is open follows what is written.

import { facts, make, said } from "../kit/elements.js";

/** @typedef {[string, [string, string][]]} Told a heading with what is told under it, as parts.py has it */

const SECTIONS = /** @type {const} */ (["links", "discloses"]);

export class Outgoing {
  /**
   * @param {import("../../kit/words.js").Words} words
   * @param {() => Promise<Record<string, Told[]> | undefined>} ask
   */
  constructor({ say }, ask) {
    this.texts = sections({ say });
    this.ask = ask;
    this.asked = 0;
    this.element = make("div", "wd-outgoing");
    this.sections = SECTIONS.map((name) => {
      const box = /** @type {HTMLDetailsElement} */ (make("details", "wd-section"));
      box.dataset.about = name;
      box.append(make("summary", "", this.texts[name].head));
      box.addEventListener("toggle", () => box.open && this.renew());
      this.element.append(box);
      return { name, box };
    });
  }

  /** After the draft changed: what is open is asked for again, and nothing else says how many it found. */
  changed() {
    if (this.sections.some(({ box }) => box.open)) return this.renew();
    for (const { name, box } of this.sections) box.replaceChildren(make("summary", "", this.texts[name].head));
  }

  async renew() {
    const number = ++this.asked;
    const found = await this.ask();
    if (!found || number !== this.asked) return;
    for (const { name, box } of this.sections) this.fill(name, box, found[name]);
  }

  /** @param {typeof SECTIONS[number]} name @param {HTMLElement} box @param {Told[]} told */
  fill(name, box, told) {
    const count = told.reduce((sum, [, some]) => sum + some.length, 0);
    const head = box.querySelector("summary") ?? make("summary", "");
    head.replaceChildren(this.texts[name].head, make("span", "wd-count", String(count)));
    const parts = told.map(([title, some]) => {
      const part = make("section", "wd-card");
      part.append(said("h4", "", title), facts(some));
      return part;
    });
    const { none, some: about } = this.texts[name];
    const note = count ? about : none;
    box.replaceChildren(head, ...parts, ...(note ? [make("p", "wd-small", note)] : []));
  }
}

/**
 * What each part is called, and what is told under it where it holds nothing and where it holds some.
 * @param {Pick<import("../../kit/words.js").Words, "say">} words
 */
function sections({ say }) {
  return {
    links: {
      head: say("Also mentioned in the case"),
      none: say(`No other material that you are allowed to see in the case mentions the entities in this message.`),
      some: say("The same words may refer to another person or item. Check with the source."),
    },
    discloses: {
      head: say("What the message discloses to each addressee"),
      none: say("The message does not disclose anything yet: it has no addressee, or it does not mention any entity."),
      some: "",
    },
  };
}
