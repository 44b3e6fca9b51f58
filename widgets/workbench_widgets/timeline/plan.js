// Where everything on a timeline stands, reckoned from events, lanes and what part of the time is looked at. Pure: the
// same input gives the same plan, which is painted, and asked what is under a pointer.

import { countEvents, computeExtent, stackMarks } from "./lanes.js";
import { LEVEL, computeX, computeMiddle } from "./canvas.js";
import { formatContext, computeStep, listTicks } from "./time.js";

/** @typedef {import("./lanes.js").Events} Events */
/** @typedef {import("./lanes.js").Lane} Lane */
/** @typedef {import("./canvas.js").Plan} Plan */
/** @typedef {import("./canvas.js").Row} Row */
/**
 * How a timeline is looked at, and what is chosen on it.
 * @typedef {{
 *   width: number, gutter: number, zone: string, words: import("../kit/words.js").Words, view: [number, number],
 *   whole: [number, number], range: [number, number] | null, getLabel: (node: number) => string,
 *   getColour: (node: number) => string, chosenNodes: Set<number>, chosen: Set<number>, pointed: number
 * }} Look
 */

const LEVELS = 6; // how many events one above the other a lane shows before it shows counts
const AXIS = 26;
const STRIP = 54;
const LEAST = 30; // pixels of a lane
const MINUTE = 60_000;

/**
 * @param {Events} events
 * @param {Lane[]} lanes
 * @param {Look} look
 * @returns {Plan}
 */
export function buildPlan(
  events,
  lanes,
  { width, gutter, zone, words, view, whole, range, getLabel, getColour, chosenNodes, chosen, pointed },
) {
  const [from, to] = view;
  const columns = Math.max(8, Math.floor((width - gutter) / 5));
  const perPixel = (to - from) / Math.max(1, width - gutter);
  let top = AXIS;
  /** @type {Row[]} */
  const rows = lanes.map((lane) => {
    const marks = stackMarks(events, lane.events, { from, to, perPixel, least: 10, levels: LEVELS });
    const levels = marks ? Math.max(1, ...marks.map((mark) => mark.level + 1)) : 3;
    const row = {
      node: lane.row,
      label: getLabel(lane.row),
      colour: getColour(lane.row),
      top,
      height: Math.max(LEAST, levels * LEVEL + 8),
      chosen: chosenNodes.has(lane.row),
      marks,
      bars: marks ? null : countEvents(events, lane.events, { from, to, columns }),
    };
    top += row.height;
    return row;
  });
  const inLanes = new Set(lanes.flatMap((lane) => lane.events));
  return {
    width,
    gutter,
    axis: AXIS,
    strip: top,
    height: top + STRIP,
    from,
    to,
    whole,
    ticks: listTicks(from, to, computeStep(perPixel), zone, words.language),
    caption: words.say("Whole period"),
    context: formatContext(from, computeStep(perPixel), zone, words.language),
    rows,
    overview: countEvents(events, inLanes, { from: whole[0], to: whole[1], columns }),
    range,
    chosen,
    pointed,
  };
}

/**
 * The event under a point; -1 where there is none.
 * @param {Plan} plan
 * @param {number} x
 * @param {number} y
 */
export function findEvent(plan, x, y) {
  if (x < plan.gutter || y < plan.axis || y > plan.strip) return -1;
  const row = plan.rows.find(({ top, height }) => y >= top && y < top + height);
  let [best, nearest] = [-1, 8];
  for (const mark of row?.marks ?? []) {
    if (!row || Math.abs(computeMiddle(row, mark) - y) > LEVEL / 2) continue;
    const [left, right] = [computeX(plan, mark.from), computeX(plan, mark.to)];
    const off = x < left ? left - x : x > right ? x - right : 0;
    if (off < nearest) [best, nearest] = [mark.event, off];
  }
  return best;
}

/**
 * The lane whose name is under a point; -1 where there is none.
 * @param {Plan} plan
 * @param {number} x
 * @param {number} y
 */
export function findLane(plan, x, y) {
  if (x >= plan.gutter) return -1;
  return plan.rows.find(({ top, height }) => y >= top && y < top + height)?.node ?? -1;
}

/**
 * A part of the time to look at: around a time by a factor, never below a minute and never far beyond the whole.
 * @param {[number, number]} view
 * @param {number} factor below 1 nearer
 * @param {number} about
 * @param {[number, number]} whole
 * @returns {[number, number]}
 */
export function zoomView([from, to], factor, about, whole) {
  const most = Math.max(MINUTE, (whole[1] - whole[0]) * 1.2);
  const length = Math.min(most, Math.max(MINUTE, (to - from) * factor));
  const share = to > from ? (about - from) / (to - from) : 0.5;
  return moveView([about - share * length, about - share * length + length], 0, whole);
}

/**
 * The part of the time that is looked at, moved; some of the whole stays in sight.
 * @param {[number, number]} view
 * @param {number} by milliseconds
 * @param {[number, number]} whole
 * @returns {[number, number]}
 */
export function moveView([from, to], by, whole) {
  const length = to - from;
  const start = Math.min(whole[1] - length * 0.1, Math.max(whole[0] - length * 0.9, from + by));
  return [start, start + length];
}

/**
 * The whole time with some room at both ends; of a single instant a day.
 * @param {Events} events
 * @param {Lane[]} lanes
 * @returns {[number, number] | null} null where nothing is dated
 */
export function computeWhole(events, lanes) {
  let [least, most] = [Infinity, -Infinity];
  for (const { events: mine } of lanes)
    for (const event of mine) {
      const [from, to] = computeExtent(events, event);
      [least, most] = [Math.min(least, from), Math.max(most, to)];
    }
  if (least > most) return null;
  const room = Math.max((most - least) * 0.04, most === least ? 12 * 3_600_000 : MINUTE);
  return [least - room, most + room];
}
