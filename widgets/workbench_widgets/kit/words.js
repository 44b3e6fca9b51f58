// The texts of a widget in a language, with what is counted put in, as words/__init__.py has them. English is in every
// bundle.

import { ENGLISH } from "../words/english.js";
import { own } from "./safe_records.js";
import { seen } from "./visible_text.js";

const RIGHT = ["ar", "fa", "he", "ur"];
const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** @type {[string, number][]} */
const UNITS = [
  ["day", 24 * 60 * MINUTE],
  ["hour", 60 * MINUTE],
  ["minute", MINUTE],
];
const ISO = /^\d{4}-\d\d-\d\d((?:T\d\d:\d\d.*)?)$/; // a day, and what tells the hour

export class Words {
  /**
   * @param {Record<string, Record<string, string>>} texts language -> key -> text
   * @param {string} language
   */
  constructor(texts, language) {
    this.language = language;
    this.texts = { ...ENGLISH, ...own(texts, "en"), ...own(texts, language) };
    this.plural = new Intl.PluralRules(language);
  }

  /** The words of a widget as the page has it. @param {any} model */
  static of(model) {
    return new Words(model.get("words") ?? {}, model.get("language") || "en");
  }

  /** @returns {"rtl" | "ltr"} */
  get direction() {
    return RIGHT.includes(this.language) ? "rtl" : "ltr";
  }

  /** Makes an element say in which language it is, and run its way. @param {HTMLElement} root */
  speak = (root) => {
    root.lang = this.language;
    root.dir = this.direction;
  };

  /**
   * A text; `{name}` in it is replaced, and of a number `n` the form that the language has for it is taken
   * ("desk.why.one").
   * @param {string} key
   * @param {Record<string, string | number>} [given]
   */
  say = (key, given = {}) => {
    const form = "n" in given ? `${key}.${this.plural.select(Number(given.n))}` : key;
    const text = own(this.texts, form) ?? own(this.texts, `${key}.other`) ?? own(this.texts, key) ?? key;
    const put = text.replace(/\{(\w+)\}/g, (_, name) => {
      const value = own(given, name) ?? "";
      return typeof value === "number" ? this.number(value) : this.isolated(value);
    });
    return seen(put);
  };

  /** A number as the language writes it. @param {number} value */
  number = (value) => value.toLocaleString(this.language === "en" ? "en-GB" : this.language);

  /** A code of others in words, as it is where there are none for it. @param {string} key @param {string} code */
  told(key, code) {
    return seen(own(this.texts, key) ?? code);
  }

  /** Keys as they stand on a keyboard of the language: "Ctrl+Maj+H". @param {string} keys */
  keys(keys) {
    return keys
      .split("+")
      .map((key) => this.told(`chart.keys.${key}`, key))
      .join("+");
  }

  /** A relation in words. @param {string} name */
  relation(name) {
    return this.told(`relations.${name}`, name);
  }

  /**
   * A text of the other direction, or a date among letters from right to left, so that nothing is turned around.
   * @param {string} text
   */
  isolated(text) {
    const other =
      this.direction === "rtl" ? /\p{Script=Latin}|^[\d\s.:/+-]+$/u : /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
    return other.test(text) ? `\u2068${text}\u2069` : text;
  }

  /**
   * A deadline in words.
   * @param {string} at ISO 8601; a day alone ends when it ends
   * @param {number} now milliseconds
   */
  due(at, now) {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(at);
    const end = day ? Date.parse(`${at}T23:59:59Z`) : Date.parse(at);
    if (Number.isNaN(end)) return { text: at, over: false };
    const over = end < now;
    return { text: this.say(over ? "desk.overdue" : "desk.due", { time: this.span(Math.abs(end - now)) }), over };
  }

  /** A stretch of time in its largest unit. @param {number} span milliseconds */
  span(span) {
    const [unit, size] = UNITS.find(([, size]) => span >= size) ?? ["minute", MINUTE];
    return new Intl.NumberFormat(this.language, { style: "unit", unit, unitDisplay: "long" }).format(
      Math.max(1, Math.floor(span / size)),
    );
  }

  /** A day or a moment as it stands in a list; what is no ISO 8601 stands as it was written. @param {string} at */
  moment(at) {
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
