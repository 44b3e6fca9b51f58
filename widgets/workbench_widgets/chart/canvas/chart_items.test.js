// node --test: what may be labelled and pointed at on a large chart.

import assert from "node:assert/strict";
import test from "node:test";

import { listItemsToLabel, findItemAt } from "./chart_items.js";

const createItem = (/** @type {string} */ id, /** @type {number} */ x) => ({
  id,
  row: 0,
  x,
  y: 0,
  label: id,
  latin: "",
  schema: "",
  how: "",
  colour: "",
  more: 0,
  degree: 1,
  members: [],
});
const items = ["a", "b", "c", "d"].map((id, at) => createItem(id, 100 * at));
const line = {
  id: "link:0",
  a: 0,
  b: 1,
  strength: 0,
  there: true,
  back: false,
  count: 1,
  label: "",
  bend: 0,
  rows: [0],
  relation: 0,
};
const picture = { items, lines: [line], at: new Map(items.map((one, at) => [one.id, at])), light: false, largest: [] };
const light = { ...picture, light: true, largest: [items[3]] };

test("on a large chart only the largest and what is meant have labels", () => {
  assert.deepEqual(
    listItemsToLabel(picture, new Set(), "").map((one) => one.id),
    ["a", "b", "c", "d"],
  );
  assert.deepEqual(
    listItemsToLabel(light, new Set(["b", "gone"]), "a").map((one) => one.id),
    ["d", "a", "b"],
  );
});

test("on a large chart a click means nodes, not hairlines", () => {
  assert.equal(findItemAt(picture, 50, 1, 10, 5), "link:0");
  assert.equal(findItemAt(light, 50, 1, 10, 5), "");
  assert.equal(findItemAt(light, 3, 1, 10, 5), "a");
});
