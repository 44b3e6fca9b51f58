// Elements of the portable chart. What comes from the data is written with textContent only, never as markup.
"use strict";

/** Makers of elements in the words of a page. @param {Portable.Facts} facts */
const createElements = (facts) => {
  const plural = new Intl.PluralRules(facts.language);

  /**
   * A text in the language of the page, in English where it has none.
   * @param {string} text
   * @param {string} [context]
   */
  const findText = (text, context) => {
    const english = text.replace(/\s*\n\s*/g, " "); // a line break is a blank
    const id = context ? `${context}\u0004${english}` : english;
    return Object.hasOwn(facts.words, id) ? facts.words[id] : english;
  };
  /** Values in the places of their names. @param {string} text @param {Record<string, any>} values */
  const fillPlaceholders = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  /** What says texts, as kit/words.js has it. */
  const say = Object.assign(
    (/** @type {string} */ text, /** @type {Record<string, any>} */ values = {}) =>
      fillPlaceholders(String(findText(text)), values),
    {
      /** @param {string} one @param {string} other @param {number} n */
      count: (one, other, n) => {
        const told = findText(one);
        const forms = typeof told === "object" ? told : { one, other };
        const rule = typeof told === "object" ? plural : new Intl.PluralRules("en");
        return fillPlaceholders(forms[rule.select(n)] || forms.other, { n });
      },
      /** @param {string} text @param {string} context */
      word: (text, context) => String(findText(text, context)),
      /** @param {string} list @param {string} code */
      term: (list, code) =>
        Object.hasOwn(facts.lists, list) && Object.hasOwn(facts.lists[list], code) ? facts.lists[list][code] : code,
    },
  );

  /**
   * An element with text and children; attributes are set as properties of the DOM.
   * @template {keyof HTMLElementTagNameMap} Name
   * @param {Name} name
   * @param {string} words
   * @param {string} className
   * @param {...(Node | string)} children
   */
  const createElement = (name, words = "", className = "", ...children) => {
    const made = document.createElement(name);
    if (words !== "") made.textContent = words;
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  /** @param {string} className @param {() => void} onClick @param {...(Node | string)} children */
  const createButton = (className, onClick, ...children) => {
    const made = createElement("button", "", className, ...children);
    made.type = "button";
    made.addEventListener("click", onClick);
    return made;
  };
  /** @param {Portable.Entity} node */
  const createPicture = (node) => {
    const made = createElement("img");
    made.alt = "";
    made.src = facts.icons[`${node.schema}|${node.how}`];
    return made;
  };
  /** @param {string} words */
  const createText = (words) => {
    const made = createElement("bdi", words);
    made.dir = words.includes("\u2068") ? "ltr" : "auto";
    return made;
  };
  /**
   * The name of an entity, and how it reads in Latin letters where it is written in others.
   * @param {Portable.Entity} node
   */
  const createName = (node) =>
    node.latin
      ? [createText(node.caption), createElement("span", ` ${node.latin}`, "latin")]
      : [createText(node.caption)];
  /**
   * Two names and what is between them, from left to right whatever they are written in.
   * @param {string} a
   * @param {string} sign
   * @param {string} b
   */
  const createPair = (a, sign, b) => {
    const made = createElement("span", "", "", createText(a), ` ${sign} `, createText(b));
    made.dir = "ltr";
    return made;
  };
  /** Facts in a line, each in its own direction; what is empty is left out. @param {...(string | 0)} words */
  const createFacts = (...words) =>
    createElement(
      "p",
      "",
      "quiet",
      .../** @type {string[]} */ (words.filter(Boolean)).flatMap((one, i) =>
        i ? [" · ", createText(one)] : [createText(one)],
      ),
    );
  /** Whether a text runs from right to left. @param {string} words */
  const isRightToLeft = (words) =>
    /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u.test(
      /\p{L}/u.exec(words)?.[0] ?? "",
    );

  /** A sample of a line for the legend. @param {string} strength @param {string} shape */
  const createSample = (strength, shape = "line") => {
    const suggested = strength !== "confirmed";
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg"),
      drawn = document.createElementNS(ns, shape === "line" ? "path" : "circle");
    svg.setAttribute("viewBox", "0 0 30 14");
    svg.setAttribute("aria-hidden", "true");
    const look =
      shape === "line"
        ? { d: "M1 7H29", stroke: suggested ? "var(--tentative)" : "var(--line)", "stroke-width": 2, fill: "none" }
        : {
            cx: 15,
            cy: 7,
            r: 5.5,
            fill: shape === "service" ? facts.grey : "none",
            "stroke-width": 2,
            stroke: shape === "ring" ? facts.ring : shape === "service" ? facts.grey : "var(--quiet)",
          };
    for (const [key, value] of Object.entries(look)) drawn.setAttribute(key, value);
    if (suggested)
      drawn.setAttribute("stroke-dasharray", shape !== "line" ? "3 2.5" : strength === "tentative" ? "2 3" : "5 4");
    svg.append(drawn);
    return svg;
  };

  return {
    say,
    createElement,
    createButton,
    createPicture,
    createText,
    createName,
    createPair,
    createFacts,
    isRightToLeft,
    createSample,
  };
};

/** Rectangles already taken, found by the cells of a grid. */
class Taken {
  /** @param {number} cell its side */
  constructor(cell) {
    this.cell = cell;
    /** @type {Map<string, Portable.Room[]>} */
    this.cells = new Map();
  }
  /** @param {Portable.Room} box */
  *listCells(box) {
    for (let x = Math.floor(box.left / this.cell); x <= Math.floor(box.right / this.cell); x++)
      for (let y = Math.floor(box.top / this.cell); y <= Math.floor(box.bottom / this.cell); y++) yield `${x} ${y}`;
  }
  /** @param {Portable.Room} box */
  addBox(box) {
    for (const key of this.listCells(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      /** @type {Portable.Room[]} */ (this.cells.get(key)).push(box);
    }
  }
  /** @param {Portable.Room} box @param {number} [owner] @param {boolean} icons whether icons count */
  isFree(box, owner, icons = true) {
    for (const key of this.listCells(box))
      for (const other of this.cells.get(key) ?? [])
        if (
          (icons || !other.icon) &&
          (owner === undefined || other.owner !== owner) &&
          box.left < other.right &&
          other.left < box.right &&
          box.top < other.bottom &&
          other.top < box.bottom
        )
          return false;
    return true;
  }
}
