// The texts of the desk in a language, with what is counted put in: pure.

import { own } from "../kit/own.js";
import { seen } from "../kit/seen.js";

const RIGHT = ["ar", "fa", "he", "ur"];
const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** @type {[string, number][]} */
const UNITS = [["day", 24 * 60 * MINUTE], ["hour", 60 * MINUTE], ["minute", MINUTE]];

export class Words {
  /**
   * @param {Record<string, Record<string, string>>} texts language -> key -> text
   * @param {string} language
   */
  constructor(texts, language) {
    this.language = language;
    this.texts = own(texts, language) ?? own(texts, "en") ?? {};
    this.plural = new Intl.PluralRules(language);
  }

  /** @returns {"rtl" | "ltr"} */
  get direction() {
    return RIGHT.includes(this.language) ? "rtl" : "ltr";
  }

  /**
   * A text; `{name}` in it is replaced, and of a number `n` the form that the language has for it is taken ("issues.one").
   * @param {string} key
   * @param {Record<string, string | number>} [given]
   */
  say = (key, given = {}) => {
    const form = "n" in given ? `${key}.${this.plural.select(Number(given.n))}` : key;
    const text = own(this.texts, form) ?? own(this.texts, `${key}.other`) ?? own(this.texts, key) ?? key;
    const put = text.replace(/\{(\w+)\}/g, (_, name) => {
      const value = own(given, name) ?? "";
      return typeof value === "number" ? value.toLocaleString(this.language) : this.isolated(value);
    });
    return seen(put);
  };

  /** A code of others in the words of the desk, as it is where the desk has none. @param {string} key @param {string} code */
  told(key, code) {
    return seen(own(this.texts, key) ?? code);
  }

  /** A text of the other direction, so that it turns nothing around it. @param {string} text */
  isolated(text) {
    const other = this.direction === "rtl" ? /\p{Script=Latin}/u : /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
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
    return { text: this.say(over ? "overdue" : "due", { time: this.span(Math.abs(end - now)) }), over };
  }

  /** A stretch of time in its largest unit. @param {number} span milliseconds */
  span(span) {
    const [unit, size] = UNITS.find(([, size]) => span >= size) ?? ["minute", MINUTE];
    return new Intl.NumberFormat(this.language, { style: "unit", unit, unitDisplay: "long" }).format(Math.max(1, Math.floor(span / size)));
  }

  /** A moment as it stands in a list. @param {string} at ISO 8601 */
  moment(at) {
    const found = new Date(at);
    if (!at || Number.isNaN(found.getTime())) return at;
    return found.toLocaleString(this.language === "en" ? "en-GB" : this.language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
  }
}
