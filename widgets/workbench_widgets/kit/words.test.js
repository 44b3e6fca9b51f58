import assert from "node:assert/strict";
import { test } from "node:test";
import { Words } from "./words.js";

/** @type {Record<string, Record<string, string>>} */
const TEXTS = {
  ar: { "desk.count.error.two": "خطآن", "desk.to": "إلى {who}" },
  fr: { "desk.to": "à {who}" },
};
const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-27T09:00:00Z");

/** @param {string} code */
const words = (code) => new Words(TEXTS, code);

test("a text takes what is counted, in the form that its language has for it", () => {
  assert.equal(words("en").say("desk.count.error", { n: 1 }), "1 error");
  assert.equal(words("en").say("desk.count.error", { n: 1200 }), "1,200 errors");
  assert.equal(words("ar").say("desk.count.error", { n: 2 }), "خطآن");
  assert.equal(words("fr").say("desk.to", { who: "<b>" }), "à <b>");
});

test("an unknown key or language is no failure, nor a name that the language has", () => {
  assert.equal(words("en").say("constructor"), "constructor");
  assert.equal(new Words(TEXTS, "pt").say("desk.send"), "Send");
  assert.equal(new Words({}, "en").say("desk.send"), "Send");
});

test("a deadline is told in words, overdue ones as such, and a day lasts until it ends", () => {
  assert.deepEqual(words("en").due("2026-11-27T14:30:00Z", NOW), { text: "due in 5 hours", over: false });
  assert.deepEqual(words("en").due("2026-11-25T08:00:00Z", NOW), { text: "overdue by 2 days", over: true });
  assert.deepEqual(words("en").due("2026-11-27", NOW), { text: "due in 14 hours", over: false });
  assert.deepEqual(words("en").due("soon", NOW), { text: "soon", over: false });
});

test("a stretch of time is told in its largest unit, and is never nothing", () => {
  assert.equal(words("en").span(0), "1 minute");
  assert.equal(words("es").span(26 * HOUR), "1 día");
});

test("a text of the other direction is set apart", () => {
  assert.equal(words("ar").say("desk.to", { who: "XB-NCB" }), "إلى \u2068XB-NCB\u2069");
  assert.equal(words("ar").say("desk.to", { who: "2026-11-27" }), "إلى \u20682026-11-27\u2069");
  assert.equal(words("en").say("desk.to", { who: "سالم" }), "to \u2068سالم\u2069");
  assert.equal(words("en").say("desk.to", { who: "XB-NCB" }), "to XB-NCB");
});

test("what the texts of a page leave out is said in English, and numbers are written as in the language", () => {
  const some = new Words({ fr: { "desk.send": "Envoyer" } }, "fr");
  assert.deepEqual([some.say("desk.send"), some.say("desk.close")], ["Envoyer", "Close"]);
  assert.deepEqual(
    [some.number(12345), words("en").number(12345), words("es").number(1234)],
    ["12\u202f345", "12,345", "1234"],
  );
});

test("the direction is that of the language", () => {
  assert.equal(words("ar").direction, "rtl");
  assert.equal(words("fr").direction, "ltr");
});

test("a day has no hour, a moment has its zone, and what is no date stands as it was written", () => {
  const words = new Words({}, "en");
  assert.equal(words.moment("2026-03-04"), "4 Mar 2026");
  assert.equal(words.moment("2026-11-24T09:12:00+02:00"), "24 Nov 2026, 07:12 UTC");
  for (const written of ["03/04/2026", "4 April", "2026-13-45", ""]) assert.equal(words.moment(written), written);
});

test("keys stand as on a keyboard of the language", () => {
  const french = new Words({ fr: { "chart.keys.Delete": "Suppr", "chart.keys.Shift": "Maj" } }, "fr");
  assert.deepEqual(
    ["Ctrl+Shift+H", "Delete", "F"].map((keys) => french.keys(keys)),
    ["Ctrl+Maj+H", "Suppr", "F"],
  );
  assert.equal(words("en").keys("Ctrl+Shift+H"), "Ctrl+Shift+H");
});
