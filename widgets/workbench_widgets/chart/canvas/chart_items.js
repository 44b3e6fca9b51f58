// What is drawn of a chart: nodes with closed groups as one, and lines: the links of a pair with the same strength as
// one line with their count, or each relation apart. Pure.

import { getGroupName, computeCentre, listRows } from "../../model/actions/commands.js";
import { CUSTODIAN, SERVICE, SUGGESTED } from "../../model/table.js";
import { NEUTRAL } from "./icons.js";
import { escapeHidden } from "../../kit/visible_text.js";
import { computeVisible } from "../../model/state.js";

/** @typedef {import("../../model/table.js").Table} Table */
/** @typedef {import("../../model/state.js").State} State */
/** @typedef {import("../../kit/words.js").Words} Words */
/**
 * @typedef {{
 *   id: string, row: number, x: number, y: number, label: string, latin: string, schema: string, how: string,
 *   colour: string, more: number, degree: number, members: number[]
 * }} Item
 */
/**
 * @typedef {{
 *   id: string, a: number, b: number, strength: number, there: boolean, back: boolean, count: number, label: string,
 *   bend: number, rows: number[], relation: number
 * }} Line
 */
/** @typedef {{ items: Item[], lines: Line[], at: Map<string, number>, light: boolean, largest: Item[] }} Drawn */

export const GROUP = "group";
const LIGHT = 5000; // items from which points and straight hairlines are drawn, and only the largest have a label
const LARGEST = 150;
const SPREAD = 30; // pixels between lines of one pair

/**
 * Variant of an icon: c custodian, s service, t tentative; and m where the attribute of a style is missing.
 * @param {number} flags
 */
export function formatVariant(flags) {
  return (flags & CUSTODIAN ? "c" : "") + (flags & SERVICE ? "s" : "") + (flags & SUGGESTED ? "t" : "");
}

/**
 * Variant of the icon of a node and the colour of its style; '' that of its schema. A style leaves out the grey of
 * services.
 * @param {Table} table
 * @param {import("../../model/table.js").Style | undefined} style
 * @param {number} row
 */
function computeIconStyle(table, style, row) {
  const how = formatVariant(table.flags[row]);
  if (!style) return { how, colour: "" };
  const at = style.of[row];
  return { how: how.replace("s", "") + (style.classes[at] ? "" : "m"), colour: style.colours[at] };
}

/**
 * @param {Table} table
 * @param {State} state
 * @param {Words} words
 * @returns {Drawn}
 */
export function buildPicture(table, state, words) {
  const { nodes, links } = computeVisible(table, state);
  const style = table.styles.get(state.style);
  const place = new Int32Array(nodes.length).fill(-1);
  /** @type {Item[]} */
  const items = [];
  for (const group of state.groups.filter((one) => !one.open)) {
    const members = listRows(table, state, group.members).filter((row) => nodes[row]);
    if (!members.length) continue;
    for (const row of members) place[row] = items.length;
    const [x, y] = computeCentre(state.positions, members);
    items.push({
      id: group.id,
      row: -1,
      x,
      y,
      label: escapeHidden(getGroupName(group, words)),
      latin: "",
      schema: GROUP,
      how: "",
      colour: style ? NEUTRAL : "",
      more: 0,
      degree: 0,
      members,
    });
  }
  for (let row = 0; row < nodes.length; row++) {
    if (!nodes[row] || place[row] >= 0) continue;
    place[row] = items.length;
    items.push({
      id: table.ids[row],
      row,
      x: state.positions[2 * row],
      y: state.positions[2 * row + 1],
      label: table.labels[row],
      latin: table.latin[row] ?? "",
      schema: table.schemas[table.kinds[row]] ?? "",
      ...computeIconStyle(table, style, row),
      more: table.more[row],
      degree: 0,
      members: [],
    });
  }
  const found = buildLines(table, state, links, place, items);
  for (const line of found) line.label = formatLineLabel(line, table.relations, words);
  const light = items.length > LIGHT;
  return {
    items,
    lines: found,
    at: new Map(items.map((item, at) => [item.id, at])),
    light,
    largest: light ? listLargestItems(items) : [],
  };
}

/** Those with most links, groups by their members. @param {Item[]} items */
function listLargestItems(items) {
  const computeWeight = (/** @type {Item} */ item) => item.degree + item.members.length;
  return [...items].sort((one, other) => computeWeight(other) - computeWeight(one)).slice(0, LARGEST);
}

/**
 * The items that may be labelled and ringed: all, or on a large chart the largest and those that are meant.
 * @param {Drawn} picture
 * @param {Set<string>} chosen
 * @param {string} hover
 * @returns {Item[]}
 */
export function listItemsToLabel(picture, chosen, hover) {
  if (!picture.light) return picture.items;
  const found = new Set(picture.largest);
  for (const id of [hover, ...chosen].slice(0, 2000)) {
    const item = picture.items[picture.at.get(id) ?? -1];
    if (item) found.add(item);
  }
  return [...found];
}

/**
 * @param {Table} table
 * @param {State} state
 * @param {Uint8Array} links
 * @param {Int32Array} place
 * @param {Item[]} items
 */
function buildLines(table, state, links, place, items) {
  /** @type {Map<number | string, Line>} */
  const found = new Map();
  /** @type {Map<number, Line[]>} */
  const pairs = new Map();
  for (let row = 0; row < links.length; row++) {
    if (!links[row]) continue;
    const [source, target] = [place[table.ends[2 * row]], place[table.ends[2 * row + 1]]];
    if (source < 0 || target < 0 || source === target) continue;
    const [a, b] = source < target ? [source, target] : [target, source];
    const pair = a * items.length + b;
    const key = state.apart ? `${pair} ${table.relation[row]} ${table.strength[row]}` : pair * 3 + table.strength[row];
    let line = found.get(key);
    if (!line) {
      line = {
        id: `link:${row}`,
        a,
        b,
        strength: table.strength[row],
        there: false,
        back: false,
        count: 0,
        label: "",
        bend: 0,
        rows: [],
        relation: table.relation[row],
      };
      found.set(key, line);
      const list = pairs.get(pair);
      if (list) list.push(line);
      else pairs.set(pair, [line]);
    }
    line.rows.push(row);
    line.count += table.counts[row];
    if (line.relation !== table.relation[row]) line.relation = -1;
    if (table.directed[row]) {
      if (source === a) line.there = true;
      else line.back = true;
    }
  }
  for (const list of pairs.values()) {
    items[list[0].a].degree += 1;
    items[list[0].b].degree += 1;
    list.forEach((line, at) => {
      line.bend = (at - (list.length - 1) / 2) * SPREAD;
    });
  }
  return [...found.values()];
}

/**
 * @param {Line} line
 * @param {string[]} relations
 * @param {Words} words
 */
function formatLineLabel(line, relations, words) {
  const name =
    line.relation >= 0
      ? words.say.term("relations", relations[line.relation])
      : words.say.count("{n} link", "{n} links", line.rows.length);
  return `${name}${
    line.count > line.rows.length || (line.relation >= 0 && line.count > 1) ? ` ×${line.count}` : ""
  }`.trim();
}

/**
 * Thickness in pixels: it grows with the logarithm of the count.
 * @param {Line} line
 */
export function computeLineWidth(line) {
  return Math.min(1.3 + 0.75 * Math.log2(Math.max(line.count, 1)), 7);
}

/**
 * Corners of a line in chart coordinates: two of a straight one, more of a bent one.
 * @param {Drawn} picture
 * @param {Line} line
 * @returns {number[]} x, y, x, y...
 */
export function computeLinePoints({ items }, line) {
  const [a, b] = [items[line.a], items[line.b]];
  if (!line.bend) return [a.x, a.y, b.x, b.y];
  const [across, down] = [b.x - a.x, b.y - a.y];
  const length = Math.hypot(across, down) || 1;
  const [cx, cy] = [
    (a.x + b.x) / 2 - (down / length) * line.bend * 1.6,
    (a.y + b.y) / 2 + (across / length) * line.bend * 1.6,
  ];
  const points = [];
  for (let step = 0; step <= 10; step++) {
    const [t, u] = [step / 10, 1 - step / 10];
    points.push(u * u * a.x + 2 * u * t * cx + t * t * b.x, u * u * a.y + 2 * u * t * cy + t * t * b.y);
  }
  return points;
}

/**
 * The box around all items; null where there is none.
 * @param {Item[]} items
 */
export function computeBounds(items) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of items) {
    if (Number.isNaN(x)) continue;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return left <= right ? { left, top, right, bottom } : null;
}

/**
 * The item under a point, or the line within reach of it: their ids; "" where nothing is.
 * @param {Drawn} picture
 * @param {number} x
 * @param {number} y
 * @param {number} radius of an icon, in chart coordinates
 * @param {number} near reach of a line
 */
export function findItemAt(picture, x, y, radius, near) {
  let [best, found] = [radius * radius, ""];
  for (const item of picture.items) {
    const distance = (item.x - x) ** 2 + (item.y - y) ** 2;
    if (distance <= best) [best, found] = [distance, item.id];
  }
  if (found || picture.light) return found; // hairlines are too many to be meant one by one
  best = near * near;
  for (const line of picture.lines) {
    const points = computeLinePoints(picture, line);
    for (let at = 0; at + 3 < points.length; at += 2) {
      const distance = computeSegmentDistance(x, y, points[at], points[at + 1], points[at + 2], points[at + 3]);
      if (distance <= best) [best, found] = [distance, line.id];
    }
  }
  return found;
}

/** Square of the distance of a point from a segment. */
function computeSegmentDistance(
  /** @type {number} */ x,
  /** @type {number} */ y,
  /** @type {number} */ ax,
  /** @type {number} */ ay,
  /** @type {number} */ bx,
  /** @type {number} */ by,
) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return (ax + along * dx - x) ** 2 + (ay + along * dy - y) ** 2;
}

/**
 * Ids of the items inside a polygon.
 * @param {Item[]} items
 * @param {number[][]} polygon
 */
export function listItemsInside(items, polygon) {
  const isInside = (/** @type {Item} */ { x, y }) => {
    let odd = false;
    for (let at = 0, before = polygon.length - 1; at < polygon.length; before = at++) {
      const [[ax, ay], [bx, by]] = [polygon[at], polygon[before]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
    }
    return odd;
  };
  return items.filter(isInside).map((item) => item.id);
}
