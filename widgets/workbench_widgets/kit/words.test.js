import assert from "node:assert/strict";
import { test } from "node:test";
import { Words } from "./words.js";

/** @type {Record<string, Record<string, import("./words.js").Told>>} */
const TEXTS = {
  ar: { "{n} error": { two: "خطآن", other: "{n} خطأ" }, "to {who}": "إلى {who}" },
  fr: { "to {who}": "à {who}", "verb\u0004Open": "Ouvrir", "state\u0004Open": "Ouvert" },
};
const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-27T09:00:00Z");

/** @param {string} code */
const createWords = (code) => new Words(TEXTS, code);

test("a text takes what is counted, in the form that its language has for it", () => {
  assert.equal(createWords("en").say.count("{n} error", "{n} errors", 1), "1 error");
  assert.equal(createWords("fr").say.count("{n} error", "{n} errors", 0), "0 errors");
  assert.equal(createWords("en").say.count("{n} error", "{n} errors", 1200), "1,200 errors");
  assert.equal(createWords("ar").say.count("{n} error", "{n} errors", 2), "خطآن");
  assert.equal(createWords("fr").say("to {who}", { who: "<b>" }), "à <b>");
});

test("an unknown text or language is no failure, nor a name that the language has", () => {
  assert.equal(createWords("en").say("constructor"), "constructor");
  assert.equal(new Words(TEXTS, "pt").say("to {who}", { who: "x" }), "to x");
  assert.equal(new Words({}, "en").say.word("Send", "verb"), "Send");
});

test("a deadline is told in words, overdue ones as such, and a day lasts until it ends", () => {
  assert.deepEqual(createWords("en").describeDeadline("2026-11-27T14:30:00Z", NOW), {
    text: "due in 5 hours",
    over: false,
  });
  assert.deepEqual(createWords("en").describeDeadline("2026-11-25T08:00:00Z", NOW), {
    text: "overdue by 2 days",
    over: true,
  });
  assert.deepEqual(createWords("en").describeDeadline("2026-11-27", NOW), { text: "due in 14 hours", over: false });
  assert.deepEqual(createWords("en").describeDeadline("soon", NOW), { text: "soon", over: false });
});

test("a stretch of time is told in its largest unit, and is never nothing", () => {
  assert.equal(createWords("en").formatSpan(0), "1 minute");
  assert.equal(createWords("es").formatSpan(26 * HOUR), "1 día");
});

test("a text of the other direction is set apart", () => {
  assert.equal(createWords("ar").say("to {who}", { who: "XB-NCB" }), "إلى \u2068XB-NCB\u2069");
  assert.equal(createWords("ar").say("to {who}", { who: "2026-11-27" }), "إلى \u20682026-11-27\u2069");
  assert.equal(createWords("en").say("to {who}", { who: "سالم" }), "to \u2068سالم\u2069");
  assert.equal(createWords("en").say("to {who}", { who: "XB-NCB" }), "to XB-NCB");
});

test("what the texts of a page leave out is said in English, and numbers are written as in the language", () => {
  const some = new Words({ fr: { "verb\u0004Send": "Envoyer" } }, "fr");
  assert.deepEqual([some.say.word("Send", "verb"), some.say.word("Close", "verb")], ["Envoyer", "Close"]);
  assert.deepEqual(
    [some.formatNumber(12345), createWords("en").formatNumber(12345), createWords("es").formatNumber(1234)],
    ["12\u202f345", "12,345", "1234"],
  );
});

test("the direction is that of the language", () => {
  assert.equal(createWords("ar").direction, "rtl");
  assert.equal(createWords("fr").direction, "ltr");
});

test("a day has no hour, a moment has its zone, and what is no date stands as it was written", () => {
  const words = new Words({}, "en");
  assert.equal(words.formatMoment("2026-03-04"), "4 Mar 2026");
  assert.equal(words.formatMoment("2026-11-24T09:12:00+02:00"), "24 Nov 2026, 07:12 UTC");
  for (const written of ["03/04/2026", "4 April", "2026-13-45", ""]) assert.equal(words.formatMoment(written), written);
});

test("keys stand as on a keyboard of the language", () => {
  const french = new Words({ fr: { "keys.Delete\u0004Delete": "Suppr", "keys.Shift\u0004Shift": "Maj" } }, "fr");
  assert.deepEqual(
    ["Ctrl+Shift+H", "Delete", "F"].map((keys) => french.formatKeys(keys)),
    ["Ctrl+Maj+H", "Suppr", "F"],
  );
  assert.equal(createWords("en").formatKeys("Ctrl+Shift+H"), "Ctrl+Shift+H");
});

test("a value is data: what looks like a name in it is not filled again", () => {
  assert.equal(createWords("en").say("{a} {b}", { a: "{b}", b: "{a} $& {n}" }), "{b} {a} $& {n}");
  assert.equal(createWords("fr").say("to {who}", { who: "{who}" }), "à {who}");
});

test("one word is told by its context, a code by its list, and a line break in a text is a blank", () => {
  const { say } = createWords("fr");
  assert.deepEqual(
    [say.word("Open", "verb"), say.word("Open", "state"), say.word("Open", "")],
    ["Ouvrir", "Ouvert", "Open"],
  );
  assert.deepEqual(
    [say.term("relations", "owns"), say.term("relations", "no such"), say.term("none", "x")],
    ["owns", "no such", "x"],
  );
  assert.equal(say("to\n    {who}", { who: "x" }), "à x");
});
