// Work in a page without a kernel: its log, done again from the beginning, gives the same chart.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "./session.js";
import { NO_FILTERS, same } from "../state.js";
import { table } from "../table.js";

const COUNT = 24;

/** Numbers below 1 from a seed: the same on every machine. @param {number} seed */
function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function begin() {
  const ids = Array.from({ length: COUNT }, (_, row) => `n${row}`);
  const ends = ids.flatMap((_, row) => [row, (row * 7 + 1) % COUNT]);
  const links = ends.length / 2;
  const all = (value, size) =>
    Array.from({ length: size }, (_, row) => (typeof value === "function" ? value(row) : value));
  const known = table({
    ids,
    labels: ids,
    schemas: ["Person", "Vehicle"],
    relations: ["knows", "owns"],
    kinds: all((row) => row % 2, COUNT),
    flags: all(0, COUNT),
    more: all(0, COUNT),
    ends,
    relation: all((row) => row % 2, links),
    strength: all((row) => row % 3, links),
    counts: all((row) => 1 + (row % 4), links),
    directed: all(1, links),
    first: all((row) => (row % 3 ? row * 1000 : NaN), links),
    last: all((row) => (row % 3 ? row * 1000 + 500 : NaN), links),
  });
  return new Session(known, {
    nodes: new Uint8Array(COUNT).fill(1),
    links: new Uint8Array(links).fill(1),
    positions: Float32Array.from(all((at) => at * 3, 2 * COUNT)),
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

/** @param {Session} session @param {() => number} random */
function next(session, random) {
  const of = (list) => list[Math.floor(random() * list.length)];
  const there = [
    ...session.table.ids,
    "link:3",
    "link:999",
    "nobody",
    ...[...session.state.groups, ...session.state.notes].map((one) => one.id),
  ];
  const ids = () => Array.from({ length: Math.floor(random() * 6) }, () => of(there));
  const on = () => random() < 0.5;
  return of([
    ["select", { ids: ids(), add: on() }],
    ["invert", {}],
    ["neighbours", {}],
    ["dismiss", { ids: ids() }],
    ["dismiss_others", { ids: ids() }],
    ["restore", {}],
    ["move", { places: Object.fromEntries(ids().map((id) => [id, [random() * 900, random() * -900]])) }],
    ["pin", { ids: ids(), on: on() }],
    ["filter", { schemas: on() ? ["Vehicle"] : [], least: Math.floor(random() * 4) }],
    ["during", { start: random() * 9000, end: on() ? random() * 9000 : null }],
    ["group", { ids: ids() }],
    ["open_group", { id: of(there), on: on() }],
    ["ungroup", { id: of(there) }],
    ["name_group", { id: of(there), label: of(["", " two ", "<b>"]) }],
    ["note", { text: of(["", "a", "<b>"]), x: 1, y: 2, id: of(there) }],
    ["apart", { on: on() }],
    ["path", { start: of(there), end: of(there), timed: on() }],
    ["undo", {}],
    ["undo", {}],
    ["undo", {}],
    ["redo", {}],
    ["redo", {}],
  ]);
}

for (let seed = 1; seed <= 8; seed++) {
  test(`200 commands and their log come to the same chart (seed ${seed})`, () => {
    const [session, again, random] = [begin(), begin(), chance(seed)];
    for (let step = 0; step < 200; step++) session.do(...next(session, random));
    assert.equal(session.history.length, 200);
    again.replay(JSON.parse(JSON.stringify(session.history)));
    assert.ok(same(session.state, again.state));
    assert.deepEqual([again.before.length, again.after.length], [session.before.length, session.after.length]);
    again.replay(again.history);
    assert.ok(same(session.state, again.state), "a session can replay its own log");
  });
}

test("what is no command is not logged", () => {
  const session = begin();
  assert.throws(() => session.do("explode"), /There is no command explode/);
  assert.throws(() => session.do("move", {}));
  assert.deepEqual(session.history, []);
});

test("that there is no path is said", () => {
  const session = begin();
  session.do("filter", { relations: ["knows", "owns"] });
  session.do("path", { start: "n0", end: "n1" });
  assert.equal(session.lost, true);
  session.do("undo");
  session.do("path", { start: "n0", end: "n1" });
  assert.equal(session.lost, false);
});
