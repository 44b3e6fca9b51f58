// Work in a page without a kernel: its log, done again from the beginning, gives the same chart.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "./session.js";
import { NO_FILTERS, isSame } from "../state.js";
import { readTable } from "../table.js";

const COUNT = 24;

/** Numbers below 1 from a seed: the same on every machine. @param {number} seed */
function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function createSession() {
  const ids = Array.from({ length: COUNT }, (_, row) => `n${row}`);
  const ends = ids.flatMap((_, row) => [row, (row * 7 + 1) % COUNT]);
  const links = ends.length / 2;
  const fillArray = (value, size) =>
    Array.from({ length: size }, (_, row) => (typeof value === "function" ? value(row) : value));
  const known = readTable({
    ids,
    labels: ids,
    schemas: ["Person", "Vehicle"],
    relations: ["knows", "owns"],
    kinds: fillArray((row) => row % 2, COUNT),
    flags: fillArray(0, COUNT),
    more: fillArray(0, COUNT),
    ends,
    relation: fillArray((row) => row % 2, links),
    strength: fillArray((row) => row % 3, links),
    counts: fillArray((row) => 1 + (row % 4), links),
    directed: fillArray(1, links),
    first: fillArray((row) => (row % 3 ? row * 1000 : NaN), links),
    last: fillArray((row) => (row % 3 ? row * 1000 + 500 : NaN), links),
  });
  return new Session(known, {
    nodes: new Uint8Array(COUNT).fill(1),
    links: new Uint8Array(links).fill(1),
    positions: Float32Array.from(fillArray((at) => at * 3, 2 * COUNT)),
    pinned: new Uint8Array(COUNT),
    selection: [],
    filters: { ...NO_FILTERS },
    time_range: null,
    groups: [],
    notes: [],
    apart: false,
    style: "",
  });
}

/** @param {Session} session @param {() => number} getRandom */
function pickCommand(session, getRandom) {
  const pickOne = (list) => list[Math.floor(getRandom() * list.length)];
  const there = [
    ...session.table.ids,
    "link:3",
    "link:999",
    "nobody",
    ...[...session.state.groups, ...session.state.notes].map((one) => one.id),
  ];
  const pickIds = () => Array.from({ length: Math.floor(getRandom() * 6) }, () => pickOne(there));
  const pickFlag = () => getRandom() < 0.5;
  return pickOne([
    ["select", { ids: pickIds(), add: pickFlag() }],
    ["invert", {}],
    ["neighbours", {}],
    ["dismiss", { ids: pickIds() }],
    ["dismiss_others", { ids: pickIds() }],
    ["restore", {}],
    ["move", { places: Object.fromEntries(pickIds().map((id) => [id, [getRandom() * 900, getRandom() * -900]])) }],
    ["pin", { ids: pickIds(), on: pickFlag() }],
    ["filter", { schemas: pickFlag() ? ["Vehicle"] : [], least: Math.floor(getRandom() * 4) }],
    ["during", { start: getRandom() * 9000, end: pickFlag() ? getRandom() * 9000 : null }],
    ["group", { ids: pickIds() }],
    ["open_group", { id: pickOne(there), on: pickFlag() }],
    ["ungroup", { id: pickOne(there) }],
    ["name_group", { id: pickOne(there), label: pickOne(["", " two ", "<b>"]) }],
    ["note", { text: pickOne(["", "a", "<b>"]), x: 1, y: 2, id: pickOne(there) }],
    ["apart", { on: pickFlag() }],
    ["path", { start: pickOne(there), end: pickOne(there), timed: pickFlag() }],
    ["undo", {}],
    ["undo", {}],
    ["undo", {}],
    ["redo", {}],
    ["redo", {}],
  ]);
}

for (let seed = 1; seed <= 8; seed++) {
  test(`200 commands and their log come to the same chart (seed ${seed})`, () => {
    const [session, again, random] = [createSession(), createSession(), createRandom(seed)];
    for (let step = 0; step < 200; step++) session.runCommand(...pickCommand(session, random));
    assert.equal(session.history.length, 200);
    again.replay(JSON.parse(JSON.stringify(session.history)));
    assert.ok(isSame(session.state, again.state));
    assert.deepEqual([again.before.length, again.after.length], [session.before.length, session.after.length]);
    again.replay(again.history);
    assert.ok(isSame(session.state, again.state), "a session can replay its own log");
  });
}

test("what is no command is not logged", () => {
  const session = createSession();
  assert.throws(() => session.runCommand("explode"), /There is no command explode/);
  assert.throws(() => session.runCommand("move", {}));
  assert.deepEqual(session.history, []);
});

test("that there is no path is said", () => {
  const session = createSession();
  session.runCommand("filter", { relations: ["knows", "owns"] });
  session.runCommand("path", { start: "n0", end: "n1" });
  assert.equal(session.lost, true);
  session.runCommand("undo");
  session.runCommand("path", { start: "n0", end: "n1" });
  assert.equal(session.lost, false);
});
