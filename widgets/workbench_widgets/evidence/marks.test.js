import assert from "node:assert/strict";
import { test } from "node:test";
import { cutExcerpt, splitPieces } from "./marks.js";

/** @param {number} start @param {number} end */
const createMark = (start, end, id = "a") => ({ start, end, id, kind: "received" });

test("pieces are the text, and marks count characters as people do", () => {
  const text = "🚢 Marta paid Tomas";
  const found = splitPieces(text, [createMark(2, 7), createMark(13, 18, "b")]);
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
  const found = splitPieces("Marta Oliveira", [
    createMark(0, 5),
    createMark(0, 14, "b"),
    createMark(6, 14),
    createMark(-1, 3),
    createMark(9, 9),
    createMark(3, 99),
    createMark(NaN, 2),
  ]);
  assert.deepEqual(found, [{ text: "Marta Oliveira", mark: createMark(0, 14, "b") }]);
  assert.deepEqual(splitPieces("", []), []);
});

test("whatever the marks, nothing of the text is lost", () => {
  let seed = 11;
  const computeNext = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 300; round++) {
    const text = Array.from(
      { length: Math.floor(computeNext() * 40) },
      () => "aé🙂م "[Math.floor(computeNext() * 5)] ?? "x",
    ).join("");
    const marks = Array.from({ length: 6 }, () =>
      createMark(Math.floor(computeNext() * 45) - 2, Math.floor(computeNext() * 45)),
    );
    assert.equal(
      splitPieces(text, marks)
        .map((piece) => piece.text)
        .join(""),
      text,
    );
  }
});

test("a long text is cut around its marks, and they stay where they were", () => {
  const text = `${"a ".repeat(900)}Marta${" b".repeat(900)}`;
  const found = cutExcerpt(text, [createMark(1800, 1805)], 100);
  assert.ok(found.cut && found.text.length < 900);
  assert.ok(found.text.startsWith("… ") && found.text.endsWith(" …"));
  assert.equal([...found.text].slice(found.marks[0].start, found.marks[0].end).join(""), "Marta");
  assert.deepEqual(cutExcerpt("short", [createMark(0, 5)], 100), {
    text: "short",
    marks: [createMark(0, 5)],
    cut: false,
  });
});
