// The columns of a chart's table as the browser has them; see table.py for what each of them is.

/**
 * An attribute as colours; `said`: class -> key and values of its text.
 * @typedef {{
 *   name: string, classes: string[], colours: string[], of: Uint8Array,
 *   said?: Record<string, [string, Record<string, string | number>]>
 * }} Style
 *
 * @typedef {object} Table
 * @property {string[]} ids
 * @property {string[]} labels
 * @property {Record<string, string>} latin
 * @property {string[]} schemas
 * @property {string[]} relations
 * @property {Uint16Array} kinds
 * @property {Uint8Array} flags
 * @property {Uint32Array} more
 * @property {Uint32Array} ends
 * @property {Uint16Array} relation
 * @property {Uint8Array} strength
 * @property {Uint32Array} counts
 * @property {Uint8Array} directed
 * @property {Float64Array} first
 * @property {Float64Array} last
 * @property {Map<string, Style>} styles name -> style
 * @property {Map<string, number>} rows id -> row
 */

export const STRENGTHS = ["confirmed", "unconfirmed", "tentative"];
export const SUGGESTED = 1;
export const SERVICE = 2;
export const CUSTODIAN = 4;
export const BY_HAND = 8;

/**
 * Bytes as numbers of a type, whatever carried them.
 * @template T
 * @param {new (buffer: ArrayBuffer) => T} type
 * @param {any} bytes DataView, typed array or ArrayBuffer; or numbers in an array
 * @returns {T}
 */
export function readNumbers(type, bytes) {
  if (Array.isArray(bytes)) return /** @type {any} */ (type).from(bytes);
  if (!bytes) return new type(new ArrayBuffer(0));
  if (bytes instanceof ArrayBuffer) return new type(bytes.slice(0));
  return new type(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/**
 * @param {any} columns as `Table.columns` in Python gives them
 * @returns {Table}
 */
export function readTable(columns) {
  /** @type {string[]} */
  const ids = columns.ids ?? [];
  return {
    ids,
    labels: columns.labels ?? [],
    latin: columns.latin ?? {},
    schemas: columns.schemas ?? [],
    relations: columns.relations ?? [],
    kinds: readNumbers(Uint16Array, columns.kinds),
    flags: readNumbers(Uint8Array, columns.flags),
    more: readNumbers(Uint32Array, columns.more),
    ends: readNumbers(Uint32Array, columns.ends),
    relation: readNumbers(Uint16Array, columns.relation),
    strength: readNumbers(Uint8Array, columns.strength),
    counts: readNumbers(Uint32Array, columns.counts),
    directed: readNumbers(Uint8Array, columns.directed),
    first: readNumbers(Float64Array, columns.first),
    last: readNumbers(Float64Array, columns.last),
    styles: new Map(
      (columns.styles ?? []).map((/** @type {any} */ one) => [
        one.name,
        { ...one, of: readNumbers(Uint8Array, one.of) },
      ]),
    ),
    rows: new Map(ids.map((id, row) => [id, row])),
  };
}
