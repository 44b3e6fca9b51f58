// A form filled in: its sections, and the issues at their fields.

import { escapeHidden } from "../../kit/visible_text.js";
import { buildField } from "./fields.js";
import { findPlace, buildIssueNote, isOpen } from "./issues.js";
import { createElement } from "../kit/elements.js";
import { computeOffset } from "../kit/control_text.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./issues.js").Issue} Issue */
/** @typedef {{ label: string, sections: { label: string, fields: Field[] }[] }} Blank as blank.py has it */

const SEVERITIES = ["error", "warning", "info"];

export class Form {
  /**
   * @param {import("../../kit/words.js").Words} words
   * @param {Blank} blank
   * @param {import("./draft.js").Draft} draft
   * @param {import("./issues.js").Acts} acts
   */
  constructor(words, blank, draft, acts) {
    this.words = words;
    this.draft = draft;
    this.acts = acts;
    /** @type {Map<string, import("./fields.js").Place>} */
    this.places = new Map();
    this.fields = new Map(blank.sections.flatMap(({ fields }) => fields.map((one) => [one.name, one])));
    this.drawn = /** @type {Record<string, string>} */ ({});
    /** What is said at each field. @type {WeakMap<Element, string>} */
    this.noted = new WeakMap();
    this.element = createElement("div", "wd-form");
    this.element.setAttribute("role", "form");
    this.element.setAttribute("aria-label", escapeHidden(blank.label));
    for (const section of blank.sections) this.element.append(this.buildSection(section));
    this.showIssues();
  }

  /** @param {{ label: string, fields: Field[] }} section */
  buildSection({ label, fields }) {
    const box = /** @type {HTMLDetailsElement} */ (createElement("details", "wd-section"));
    const grid = createElement("div", "wd-grid");
    box.open = true;
    box.append(createElement("summary", "", label), grid);
    for (const one of fields) grid.append(this.buildField(one));
    return box;
  }

  /** @param {Field} one */
  buildField(one) {
    const value = this.draft.values[one.name];
    this.drawn[one.name] = JSON.stringify(value);
    return buildField(this, one, one.name, value, (next) => {
      this.drawn[one.name] = JSON.stringify(next);
      this.draft.setValue(one.name, next);
    });
  }

  /** Draw the field again in which a place lies: its parts came or went. @param {string} place */
  rebuildField = (place) => {
    const name = /^\w+/.exec(place)?.[0] ?? "";
    const one = this.fields.get(name);
    const before = this.places.get(name);
    if (!one || !before) return;
    for (const known of [...this.places.keys()])
      if (known === name || (/^[.[]/.test(known.slice(name.length)) && known.startsWith(name)))
        this.places.delete(known);
    before.element.replaceWith(this.buildField(one));
    this.showIssues();
    (this.places.get(place) ?? this.places.get(name))?.focus.focus();
  };

  /** After values were changed by Python: what is other is drawn again. Who types in another field goes on there. */
  updateFields() {
    const at = document.activeElement;
    for (const name of this.fields.keys()) {
      if (JSON.stringify(this.draft.values[name]) !== this.drawn[name]) this.rebuildField(name);
    }
    if (at instanceof HTMLElement && this.element.contains(at)) at.focus();
  }

  /** The issues at their fields; where they are as before they stay, so that no click on them is lost. */
  showIssues() {
    /** @type {Map<string, Issue[]>} */
    const found = new Map();
    for (const issue of this.draft.issues) {
      const at = findPlace(issue.field, (place) => this.places.has(place));
      if (at) found.set(at, [...(found.get(at) ?? []), issue]);
    }
    for (const [at, { element, focus, showMarks }] of this.places) {
      const issues = found.get(at) ?? [];
      const notes = element.querySelector(":scope > .wd-at-field");
      const now = JSON.stringify(issues);
      if (notes && this.noted.get(notes) !== now)
        notes.replaceChildren(...issues.map((issue) => buildIssueNote(this.words, issue, this.acts)));
      if (notes) this.noted.set(notes, now);
      const worst = SEVERITIES.find((severity) => issues.some((issue) => issue.severity === severity && isOpen(issue)));
      element.dataset.worst = worst ?? "";
      focus.setAttribute("aria-invalid", String(worst === "error"));
      showMarks?.(issues.filter(isOpen).map(({ start, end, severity }) => ({ start, end, kind: severity, id: "" })));
    }
  }

  /** Go to the place of an issue, and to the words that are meant. @param {Issue} issue */
  goToIssue(issue) {
    const at = findPlace(issue.field, (known) => this.places.has(known));
    const found = this.places.get(at);
    if (!found) return false;
    const section = found.element.closest("details");
    if (section) section.open = true;
    found.focus.scrollIntoView({ block: "center" });
    found.focus.focus({ preventScroll: true });
    const text = this.getValue(at);
    if (issue.start !== null && issue.end !== null && typeof text === "string" && "setSelectionRange" in found.focus)
      /** @type {HTMLTextAreaElement} */ (found.focus).setSelectionRange(
        computeOffset(text, issue.start),
        computeOffset(text, issue.end),
      );
    return true;
  }

  /** @param {string} at */
  getValue(at) {
    return at
      .split(/[.[\]]+/)
      .filter(Boolean)
      .reduce((value, step) => value?.[step], /** @type {any} */ (this.draft.values));
  }
}
