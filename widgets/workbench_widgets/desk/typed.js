// What stands in a control: hidden characters are seen there as code points, and go back as what they are. Pure.

import { seen, whole } from "../kit/seen.js";

const SEEN = /⟨U\+([0-9A-F]{4})⟩/g;

/** What was typed, from what a control holds. @param {string} held */
export function typed(held) {
  return whole(held).replace(SEEN, (found, code) => {
    const sign = String.fromCharCode(parseInt(code, 16));
    return seen(sign) === found ? sign : found;
  });
}

/**
 * Where a place of a text is in a control.
 * @param {string} text
 * @param {number} at characters (code points)
 */
export function place(text, at) {
  return seen([...text].slice(0, at).join("")).length;
}
