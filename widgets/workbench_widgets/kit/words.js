// The texts of a widget in a language, with values put in, as words/__init__.py has them. English is where it is shown;
// a long sentence stands over several lines between backticks, and a line break in it is a blank.

import { LISTS } from "../words/lists.js";
import { getOwn } from "./safe_records.js";
import { escapeHidden } from "./visible_text.js";

/** @typedef {Record<string, string | number>} Values by the names in a text */
/** @typedef {string | Record<string, string>} Told a text, or one for each plural of its language */
/**
 * What says texts. Each is a literal in the call, and tools/strings.py collects it.
 * @typedef {((text: string, values?: Values) => string) & {
 *   count: (one: string, other: string, n: number, values?: Values) => string,
 *   word: (text: string, context: string) => string,
 *   term: (list: string, code: string) => string,
 * }} Say
 */

const RIGHT = ["ar", "fa", "he", "ur"];
const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** @type {[string, number][]} */
const UNITS = [
  ["day", 24 * 60 * MINUTE],
  ["hour", 60 * MINUTE],
  ["minute", MINUTE],
];
const ENGLISH = new Intl.PluralRules("en");
const AFTER_CONTEXT = "\u0004"; // what stands between a context and its text
const ISO = /^\d{4}-\d\d-\d\d((?:T\d\d:\d\d.*)?)$/; // a day, and what tells the hour

/** A text without the line breaks that it has in a script. @param {string} text */
const replaceLineBreaks = (text) => text.replace(/\s*\n\s*/g, " ");

export class Words {
  /**
   * @param {Record<string, Record<string, Told>>} texts language -> English, after its context, -> text
   * @param {string} language
   */
  constructor(texts, language) {
    this.language = language;
    this.texts = { ...getOwn(texts, "en"), ...getOwn(texts, language) };
    this.plural = new Intl.PluralRules(language);
  }

  /** The words of a widget as the page has it. @param {any} model */
  static read(model) {
    return new Words(model.get("words") ?? {}, model.get("language") || "en");
  }

  /** @returns {"rtl" | "ltr"} */
  get direction() {
    return RIGHT.includes(this.language) ? "rtl" : "ltr";
  }

  /** Makes an element say in which language it is, and run its way. @param {HTMLElement} root */
  setLanguage = (root) => {
    root.lang = this.language;
    root.dir = this.direction;
  };

  /** @type {Say} */
  say = Object.assign(
    (/** @type {string} */ text, /** @type {Values} */ values = {}) =>
      this.fill(this.find(replaceLineBreaks(text)), values),
    {
      /**
       * A sentence that counts, in the plural of its number, which is `{n}` in it.
       * @param {string} one
       * @param {string} other
       * @param {number} n
       * @param {Values} [values]
       */
      count: (one, other, n, values = {}) => {
        const told = getOwn(this.texts, replaceLineBreaks(one));
        const forms =
          typeof told === "object" ? told : { one: replaceLineBreaks(one), other: replaceLineBreaks(other) };
        const rule = typeof told === "object" ? this.plural : ENGLISH;
        return this.fill(getOwn(forms, rule.select(n)) || forms.other, { n, ...values });
      },
      /** One word, of which other languages have several. @param {string} text @param {string} context which */
      word: (text, context) => escapeHidden(this.find(replaceLineBreaks(text), context)),
      /** A code of a list in words, as it is where the list lacks it. @param {string} list @param {string} code */
      term: (list, code) => {
        const english = getOwn(getOwn(LISTS, list) ?? {}, code);
        return escapeHidden(english === undefined ? code : this.find(english, `${list}.${code}`));
      },
    },
  );

  /** A text in the language, in English where it has none. @param {string} text @param {string} [context] */
  find(text, context = "") {
    return String(getOwn(this.texts, context ? `${context}${AFTER_CONTEXT}${text}` : text) ?? text);
  }

  /**
   * Values in the places of their names; what looks like a name in a value is none.
   * @param {string} text
   * @param {Values} values
   */
  fill(text, values) {
    const put = text.replace(/\{(\w+)\}/g, (_, name) => {
      const value = getOwn(values, name) ?? "";
      return typeof value === "number" ? this.formatNumber(value) : this.isolateText(value);
    });
    return escapeHidden(put);
  }

  /** A number as the language writes it. @param {number} value */
  formatNumber = (value) => value.toLocaleString(this.language === "en" ? "en-GB" : this.language);

  /** Keys as they stand on a keyboard of the language: "Ctrl+Maj+H". @param {string} keys */
  formatKeys(keys) {
    return keys
      .split("+")
      .map((key) => this.say.term("keys", key))
      .join("+");
  }

  /**
   * A text of the other direction, or a date among letters from right to left, so that nothing is turned around.
   * @param {string} text
   */
  isolateText(text) {
    const other =
      this.direction === "rtl" ? /\p{Script=Latin}|^[\d\s.:/+-]+$/u : /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
    return other.test(text) ? `\u2068${text}\u2069` : text;
  }

  /**
   * A deadline in words.
   * @param {string} at ISO 8601; a day alone ends when it ends
   * @param {number} now milliseconds
   */
  describeDeadline(at, now) {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(at);
    const end = day ? Date.parse(`${at}T23:59:59Z`) : Date.parse(at);
    if (Number.isNaN(end)) return { text: at, over: false };
    const over = end < now;
    const time = this.formatSpan(Math.abs(end - now));
    return { text: over ? this.say("overdue by {time}", { time }) : this.say("due in {time}", { time }), over };
  }

  /** A stretch of time in its largest unit. @param {number} span milliseconds */
  formatSpan(span) {
    const [unit, size] = UNITS.find(([, size]) => span >= size) ?? ["minute", MINUTE];
    return new Intl.NumberFormat(this.language, { style: "unit", unit, unitDisplay: "long" }).format(
      Math.max(1, Math.floor(span / size)),
    );
  }

  /** A day or a moment as it stands in a list; what is no ISO 8601 stands as it was written. @param {string} at */
  formatMoment(at) {
    const found = new Date(at);
    const [, hour] = ISO.exec(at) ?? [];
    if (hour === undefined || Number.isNaN(found.getTime())) return at;
    /** @type {Intl.DateTimeFormatOptions} */
    const clock = hour ? { hour: "2-digit", minute: "2-digit", timeZoneName: "short" } : {};
    return found.toLocaleString(this.language === "en" ? "en-GB" : this.language, {
      day: "numeric",
      month: "short",
      year: "numeric",
      timeZone: "UTC",
      ...clock,
    });
  }
}
