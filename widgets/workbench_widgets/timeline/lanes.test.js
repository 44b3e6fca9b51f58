import assert from "node:assert/strict";
import { test } from "node:test";
import { countEvents, computeExtent, countLevels, buildLanes, computeSpan, stackMarks } from "./lanes.js";

const DAY = 86_400_000;

/** @param {{ at: number, end?: number, of: number[], grain?: number }[]} list */
function createEvents(list) {
  const offsets = [0];
  for (const { of } of list) offsets.push(offsets[offsets.length - 1] + of.length);
  return {
    start: Float64Array.from(list, ({ at }) => at * DAY),
    end: Float64Array.from(list, ({ end }) => (end === undefined ? NaN : end * DAY)),
    grain: Uint8Array.from(list, ({ grain }) => grain ?? 0),
    strength: new Uint8Array(list.length),
    kind: new Uint16Array(list.length),
    offsets: Uint32Array.from(offsets),
    members: Uint32Array.from(list.flatMap(({ of }) => of)),
    labels: list.map((_, row) => `event ${row}`),
    kinds: ["Event"],
    ids: list.map((_, row) => String(row)),
  };
}
const isVisible = () => true;

test("a lane has its entity's events in order of time, each once", () => {
  const events = createEvents([
    { at: 5, of: [1, 2] },
    { at: 1, of: [1, 1] },
    { at: 3, of: [2] },
  ]);
  assert.deepEqual(buildLanes(events, isVisible, [1, 2], 10), [
    { row: 1, events: [1, 0], count: 2 },
    { row: 2, events: [2, 0], count: 2 },
  ]);
  assert.deepEqual(buildLanes(events, isVisible, [7], 10), [{ row: 7, events: [], count: 0 }]);
});

test("without a wish the busiest come first, and what is not shown has no lane", () => {
  const events = createEvents([
    { at: 1, of: [4, 5] },
    { at: 2, of: [5, 6] },
    { at: 3, of: [5] },
  ]);
  assert.deepEqual(
    buildLanes(events, isVisible, [], 2).map((lane) => lane.row),
    [5, 4],
  );
  assert.deepEqual(
    buildLanes(events, (node) => node !== 5, [], 9).map((lane) => lane.row),
    [4, 6],
  );
});

test("what touches is stacked, what is too much is counted", () => {
  const events = createEvents([
    { at: 0, end: 4, of: [1] },
    { at: 1, end: 2, of: [1] },
    { at: 3, of: [1] },
    { at: 9, of: [1] },
  ]);
  const view = { from: 0, to: 20 * DAY, perPixel: DAY / 10, least: 8, levels: 3 };
  assert.deepEqual(
    stackMarks(events, [0, 1, 2, 3], view)?.map(({ level }) => level),
    [0, 1, 1, 0],
  );
  assert.equal(stackMarks(events, [0, 1, 2, 3], { ...view, levels: 1 }), null);
  assert.deepEqual(
    stackMarks(events, [0, 1, 2, 3], { ...view, from: 8 * DAY })?.map(({ event }) => event),
    [3],
  );
  assert.equal(countLevels([stackMarks(events, [0, 1, 2, 3], view)], 5), 2);
  assert.equal(countLevels([null], 5), 5);
  assert.equal(countLevels([[]], 5), 1);
});

test("an uncertain date takes the time that it may mean", () => {
  const events = createEvents([
    { at: 40, of: [1], grain: 4 },
    { at: 40, end: 70, of: [1], grain: 3 },
  ]);
  assert.deepEqual(computeExtent(events, 0), [31 * DAY, 59 * DAY]);
  assert.deepEqual(computeExtent(events, 1), [40 * DAY, 71 * DAY]);
  assert.deepEqual(computeSpan(events), [31 * DAY, 71 * DAY]);
  assert.equal(computeSpan(createEvents([])), null);
});

test("counts add up to what begins in the time", () => {
  const events = createEvents(Array.from({ length: 1000 }, (_, row) => ({ at: (row * 37) % 100, of: [1] })));
  const found = countEvents(events, events.start.keys(), { from: 0, to: 100 * DAY, columns: 7 });
  assert.equal(
    found.reduce((sum, one) => sum + one, 0),
    1000,
  );
  assert.equal(
    countEvents(events, [0], { from: 0, to: 0, columns: 3 }).reduce((sum, one) => sum + one, 0),
    1,
  );
});
