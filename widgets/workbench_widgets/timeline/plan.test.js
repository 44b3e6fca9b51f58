import assert from "node:assert/strict";
import { test } from "node:test";
import { Words } from "../kit/words.js";
import { buildLanes } from "./lanes.js";
import { computeX, computeMiddle, computeTime } from "./canvas.js";
import { findEvent, findLane, moveView, buildPlan, computeWhole, zoomView } from "./plan.js";

const HOUR = 3_600_000;

/** @param {{ at: number, end?: number, of: number[], grain?: number }[]} list hours */
function createEvents(list) {
  const offsets = [0];
  for (const { of } of list) offsets.push(offsets[offsets.length - 1] + of.length);
  return {
    start: Float64Array.from(list, ({ at }) => at * HOUR),
    end: Float64Array.from(list, ({ end }) => (end === undefined ? NaN : end * HOUR)),
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

/** @param {ReturnType<typeof createEvents>} events @param {Partial<Parameters<typeof buildPlan>[2]>} [more] */
function createPlan(events, more = {}) {
  const found = buildLanes(events, () => true, [], 20);
  const all = computeWhole(events, found) ?? /** @type {[number, number]} */ ([0, HOUR]);
  const look = {
    width: 900,
    gutter: 150,
    zone: "UTC",
    words: new Words({}, "en"),
    view: all,
    whole: all,
    range: null,
    getLabel: String,
    getColour: () => "#000",
    chosenNodes: new Set([1]),
    chosen: new Set(),
    pointed: -1,
    ...more,
  };
  return buildPlan(events, found, /** @type {any} */ (look));
}

test("every event that is drawn is found under the pointer, and nothing where nothing is", () => {
  const events = createEvents([
    { at: 1, of: [1, 2] },
    { at: 1.001, of: [1] },
    { at: 5, end: 9, of: [2] },
    { at: 30, of: [3] },
  ]);
  const found = createPlan(events);
  let seen = 0;
  for (const row of found.rows)
    for (const mark of row.marks ?? []) {
      assert.equal(findEvent(found, computeX(found, mark.from), computeMiddle(row, mark)), mark.event);
      seen++;
    }
  assert.equal(seen, 5);
  assert.equal(findEvent(found, 160, found.axis + 2), -1);
  assert.equal(findEvent(found, 20, found.axis + 5), -1);
  assert.equal(findLane(found, 20, found.axis + 5), found.rows[0].node);
  assert.equal(findLane(found, 200, found.axis + 5), -1);
});

test("lanes do not overlap, and are as high as what they hold", () => {
  const events = createEvents([
    { at: 1, end: 9, of: [1] },
    { at: 2, end: 8, of: [1] },
    { at: 3, end: 7, of: [1] },
    { at: 3, of: [2] },
  ]);
  const found = createPlan(events);
  for (let row = 1; row < found.rows.length; row++)
    assert.equal(found.rows[row].top, found.rows[row - 1].top + found.rows[row - 1].height);
  assert.ok(found.rows[0].height > found.rows[1].height);
  assert.ok(found.strip > found.rows[1].top && found.height > found.strip);
  assert.ok(found.rows[0].chosen && !found.rows[1].chosen);
});

test("a dense lane is counted, and near enough each is drawn again", () => {
  const events = createEvents(Array.from({ length: 4000 }, (_, row) => ({ at: row / 40, of: [1] })));
  const far = createPlan(events);
  assert.equal(far.rows[0].marks, null);
  assert.equal(
    far.rows[0].bars?.reduce((sum, one) => sum + one, 0),
    4000,
  );
  assert.equal(
    far.overview.reduce((sum, one) => sum + one, 0),
    4000,
  );
  const near = createPlan(events, { view: [10 * HOUR, 11 * HOUR] });
  assert.equal(near.rows[0].marks?.length, 41);
});

test("time and place agree, and zooming keeps what is under the pointer", () => {
  const found = createPlan(
    createEvents([
      { at: 0, of: [1] },
      { at: 100, of: [1] },
    ]),
  );
  for (const x of [150, 400, 899]) assert.ok(Math.abs(computeX(found, computeTime(found, x)) - x) < 1e-6);
  const all = /** @type {[number, number]} */ ([0, 100 * HOUR]);
  const about = 30 * HOUR;
  const near = zoomView(all, 0.5, about, all);
  assert.ok(Math.abs((about - near[0]) / (near[1] - near[0]) - 0.3) < 1e-9);
  assert.equal(zoomView([0, 60_000], 0.1, 30_000, all)[1] - zoomView([0, 60_000], 0.1, 30_000, all)[0], 60_000);
  const far = moveView(all, 1e15, all);
  assert.ok(far[0] < all[1], "some of the whole stays in sight");
});

test("a single instant has room, and nothing dated has no time", () => {
  const one = createEvents([{ at: 7, of: [1] }]);
  const found = computeWhole(
    one,
    buildLanes(one, () => true, [], 5),
  );
  assert.ok(found && found[0] < 7 * HOUR && found[1] > 7 * HOUR);
  assert.equal(computeWhole(createEvents([]), []), null);
});
