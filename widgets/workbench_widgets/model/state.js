// What is on the chart now, as state.py has it: a value that commands make another of.

import { STRENGTHS } from "./table.js";

/** @typedef {import("./table.js").Table} Table */
/** @typedef {{id: string, label: string, members: string[], open: boolean}} Group */
/** @typedef {{id: string, text: string, x: number, y: number}} Note */
/** @typedef {{schemas: string[], relations: string[], strengths: string[], values: string[], least: number}} Filters */
/**
 * @typedef {object} State
 * @property {Uint8Array} nodes
 * @property {Uint8Array} links
 * @property {Float32Array} positions
 * @property {Uint8Array} pinned
 * @property {string[]} selection
 * @property {Filters} filters
 * @property {[number, number] | null} time_range
 * @property {Group[]} groups
 * @property {Note[]} notes
 * @property {boolean} apart
 * @property {string} style
 */
/** @typedef {Partial<State>} Patch */

/** @type {Filters} */
export const NO_FILTERS = { schemas: [], relations: [], strengths: [], values: [], least: 1 };

/**
 * Whether two values of a state's field are equal; a missing place equals a missing place.
 * @param {any} one
 * @param {any} other
 * @returns {boolean}
 */
export function isSame(one, other) {
  if (Object.is(one, other) || one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  if (ArrayBuffer.isView(one) || Array.isArray(one)) {
    const left = /** @type {any} */ (one);
    return left.length === other.length && Array.prototype.every.call(left, (value, at) => isSame(value, other[at]));
  }
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => name in other && isSame(one[name], other[name]))
  );
}

/**
 * The state with what a patch really changes; the very same state where that is nothing.
 * @param {State} state
 * @param {Patch} patch
 * @returns {State}
 */
export function applyPatch(state, patch) {
  const entries = Object.entries(patch).filter(([name, value]) => !isSame(/** @type {any} */ (state)[name], value));
  return entries.length ? { ...state, ...Object.fromEntries(entries) } : state;
}

/**
 * The array with at least `size` entries, the missing ones 0.
 * @param {Uint8Array} mask
 * @param {number} size
 */
export function padMask(mask, size) {
  if (mask.length >= size) return mask;
  const made = new Uint8Array(size);
  made.set(mask);
  return made;
}

/**
 * Which nodes and which links are seen, filters applied.
 * @param {Table} table
 * @param {State} state
 * @returns {{nodes: Uint8Array, links: Uint8Array}}
 */
export function computeVisible(table, state) {
  const { filters, time_range: range } = state;
  const listHidden = (/** @type {string[]} */ names, /** @type {string[]} */ hidden) =>
    names.map((name) => hidden.includes(name));
  const schemas = listHidden(table.schemas, filters.schemas);
  const relations = listHidden(table.relations, filters.relations);
  const strengths = listHidden(STRENGTHS, filters.strengths);
  const style = table.styles.get(state.style);
  const values = listHidden(style?.classes ?? [], filters.values);
  const nodes = Uint8Array.from(padMask(state.nodes, table.ids.length));
  for (let row = 0; row < nodes.length; row++)
    if (schemas[table.kinds[row]] || values[style?.of[row] ?? -1]) nodes[row] = 0;
  const links = Uint8Array.from(padMask(state.links, table.counts.length));
  for (let row = 0; row < links.length; row++) {
    if (!links[row]) continue;
    const ends = nodes[table.ends[2 * row]] && nodes[table.ends[2 * row + 1]];
    const hidden =
      relations[table.relation[row]] || strengths[table.strength[row]] || table.counts[row] < filters.least;
    const early =
      range && !Number.isNaN(table.first[row]) && !(table.last[row] >= range[0] && table.first[row] <= range[1]);
    if (!ends || hidden || early) links[row] = 0;
  }
  return { nodes, links };
}
