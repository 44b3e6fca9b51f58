import assert from "node:assert/strict";
import { test } from "node:test";
import { listRows, countFacet, foldText, filterRows, computeSlice } from "./rows.js";

const names = ["Zoë Ågren", "item 10", "item 9", "أحمد", "zoe Bell"];
const columns = /** @type {import("./rows.js").Column[]} */ ([
  { name: "name", label: "Name", kind: "text", cells: names },
  { name: "type", label: "Type", kind: "facet", cells: ["Person", "Call", "Call", "Person", "Person"] },
  { name: "layer", label: "Layer", kind: "facet", cells: ["confirmed", "suggested", "confirmed", null, "suggested"] },
  { name: "links", label: "Links", kind: "number", cells: [3, NaN, 11, 2, null] },
]);
const texts = names.map(foldText);
const all = { words: "", chosen: {}, order: null };

test("words are found whatever their accents and case, all of them", () => {
  assert.deepEqual(filterRows(columns, texts, { ...all, words: "ZOE" }), [0, 4]);
  assert.deepEqual(filterRows(columns, texts, { ...all, words: "agren zoë" }), [0]);
  assert.deepEqual(filterRows(columns, texts, { ...all, words: "احمد" }), [3]);
});

test("a facet counts what the other choices leave, and keeps what is chosen", () => {
  const question = { ...all, chosen: { type: ["Person"] } };
  assert.deepEqual(countFacet(columns, texts, question, "type"), [
    ["Person", 3],
    ["Call", 2],
  ]);
  assert.deepEqual(countFacet(columns, texts, question, "layer"), [
    ["", 1],
    ["confirmed", 1],
    ["suggested", 1],
  ]);
  assert.deepEqual(countFacet(columns, texts, { ...question, words: "item" }, "type"), [
    ["Call", 2],
    ["Person", 0],
  ]);
  assert.deepEqual(filterRows(columns, texts, { ...all, chosen: { type: ["Person"], layer: [""] } }), [3]);
});

test("order is natural, and what has no value is last both ways", () => {
  assert.deepEqual(listRows(columns, texts, { ...all, order: { column: "links", down: false } }), [3, 0, 2, 1, 4]);
  assert.deepEqual(listRows(columns, texts, { ...all, order: { column: "links", down: true } }), [2, 0, 3, 1, 4]);
  assert.deepEqual(listRows(columns, texts, { ...all, words: "item", order: { column: "name", down: false } }), [2, 1]);
});

test("fifty thousand rows are sorted and counted while one waits", () => {
  const many = Array.from({ length: 50_000 }, (_, row) => (row * 7919) % 50_021);
  const big = /** @type {import("./rows.js").Column[]} */ ([{ name: "n", label: "", kind: "number", cells: many }]);
  const sorted = listRows(big, many.map(String), { ...all, order: { column: "n", down: true } });
  for (let row = 1; row < sorted.length; row++) assert.ok(many[sorted[row - 1]] >= many[sorted[row]]);
});

test("only what is seen is drawn", () => {
  assert.deepEqual(computeSlice({ count: 1000, height: 20, top: 2000, view: 200, over: 2 }), {
    from: 98,
    to: 112,
    before: 1960,
    after: 17760,
  });
  assert.deepEqual(computeSlice({ count: 3, height: 20, top: 900, view: 200 }), {
    from: 3,
    to: 3,
    before: 60,
    after: 0,
  });
  assert.deepEqual(computeSlice({ count: 0, height: 20, top: 0, view: 200 }), { from: 0, to: 0, before: 0, after: 0 });
});
