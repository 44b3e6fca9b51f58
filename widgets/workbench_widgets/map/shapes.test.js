import assert from "node:assert/strict";
import { test } from "node:test";
import {
  computeDestination,
  computeBounds,
  computeDistance,
  convertToPixels,
  groupPlaces,
  listMovements,
  alignLongitude,
  placeBoxes,
  buildSector,
} from "./shapes.js";

/** @param {{ lon: number, lat: number, at?: number, node?: number }[]} list */
function createPlaces(list) {
  return {
    lon: Float64Array.from(list, ({ lon }) => lon),
    lat: Float64Array.from(list, ({ lat }) => lat),
    radius: new Float32Array(list.length).fill(NaN),
    azimuth: new Float32Array(list.length).fill(NaN),
    beam: new Float32Array(list.length).fill(NaN),
    at: Float64Array.from(list, ({ at }) => at ?? NaN),
    node: Uint32Array.from(list, ({ node }) => node ?? 0),
    strength: new Uint8Array(list.length),
    labels: list.map(() => ""),
    ids: list.map((_, row) => String(row)),
  };
}

test("distances are those of the earth", () => {
  const london = /** @type {[number, number]} */ ([-0.1276, 51.5072]);
  const paris = /** @type {[number, number]} */ ([2.3522, 48.8566]);
  assert.ok(Math.abs(computeDistance(london, paris) - 343_500) < 1_500);
  assert.equal(computeDistance(london, london), 0);
});

test("going away and measuring agree, also across the date line and near a pole", () => {
  for (const from of /** @type {[number, number][]} */ ([
    [0, 0],
    [179.9, 10],
    [-120, -54],
    [30, 84],
  ]))
    for (let bearing = 0; bearing < 360; bearing += 37) {
      const to = computeDestination(from, 25_000, bearing);
      assert.ok(Math.abs(computeDistance(from, to) - 25_000) < 1, `${from} ${bearing}`);
      assert.ok(to[0] >= -180 && to[0] <= 180);
    }
});

test("a sector looks where its antenna looks, and a cell without direction is a circle", () => {
  const mast = /** @type {[number, number]} */ ([10, 50]);
  const slice = buildSector(mast, { radius: 2000, azimuth: 90, beam: 60 });
  assert.deepEqual(slice[0], mast);
  assert.deepEqual(slice.at(-1), mast);
  for (const point of slice.slice(1, -1)) {
    assert.ok(point[0] > 10, "east of the mast");
    assert.ok(Math.abs(computeDistance(mast, point) - 2000) < 1);
  }
  assert.equal(buildSector(mast, { radius: 2000, azimuth: NaN, beam: NaN }).length, 73);
  const across = buildSector([179.99, 0], { radius: 5000, azimuth: 90, beam: 120 });
  assert.ok(
    across.every(([lon]) => lon > 179),
    "no line across the whole map",
  );
});

test("movement is in order of time, without standing still and without undated places", () => {
  const places = createPlaces([
    { lon: 3, lat: 0, at: 30 },
    { lon: 1, lat: 0, at: 10 },
    { lon: 1, lat: 0, at: 20 },
    { lon: 9, lat: 9 },
    { lon: 5, lat: 5, at: 1, node: 7 },
  ]);
  assert.deepEqual([...listMovements(places, [0, 1, 2, 3, 4])], [[0, [1, 0]]]);
});

test("places on one spot are a heap that keeps all of them", () => {
  const places = createPlaces([
    { lon: 1, lat: 1 },
    { lon: 1.0001, lat: 1 },
    { lon: 40, lat: 1 },
    { lon: 0, lat: 90 },
  ]);
  assert.deepEqual(
    groupPlaces(places, [0, 1, 2, 3], 3, 24).map((heap) => heap.length),
    [2, 1, 1],
  );
  assert.equal(groupPlaces(places, [0, 1], 20, 8).length, 2);
});

test("no two heaps are nearer to each other than asked, and no place is lost", () => {
  let seed = 5;
  const computeNext = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const places = createPlaces(Array.from({ length: 500 }, () => ({ lon: computeNext() * 4, lat: computeNext() * 4 })));
  const found = groupPlaces(places, places.lon.keys(), 6, 24);
  assert.equal(found.flat().length, 500);
  assert.equal(new Set(found.flat()).size, 500);
  assert.ok(found.length > 5 && found.length < 200, String(found.length));
});

test("a flat map has Greenwich and the equator in its middle", () => {
  assert.deepEqual(convertToPixels([0, 0], 0), [128, 128]);
  assert.deepEqual(convertToPixels([-180, 0], 1).map(Math.round), [0, 256]);
  assert.ok(Math.abs(convertToPixels([0, 85.0511], 0)[1]) < 0.1);
});

test("names stand where they touch nothing", () => {
  const createBox = (/** @type {number} */ left, /** @type {number} */ top) => ({
    left,
    top,
    right: left + 50,
    bottom: top + 12,
  });
  assert.deepEqual(
    placeBoxes([createBox(0, 0), createBox(20, 5), createBox(60, 0), createBox(100, 100)], [createBox(90, 95)]),
    [true, false, true, false],
  );
});

test("bounds take the short way round", () => {
  assert.deepEqual(
    computeBounds(
      createPlaces([
        { lon: 179, lat: -1 },
        { lon: -179, lat: 2 },
      ]),
      [0, 1],
    ),
    [
      [179, -1],
      [181, 2],
    ],
  );
  assert.equal(computeBounds(createPlaces([]), []), null);
  assert.equal(alignLongitude(-179, 179), 181);
});
