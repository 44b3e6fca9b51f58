// Events as columns: as Python sends them, or, where it sends none, the dated links of the chart.

import { readNumbers } from "../model/table.js";

/** @typedef {import("./lanes.js").Events} Events */
/** @typedef {import("../model/table.js").Table} Table */

/**
 * @param {any} sent start, end (milliseconds since 1970 UTC), grain, strength, kind, offsets, members: numbers as
 *   bytes; who: ids of nodes, to which members point; labels, kinds, ids: texts
 * @param {Table} table
 * @returns {Events}
 */
export function readEvents(sent, table) {
  const rows = (sent.who ?? []).map((/** @type {string} */ id) => table.rows.get(id) ?? -1);
  return {
    start: readNumbers(Float64Array, sent.start),
    end: readNumbers(Float64Array, sent.end),
    grain: readNumbers(Uint8Array, sent.grain),
    strength: readNumbers(Uint8Array, sent.strength),
    kind: readNumbers(Uint16Array, sent.kind),
    offsets: readNumbers(Uint32Array, sent.offsets),
    members: /** @type {any} */ (Int32Array.from(readNumbers(Uint32Array, sent.members), (at) => rows[at] ?? -1)),
    labels: sent.labels ?? [],
    kinds: sent.kinds ?? [],
    ids: sent.ids ?? [],
  };
}

/**
 * The dated links of a chart as events of both ends: one of a single time is an instant, one that was counted more
 * often a period.
 * @param {Table} table
 * @param {(link: number) => boolean} isLinkVisible
 * @param {import("../kit/words.js").Words} words
 * @returns {Events}
 */
export function buildLinkEvents(table, isLinkVisible, words) {
  const rows = [...table.counts.keys()].filter((row) => isLinkVisible(row) && !Number.isNaN(table.first[row]));
  const formatTimes = (/** @type {number} */ row) =>
    table.counts[row] > 1 ? `, ${words.say.count("{n} time", "{n} times", table.counts[row])}` : "";
  return {
    start: Float64Array.from(rows, (row) => table.first[row]),
    end: Float64Array.from(rows, (row) => (table.last[row] > table.first[row] ? table.last[row] : NaN)),
    grain: new Uint8Array(rows.length),
    strength: Uint8Array.from(rows, (row) => table.strength[row]),
    kind: Uint16Array.from(rows, (row) => table.relation[row]),
    offsets: Uint32Array.from({ length: rows.length + 1 }, (_, at) => 2 * at),
    members: Uint32Array.from(rows.flatMap((row) => [table.ends[2 * row], table.ends[2 * row + 1]])),
    labels: rows.map(
      (row) => `${table.labels[table.ends[2 * row]]} → ${table.labels[table.ends[2 * row + 1]]}${formatTimes(row)}`,
    ),
    kinds: table.relations,
    ids: rows.map((row) => `link:${row}`),
  };
}
