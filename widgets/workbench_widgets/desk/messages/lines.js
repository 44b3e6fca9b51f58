// Which lines a folder shows: pure.

import { getOwn } from "../../kit/safe_records.js";
import { foldText } from "../../table/rows.js";

/**
 * @typedef {object} Line a message or draft in a list, as parts.py has it
 * @property {string} id
 * @property {string} folder
 * @property {string} type
 * @property {string} sender
 * @property {string} receiver
 * @property {string} subject
 * @property {string} at
 * @property {string} deadline
 * @property {string} mark
 * @property {string} band
 * @property {number} points
 * @property {boolean} guessed
 * @property {string} category
 * @property {number} confidence
 * @property {boolean} decided
 * @property {string} stated
 * @property {boolean} unread
 * @property {string} direction
 */

export const FOLDERS = ["inbox", "drafts", "sent", "waiting", "done", "copies"];
export const OUT = ["sent", "waiting"]; // folders of what has gone out

/**
 * The lines of a folder in which every word stands somewhere.
 * @param {Line[]} lines
 * @param {string} folder
 * @param {string} words
 */
export function filterLines(lines, folder, words) {
  const wanted = foldText(words).split(/\s+/).filter(Boolean);
  return lines.filter(
    (line) =>
      line.folder === folder && (!wanted.length || wanted.every((word) => buildSearchText(line).includes(word))),
  );
}

/** @param {Line} line */
function buildSearchText({ type, sender, receiver, subject, mark, band, category }) {
  return foldText([type, sender, receiver, subject, mark, band, category].join(" "));
}

/**
 * Lines after some changed: in the new order where there is one.
 * @param {Line[]} lines
 * @param {{ rows: Record<string, Line>, order: string[] | null }} change
 */
export function mergeLines(lines, { rows, order }) {
  const known = new Map([
    ...lines.map((line) => /** @type {[string, Line]} */ ([line.id, line])),
    ...Object.entries(rows),
  ]);
  return (order ?? lines.map(({ id }) => id)).flatMap((id) => known.get(id) ?? []);
}

/**
 * A category in words; of several, each.
 * @param {Record<string, string>} categories
 * @param {string} codes parted by ', '
 */
export function formatCategories(categories, codes) {
  return codes
    .split(", ")
    .map((code) => getOwn(categories, code) ?? code)
    .join(", ");
}

/**
 * What a line tells of its category, as a class and a text each: what an officer decided; else what its sender says,
 * and beside it what a machine suggests, where that is something else.
 * @param {import("../../kit/words.js").Words} words
 * @param {(codes: string) => string} formatCategory
 * @param {Line} line
 * @returns {[string, string][]}
 */
export function listCategoryChips(words, formatCategory, { category, confidence, decided, stated }) {
  if (decided) return [["wd-category", formatCategory(category)]];
  /** @type {[string, string][]} */
  const told = stated
    ? [["wd-category", words.say("{category} (stated by sender)", { category: formatCategory(stated) })]]
    : [];
  if (category && category !== stated)
    told.push([
      "wd-guess",
      words.say("{category}, suggested ({share} %)", {
        category: formatCategory(category),
        share: Math.round(100 * confidence),
      }),
    ]);
  return told;
}
