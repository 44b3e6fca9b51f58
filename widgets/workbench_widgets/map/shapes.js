// Shapes on a map: what a cell covers, how somebody moved, which places fall together. Longitude and latitude in
// degrees (WGS 84), lengths in metres, bearings in degrees clockwise from north. The earth is a sphere here: errors
// stay below 0.6 %.

const RADIUS = 6_371_008.8;
const RAD = Math.PI / 180;

/** @typedef {[number, number]} Point longitude, latitude */

/**
 * Places as columns: where, how exact (`radius` in metres, NaN unknown), for a cell its direction and width (`azimuth`,
 * `beam` in degrees, NaN for none), when (milliseconds since 1970 UTC, NaN undated), and whose: the node row.
 * @typedef {{
 *   lon: Float64Array, lat: Float64Array, radius: Float32Array, azimuth: Float32Array, beam: Float32Array,
 *   at: Float64Array, node: Uint32Array, strength: Uint8Array, labels: string[], ids: string[]
 * }} Places
 */

/**
 * The point at a distance and bearing of another.
 * @param {Point} from
 * @param {number} metres
 * @param {number} bearing
 * @returns {Point}
 */
export function computeDestination([lon, lat], metres, bearing) {
  const [angle, course, at] = [metres / RADIUS, bearing * RAD, lat * RAD];
  const north = Math.asin(Math.sin(at) * Math.cos(angle) + Math.cos(at) * Math.sin(angle) * Math.cos(course));
  const east =
    lon * RAD +
    Math.atan2(Math.sin(course) * Math.sin(angle) * Math.cos(at), Math.cos(angle) - Math.sin(at) * Math.sin(north));
  return [limitLongitude(east / RAD), north / RAD];
}

/**
 * Metres between two points along the earth.
 * @param {Point} one
 * @param {Point} other
 */
export function computeDistance([lonA, latA], [lonB, latB]) {
  const [high, wide] = [Math.sin(((latB - latA) * RAD) / 2), Math.sin(((lonB - lonA) * RAD) / 2)];
  return (
    2 *
    RADIUS *
    Math.asin(Math.min(1, Math.sqrt(high * high + Math.cos(latA * RAD) * Math.cos(latB * RAD) * wide * wide)))
  );
}

/** @param {number} lon */
function limitLongitude(lon) {
  return lon < -180 || lon > 180 ? ((((lon + 180) % 360) + 360) % 360) - 180 : lon;
}

/**
 * The outline of the area that a cell is said to cover: a slice from the mast, or a circle where it has no direction.
 * It is a drawing of what the network operator states, not of where the signal reached. Longitudes run on past 180
 * degrees so that no line crosses the map.
 * @param {Point} mast
 * @param {{ radius: number, azimuth: number, beam: number }} cell
 * @returns {Point[]}
 */
export function buildSector(mast, { radius, azimuth, beam }) {
  const whole = !Number.isFinite(azimuth) || !Number.isFinite(beam) || beam >= 360 || beam <= 0;
  const steps = whole ? 72 : Math.max(4, Math.ceil(beam / 5));
  const begin = whole ? 0 : azimuth - beam / 2;
  const arc = Array.from({ length: steps + 1 }, (_, step) =>
    computeDestination(mast, radius, begin + ((whole ? 360 : beam) * step) / steps),
  );
  return (whole ? arc : [mast, ...arc, mast]).map(([lon, lat]) => [alignLongitude(lon, mast[0]), lat]);
}

/**
 * A longitude written so that it lies within half a turn of another.
 * @param {number} lon
 * @param {number} other
 */
export function alignLongitude(lon, other) {
  return lon + 360 * Math.round((other - lon) / 360);
}

/**
 * How somebody moved: the places of each node in order of time, those at which nothing changed left out. Undated places
 * move nobody.
 * @param {Places} places
 * @param {Iterable<number>} rows
 * @returns {Map<number, number[]>} node row -> rows of places; only where there are two or more
 */
export function listMovements(places, rows) {
  /** @type {Map<number, number[]>} */
  const found = new Map();
  for (const row of rows) {
    if (Number.isNaN(places.at[row])) continue;
    const mine = found.get(places.node[row]);
    if (mine) mine.push(row);
    else found.set(places.node[row], [row]);
  }
  for (const [node, mine] of found) {
    mine.sort((a, b) => places.at[a] - places.at[b] || a - b);
    const moved = mine.filter(
      (row, index) =>
        !index || places.lon[row] !== places.lon[mine[index - 1]] || places.lat[row] !== places.lat[mine[index - 1]],
    );
    if (moved.length > 1) found.set(node, moved);
    else found.delete(node);
  }
  return found;
}

/**
 * Where a point lies on a flat map as web maps have it: pixels of a world that is 256 * 2 ** zoom pixels wide.
 * @param {Point} point
 * @param {number} zoom
 * @returns {[number, number]}
 */
export function convertToPixels([lon, lat], zoom) {
  const wide = 256 * 2 ** zoom;
  const sine = Math.min(0.9999, Math.max(-0.9999, Math.sin(lat * RAD)));
  return [((lon + 180) / 360) * wide, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * wide];
}

/**
 * Places that fall on the same spot of a screen, drawn as one with their number: first those of a square of `size`
 * pixels, then squares whose middles are nearer to each other than that, the fullest first.
 * @param {Places} places
 * @param {Iterable<number>} rows
 * @param {number} zoom as web maps count it
 * @param {number} size pixels
 * @returns {number[][]} rows of places, the fullest first
 */
export function groupPlaces(places, rows, zoom, size) {
  /** @type {Map<string, {rows: number[], x: number, y: number}>} */
  const squares = new Map();
  for (const row of rows) {
    const [x, y] = convertToPixels([places.lon[row], places.lat[row]], zoom);
    const key = `${Math.floor(x / size)} ${Math.floor(y / size)}`;
    const mine = squares.get(key) ?? { rows: [], x: 0, y: 0 };
    mine.rows.push(row);
    mine.x += x;
    mine.y += y;
    squares.set(key, mine);
  }
  const all = [...squares.values()].map(({ rows, x, y }) => ({ rows, x: x / rows.length, y: y / rows.length }));
  all.sort((a, b) => b.rows.length - a.rows.length || a.rows[0] - b.rows[0]);
  /** @type {Map<string, typeof all>} */
  const grid = new Map();
  const found = [];
  for (const one of all) {
    const [column, line] = [Math.floor(one.x / size), Math.floor(one.y / size)];
    const near = [-1, 0, 1].flatMap((aside) =>
      [-1, 0, 1].flatMap((down) => grid.get(`${column + aside} ${line + down}`) ?? []),
    );
    const taker = near.find((other) => Math.hypot(other.x - one.x, other.y - one.y) < size);
    if (taker) {
      taker.rows.push(...one.rows);
      continue;
    }
    const key = `${column} ${line}`;
    grid.set(key, [...(grid.get(key) ?? []), one]);
    found.push(one);
  }
  return found.map(({ rows }) => rows.sort((a, b) => a - b));
}

/**
 * Which of some boxes can stand without touching one that stands already; the first come first.
 * @param {{ left: number, top: number, right: number, bottom: number }[]} wanted
 * @param {{ left: number, top: number, right: number, bottom: number }[]} taken
 * @returns {boolean[]}
 */
export function placeBoxes(wanted, taken) {
  const standing = [...taken];
  return wanted.map((box) => {
    const free = standing.every(
      (other) => box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom,
    );
    if (free) standing.push(box);
    return free;
  });
}

/**
 * What is between the corners of all places, longitudes taken the short way round; null where there is none.
 * @param {Places} places
 * @param {Iterable<number>} rows
 * @returns {[Point, Point] | null} south-west, north-east
 */
export function computeBounds(places, rows) {
  let [west, south, east, north, first] = [Infinity, Infinity, -Infinity, -Infinity, NaN];
  for (const row of rows) {
    if (Number.isNaN(first)) first = places.lon[row];
    const lon = alignLongitude(places.lon[row], first);
    [west, east] = [Math.min(west, lon), Math.max(east, lon)];
    [south, north] = [Math.min(south, places.lat[row]), Math.max(north, places.lat[row])];
  }
  return west <= east
    ? [
        [west, south],
        [east, north],
      ]
    : null;
}
