// Which rows a table shows, in which order, and how many there are of each value: pure, so that 50,000 rows are sorted
// once.

import { getOwn } from "../kit/safe_records.js";

/** @typedef {string | number | null} Cell */
/** @typedef {{ name: string, label: string, cells: Cell[], kind: "text" | "number" | "time" | "facet" }} Column */
/** @typedef {{ column: string, down: boolean }} Order */
/** @typedef {{ words: string, chosen: Record<string, string[]>, order: Order | null }} Question */

const MARKS = /\p{M}+/gu;

/**
 * A text as it is looked for: without case and accents.
 * @param {string} text
 */
export function foldText(text) {
  return text.normalize("NFKD").replace(MARKS, "").toLowerCase();
}

/**
 * Where each row stands in the question: every word is somewhere in its texts, and its value is chosen in each facet.
 * @param {Column[]} columns
 * @param {string[]} texts what each row is looked for by, folded
 * @param {Question} question
 * @param {string} [except] a facet whose own choice does not count
 * @returns {number[]}
 */
export function filterRows(columns, texts, { words, chosen }, except = "") {
  const wanted = foldText(words).split(/\s+/).filter(Boolean);
  const facets = Object.entries(chosen)
    .filter(([name, values]) => name !== except && values.length)
    .map(([name, values]) => ({
      cells: columns.find((column) => column.name === name)?.cells ?? [],
      values: new Set(values),
    }));
  const found = [];
  for (let row = 0; row < texts.length; row++)
    if (
      facets.every(({ cells, values }) => values.has(String(cells[row] ?? ""))) &&
      wanted.every((word) => texts[row].includes(word))
    )
      found.push(row);
  return found;
}

/**
 * How many rows have each value of a facet, the others being as they are; most first, then by name. What is chosen is
 * told even where nothing is left of it.
 * @param {Column[]} columns
 * @param {string[]} texts
 * @param {Question} question
 * @param {string} name
 * @returns {[string, number][]}
 */
export function countFacet(columns, texts, question, name) {
  const cells = columns.find((column) => column.name === name)?.cells ?? [];
  /** @type {Map<string, number>} */
  const found = new Map((getOwn(question.chosen, name) ?? []).map((value) => [value, 0]));
  for (const row of filterRows(columns, texts, question, name)) {
    const value = String(cells[row] ?? "");
    found.set(value, (found.get(value) ?? 0) + 1);
  }
  return [...found].sort((a, b) => b[1] - a[1] || compareCells(a[0], b[0]));
}

/**
 * The rows of a question in its order; those without a value last, whichever way; equal ones as they were.
 * @param {Column[]} columns
 * @param {string[]} texts
 * @param {Question} question
 * @returns {number[]}
 */
export function listRows(columns, texts, question) {
  const rows = filterRows(columns, texts, question);
  const { order } = question;
  const cells = columns.find((column) => column.name === order?.column)?.cells;
  if (!order || !cells) return rows;
  const sign = order.down ? -1 : 1;
  return rows.sort((a, b) => {
    const [one, other] = [cells[a], cells[b]];
    if (isEmpty(one) || isEmpty(other)) return Number(isEmpty(one)) - Number(isEmpty(other)) || a - b;
    return sign * compareCells(/** @type {any} */ (one), /** @type {any} */ (other)) || a - b;
  });
}

/** @param {Cell | undefined} cell */
function isEmpty(cell) {
  return cell === null || cell === undefined || cell === "" || Number.isNaN(cell);
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** @param {string | number} one @param {string | number} other */
function compareCells(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return collator.compare(String(one), String(other));
}

/**
 * The part of a long list that is drawn: from which row to which, and how high the empty parts before and after are.
 * @param {{ count: number, height: number, top: number, view: number, over?: number }} list pixels
 */
export function computeSlice({ count, height, top, view, over = 6 }) {
  const from = Math.max(0, Math.min(count, Math.floor(top / height) - over));
  const to = Math.min(count, Math.ceil((top + view) / height) + over);
  return {
    from,
    to: Math.max(from, to),
    before: from * height,
    after: Math.max(0, count - Math.max(from, to)) * height,
  };
}
