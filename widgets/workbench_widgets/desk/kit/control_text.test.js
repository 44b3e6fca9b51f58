import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeHidden } from "../../kit/visible_text.js";
import { splitParagraphs } from "../messages/paragraphs.js";
import { computeOffset, readControl, decodeText } from "./control_text.js";

test("what a control shows goes back as what it is", () => {
  for (const text of [
    "",
    "plain",
    "a\u202eb",
    `a${"\u0301".repeat(9)}`,
    "\u001b[2J",
    "tab\tand\nline",
    "🚢 م",
    "⟨U+0041⟩",
    "⟨U+202",
  ])
    assert.equal(decodeText(escapeHidden(text)), text);
});

test("a place of a text is found in a control that shows more signs than the text has", () => {
  const text = "🚢\u202eMarta";
  assert.equal(escapeHidden(text).slice(computeOffset(text, 2), computeOffset(text, 7)), "Marta");
});

test("what is pasted hidden is seen in the control, goes out as it is, and the caret stays behind it", () => {
  const control = { value: "VEIT\u202eX!", selectionStart: 6, selectionEnd: 6 };
  assert.equal(readControl(control), "VEIT\u202eX!");
  assert.deepEqual(control, { value: "VEIT⟨U+202E⟩X!", selectionStart: 13, selectionEnd: 13 });
  assert.equal(readControl(control), "VEIT\u202eX!");
});

test("paragraphs keep all of the text and its marks, also a mark over a line break", () => {
  const mark = { start: 2, end: 7, id: "x", kind: "Person" };
  const found = splitParagraphs("a bc\nde f\n\ng", [mark]);
  assert.deepEqual(
    found.map((line) => line.map(({ text }) => text).join("")),
    ["a bc", "de f", "", "g"],
  );
  assert.deepEqual(
    found.map((line) => line.filter((one) => one.mark).map(({ text }) => text)),
    [["bc"], ["de"], [], []],
  );
});
