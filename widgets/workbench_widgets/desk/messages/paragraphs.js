// A text in paragraphs, each in pieces with what is marked in it: pure.

import { splitPieces } from "../../evidence/marks.js";

/** @typedef {import("../../evidence/marks.js").Piece} Piece */

/**
 * @param {string} text
 * @param {any[]} marks with start and end in characters (code points)
 * @returns {Piece[][]} without the line breaks
 */
export function splitParagraphs(text, marks) {
  /** @type {Piece[][]} */
  const found = [[]];
  for (const { text: part, mark } of splitPieces(text, marks)) {
    part.split("\n").forEach((line, at) => {
      if (at) found.push([]);
      if (line) found[found.length - 1].push({ text: line, mark });
    });
  }
  return found;
}
