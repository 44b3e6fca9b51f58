// Which event stands where: a lane per entity, events that overlap in a lane stacked, and counts by column where a lane
// is too dense to draw each.

/**
 * Events as columns: `start` and `end` in milliseconds since 1970 UTC (an instant has end NaN), `grain` how exact
 * (index into time.js GRAINS), and who takes part: the rows `members[offsets[i] .. offsets[i + 1]]` of the chart's
 * nodes.
 * @typedef {{
 *   start: Float64Array, end: Float64Array, grain: Uint8Array, strength: Uint8Array, kind: Uint16Array,
 *   offsets: Uint32Array, members: Uint32Array, labels: string[], kinds: string[], ids: string[]
 * }} Events
 */
/** @typedef {{ row: number, events: number[], count: number }} Lane */
/** @typedef {{ event: number, from: number, to: number, level: number }} Mark */

import { computeTimeRange } from "./time.js";

/**
 * From when until when an event is drawn: its period, or what its date may mean.
 * @param {Events} events
 * @param {number} row
 * @returns {[number, number]}
 */
export function computeExtent(events, row) {
  const [from, to] = computeTimeRange(events.start[row], events.grain[row]);
  const end = events.end[row];
  return Number.isNaN(end) ? [from, to] : [from, Math.max(from, computeTimeRange(end, events.grain[row])[1])];
}

/**
 * The time that all events take; null where there is none.
 * @param {Events} events
 * @param {Iterable<number>} [rows]
 * @returns {[number, number] | null}
 */
export function computeSpan(events, rows = events.start.keys()) {
  let [least, most] = [Infinity, -Infinity];
  for (const row of rows) {
    const [from, to] = computeExtent(events, row);
    if (from < least) least = from;
    if (to > most) most = to;
  }
  return least <= most ? [least, most] : null;
}

/**
 * The lanes: one for each of the wanted nodes with its events in order of time. Without a wish the nodes with most
 * events, `most` of them; ties in order of the table.
 * @param {Events} events
 * @param {(node: number) => boolean} isVisible whether a node is on the chart
 * @param {number[]} wanted rows of nodes
 * @param {number} most
 * @returns {Lane[]}
 */
export function buildLanes(events, isVisible, wanted, most) {
  /** @type {Map<number, number[]>} */
  const found = new Map(wanted.map((node) => [node, []]));
  for (let event = 0; event < events.start.length; event++)
    for (let place = events.offsets[event]; place < events.offsets[event + 1]; place++) {
      const node = events.members[place];
      if (!isVisible(node)) continue;
      const mine = found.get(node);
      if (!mine) {
        if (!wanted.length) found.set(node, [event]);
      } else if (mine[mine.length - 1] !== event) mine.push(event);
    }
  const made = [...found].map(([row, mine]) => ({ row, events: mine, count: mine.length }));
  if (!wanted.length) made.sort((a, b) => b.count - a.count || a.row - b.row).splice(most);
  for (const lane of made) lane.events.sort((a, b) => events.start[a] - events.start[b] || a - b);
  return made;
}

/**
 * What of a lane is looked at; `least`: pixels an event takes.
 * @typedef {{ from: number, to: number, perPixel: number, least: number, levels: number }} Seen
 */
/**
 * The events of a lane between two times, each at the lowest level at which it touches no other; null where more than
 * `levels` would be needed, so that counts are drawn.
 * @param {Events} events
 * @param {number[]} mine in order of time
 * @param {Seen} view
 * @returns {Mark[] | null}
 */
export function stackMarks(events, mine, { from, to, perPixel, least, levels }) {
  const ends = new Array(levels).fill(-Infinity);
  /** @type {Mark[]} */
  const marks = [];
  for (const event of mine) {
    const [start, end] = computeExtent(events, event);
    if (end < from || start > to) continue;
    const level = ends.findIndex((taken) => taken <= start);
    if (level < 0) return null;
    ends[level] = Math.max(end, start + least * perPixel);
    marks.push({ event, from: start, to: end, level });
  }
  return marks;
}

/**
 * How many events begin in each of `columns` equal parts of a time.
 * @param {Events} events
 * @param {Iterable<number>} rows
 * @param {{ from: number, to: number, columns: number }} view
 */
export function countEvents(events, rows, { from, to, columns }) {
  const found = new Uint32Array(columns);
  const each = (to - from) / columns || 1;
  for (const row of rows) {
    const at = events.start[row];
    if (at >= from && at <= to) found[Math.min(columns - 1, Math.floor((at - from) / each))]++;
  }
  return found;
}

/**
 * The levels that are needed to stack the widest lane, at most `levels`: how high a lane is drawn.
 * @param {(Mark[] | null)[]} stacked
 * @param {number} levels
 */
export function countLevels(stacked, levels) {
  return stacked.some((marks) => !marks)
    ? levels
    : Math.max(1, ...stacked.flatMap((marks) => (marks ?? []).map((mark) => mark.level + 1)));
}
