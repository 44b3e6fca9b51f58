import assert from "node:assert/strict";
import { test } from "node:test";

import { listBoxesAround, placeLabel, Room, splitRows } from "./labels.js";

const createPlace = (/** @type {Partial<import("./labels.js").Wanted>} */ more = {}) => ({
  x: 100,
  y: 100,
  radius: 10,
  high: 15,
  width: 200,
  height: 200,
  room: new Room(),
  force: false,
  ...more,
});
const measureText = (/** @type {string} */ text) => text.length * 6;

test("a name is broken at a space, and never in more than two rows", () => {
  assert.deepEqual(splitRows("Warehouse of the northern harbour of Tarsano", 24), [
    "Warehouse of the",
    "northern harbour of Tar…",
  ]);
  assert.deepEqual(splitRows("short", 15), ["short"]);
});

test("a name stands under its icon, and on another side where that is taken", () => {
  const room = new Room();
  const sides = Array.from({ length: 5 }, () => placeLabel(["+990 17", ""], measureText, createPlace({ room })));
  assert.deepEqual(
    sides.map((found) => found?.box.align),
    ["center", "center", "left", "right", undefined],
  );
  assert.ok((sides[0]?.box.top ?? 0) > 100 && (sides[1]?.box.bottom ?? 0) < 100);
});

test("a name is broken narrower before it is left out", () => {
  const found = placeLabel(["Maria Delgado Fuentes"], measureText, createPlace({ width: 124, height: 200, x: 62 }));
  assert.deepEqual(found?.lines, ["Maria Delgado", "Fuentes"]);
});

test("no name is cut by the edge, except that of what is pointed at", () => {
  assert.equal(placeLabel(["+990 175 550"], measureText, createPlace({ x: -5 })), null);
  assert.ok(placeLabel(["+990 175 550"], measureText, createPlace({ x: -5, force: true })));
});

test("the places about an icon do not cover it", () => {
  for (const box of listBoxesAround(50, 50, 8, 40, 12))
    assert.ok(box.right <= 42 || box.left >= 58 || box.bottom <= 42 || box.top >= 58);
});
