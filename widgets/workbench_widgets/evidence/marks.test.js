import assert from "node:assert/strict";
import { test } from "node:test";
import { excerpt, pieces } from "./marks.js";

/** @param {number} start @param {number} end */
const mark = (start, end, id = "a") => ({ start, end, id, kind: "received" });

test("pieces are the text, and marks count characters as people do", () => {
  const text = "🚢 Marta paid Tomas";
  const found = pieces(text, [mark(2, 7), mark(13, 18, "b")]);
  assert.equal(found.map((piece) => piece.text).join(""), text);
  assert.deepEqual(
    found.filter((piece) => piece.mark).map((piece) => [piece.text, piece.mark?.id]),
    [
      ["Marta", "a"],
      ["Tomas", "b"],
    ],
  );
});

test("of overlapping marks the first and longest counts, and impossible ones none", () => {
  const found = pieces("Marta Oliveira", [
    mark(0, 5),
    mark(0, 14, "b"),
    mark(6, 14),
    mark(-1, 3),
    mark(9, 9),
    mark(3, 99),
    mark(NaN, 2),
  ]);
  assert.deepEqual(found, [{ text: "Marta Oliveira", mark: mark(0, 14, "b") }]);
  assert.deepEqual(pieces("", []), []);
});

test("whatever the marks, nothing of the text is lost", () => {
  let seed = 11;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 300; round++) {
    const text = Array.from({ length: Math.floor(next() * 40) }, () => "aé🙂م "[Math.floor(next() * 5)] ?? "x").join(
      "",
    );
    const marks = Array.from({ length: 6 }, () => mark(Math.floor(next() * 45) - 2, Math.floor(next() * 45)));
    assert.equal(
      pieces(text, marks)
        .map((piece) => piece.text)
        .join(""),
      text,
    );
  }
});

test("a long text is cut around its marks, and they stay where they were", () => {
  const text = `${"a ".repeat(900)}Marta${" b".repeat(900)}`;
  const found = excerpt(text, [mark(1800, 1805)], 100);
  assert.ok(found.cut && found.text.length < 900);
  assert.ok(found.text.startsWith("… ") && found.text.endsWith(" …"));
  assert.equal([...found.text].slice(found.marks[0].start, found.marks[0].end).join(""), "Marta");
  assert.deepEqual(excerpt("short", [mark(0, 5)], 100), { text: "short", marks: [mark(0, 5)], cut: false });
});
