import assert from "node:assert/strict";
import { test } from "node:test";
import { Words } from "../kit/words.js";
import { lanes } from "./lanes.js";
import { across, middle, timeAt } from "./painting.js";
import { eventAt, laneAt, moved, plan, whole, zoomed } from "./plan.js";

const HOUR = 3_600_000;

/** @param {{ at: number, end?: number, of: number[], grain?: number }[]} list hours */
function made(list) {
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

/** @param {ReturnType<typeof made>} events @param {Partial<Parameters<typeof plan>[2]>} [more] */
function drawn(events, more = {}) {
  const found = lanes(events, () => true, [], 20);
  const all = whole(events, found) ?? /** @type {[number, number]} */ ([0, HOUR]);
  const look = {
    width: 900,
    gutter: 150,
    zone: "UTC",
    words: new Words({}, "en"),
    view: all,
    whole: all,
    range: null,
    label: String,
    colour: () => "#000",
    chosenNodes: new Set([1]),
    chosen: new Set(),
    pointed: -1,
    ...more,
  };
  return plan(events, found, /** @type {any} */ (look));
}

test("every event that is drawn is found under the pointer, and nothing where nothing is", () => {
  const events = made([
    { at: 1, of: [1, 2] },
    { at: 1.001, of: [1] },
    { at: 5, end: 9, of: [2] },
    { at: 30, of: [3] },
  ]);
  const found = drawn(events);
  let seen = 0;
  for (const row of found.rows)
    for (const mark of row.marks ?? []) {
      assert.equal(eventAt(found, across(found, mark.from), middle(row, mark)), mark.event);
      seen++;
    }
  assert.equal(seen, 5);
  assert.equal(eventAt(found, 160, found.axis + 2), -1);
  assert.equal(eventAt(found, 20, found.axis + 5), -1);
  assert.equal(laneAt(found, 20, found.axis + 5), found.rows[0].node);
  assert.equal(laneAt(found, 200, found.axis + 5), -1);
});

test("lanes do not overlap, and are as high as what they hold", () => {
  const events = made([
    { at: 1, end: 9, of: [1] },
    { at: 2, end: 8, of: [1] },
    { at: 3, end: 7, of: [1] },
    { at: 3, of: [2] },
  ]);
  const found = drawn(events);
  for (let row = 1; row < found.rows.length; row++)
    assert.equal(found.rows[row].top, found.rows[row - 1].top + found.rows[row - 1].height);
  assert.ok(found.rows[0].height > found.rows[1].height);
  assert.ok(found.strip > found.rows[1].top && found.height > found.strip);
  assert.ok(found.rows[0].chosen && !found.rows[1].chosen);
});

test("a dense lane is counted, and near enough each is drawn again", () => {
  const events = made(Array.from({ length: 4000 }, (_, row) => ({ at: row / 40, of: [1] })));
  const far = drawn(events);
  assert.equal(far.rows[0].marks, null);
  assert.equal(
    far.rows[0].bars?.reduce((sum, one) => sum + one, 0),
    4000,
  );
  assert.equal(
    far.overview.reduce((sum, one) => sum + one, 0),
    4000,
  );
  const near = drawn(events, { view: [10 * HOUR, 11 * HOUR] });
  assert.equal(near.rows[0].marks?.length, 41);
});

test("time and place agree, and zooming keeps what is under the pointer", () => {
  const found = drawn(
    made([
      { at: 0, of: [1] },
      { at: 100, of: [1] },
    ]),
  );
  for (const x of [150, 400, 899]) assert.ok(Math.abs(across(found, timeAt(found, x)) - x) < 1e-6);
  const all = /** @type {[number, number]} */ ([0, 100 * HOUR]);
  const about = 30 * HOUR;
  const near = zoomed(all, 0.5, about, all);
  assert.ok(Math.abs((about - near[0]) / (near[1] - near[0]) - 0.3) < 1e-9);
  assert.equal(zoomed([0, 60_000], 0.1, 30_000, all)[1] - zoomed([0, 60_000], 0.1, 30_000, all)[0], 60_000);
  const far = moved(all, 1e15, all);
  assert.ok(far[0] < all[1], "some of the whole stays in sight");
});

test("a single instant has room, and nothing dated has no time", () => {
  const one = made([{ at: 7, of: [1] }]);
  const found = whole(
    one,
    lanes(one, () => true, [], 5),
  );
  assert.ok(found && found[0] < 7 * HOUR && found[1] > 7 * HOUR);
  assert.equal(whole(made([]), []), null);
});
