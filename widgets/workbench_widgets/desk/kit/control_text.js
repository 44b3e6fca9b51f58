// What stands in a control: hidden characters are seen there as code points, and go back as what they are.

import { escapeHidden, replaceSurrogates } from "../../kit/visible_text.js";

const SEEN = /⟨U\+([0-9A-F]{4,6})⟩/g;
const MARK = /^\p{M}$/u;

/** What was typed, from what a control holds. @param {string} held */
export function decodeText(held) {
  return replaceSurrogates(held).replace(SEEN, (found, code) => {
    const number = parseInt(code, 16);
    const sign = number <= 0x10ffff ? String.fromCodePoint(number) : "";
    return escapeHidden(sign) === found || MARK.test(sign) ? sign : found;
  });
}

/**
 * What a control holds after a key or a paste; what came in hidden is seen there from now on, and the caret stays
 * behind it.
 * @param {{ value: string, selectionStart: number | null, selectionEnd: number | null }} control
 */
export function readControl(control) {
  const { value, selectionStart, selectionEnd } = control;
  const shown = escapeHidden(value);
  if (shown !== value) {
    const computeCaret = (/** @type {number | null} */ at) => escapeHidden(value.slice(0, at ?? value.length)).length;
    Object.assign(control, { value: shown });
    Object.assign(control, { selectionStart: computeCaret(selectionStart), selectionEnd: computeCaret(selectionEnd) });
  }
  return decodeText(shown);
}

/**
 * Where a place of a text is in a control.
 * @param {string} text
 * @param {number} at characters (code points)
 */
export function computeOffset(text, at) {
  return escapeHidden([...text].slice(0, at).join("")).length;
}
