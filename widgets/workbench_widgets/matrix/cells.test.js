import assert from "node:assert/strict";
import { test } from "node:test";
import { buildCells, sortRows, computeShade } from "./cells.js";

/** @param {[number, number, number?, number?][]} list from, to, count, strength */
const createLinks = (list) => ({
  ends: Uint32Array.from(list.flatMap(([from, to]) => [from, to])),
  counts: Uint32Array.from(list, ([, , count]) => count ?? 1),
  strength: Uint8Array.from(list, ([, , , strength]) => strength ?? 0),
});
const isVisible = () => true;

test("links of both directions add up, the surest tells how a cell is drawn", () => {
  const links = createLinks([
    [5, 9, 3, 1],
    [9, 5, 4, 0],
    [5, 7],
    [5, 5],
    [9, 1],
  ]);
  const found = buildCells([5, 9, 7], links, isVisible);
  assert.deepEqual(
    [...found],
    [
      ["0:1", { count: 7, strength: 0, links: [0, 1] }],
      ["0:2", { count: 1, strength: 0, links: [2] }],
    ],
  );
  assert.deepEqual([...buildCells([5, 9, 7], links, (link) => link === 2).keys()], ["0:2"]);
});

test("groups stand together, whatever order their members came in", () => {
  const links = [];
  for (const group of [
    [0, 3, 6, 9],
    [1, 4, 7, 10],
    [2, 5, 8, 11],
  ])
    for (const one of group)
      for (const other of group) if (one < other) links.push(/** @type {[number, number]} */ ([one, other]));
  links.push([0, 1], [4, 5]);
  const rows = Array.from({ length: 13 }, (_, row) => row);
  const stand = sortRows(13, buildCells(rows, createLinks(links), isVisible));
  assert.deepEqual(
    [...stand].sort((a, b) => a - b),
    rows,
  );
  const groups = stand.map((row) => (row === 12 ? "none" : String(row % 3)));
  const changes = groups.filter((one, index) => index && one !== groups[index - 1]).length;
  assert.equal(changes, 3, groups.join(" "));
});

test("one link is seen beside a thousand", () => {
  assert.equal(computeShade(0, 1000), 0);
  assert.ok(computeShade(1, 1000) > 0.2);
  assert.equal(computeShade(1000, 1000), 1);
});
