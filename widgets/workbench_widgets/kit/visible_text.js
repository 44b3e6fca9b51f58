// Texts of strangers as they may be shown, as seen.py has it: what cannot be seen, or would turn the text around,
// stands as its code point; half characters as U+FFFD.

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202d\u202e\ufdd0-\ufdef\ufffe\uffff]/g;

/** Text without half characters, each as U+FFFD. @param {string} text */
export function replaceSurrogates(text) {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}

// A letter takes four marks above and below it (Vietnamese, Hebrew with accents, Tibetan); more paint over the lines
// around.
const PILED = /(?<=\p{M}{4})\p{M}/gu;

/** @param {string} text */
export function escapeHidden(text) {
  return replaceSurrogates(text).replace(HIDDEN, formatCodePoint).replace(PILED, formatCodePoint);
}

/** @param {string} sign */
function formatCodePoint(sign) {
  return `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
