// A passage cut into pieces, so that what is marked in it can be shown: pure.

/**
 * From where to where in the text (code points), whose, and received, suggested or decided.
 * @typedef {{ start: number, end: number, id: string, kind: string }} Mark
 */
/** @typedef {{ text: string, mark: Mark | null }} Piece */

/**
 * The text in pieces, in order; together they are the text. Of marks that overlap the one that begins first counts, the
 * longer of two that begin together; marks outside of the text are passed over.
 * @param {string} text
 * @param {Mark[]} marks
 * @returns {Piece[]}
 */
export function splitPieces(text, marks) {
  const letters = [...text];
  const sound = marks.filter(
    ({ start, end }) =>
      Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end > start && end <= letters.length,
  );
  sound.sort((a, b) => a.start - b.start || b.end - a.end);
  /** @type {Piece[]} */
  const found = [];
  let at = 0;
  for (const mark of sound) {
    if (mark.start < at) continue;
    if (mark.start > at) found.push({ text: letters.slice(at, mark.start).join(""), mark: null });
    found.push({ text: letters.slice(mark.start, mark.end).join(""), mark });
    at = mark.end;
  }
  if (at < letters.length) found.push({ text: letters.slice(at).join(""), mark: null });
  return found;
}

/**
 * A long text around its marks: so many characters before the first and after the last, with an ellipsis where
 * something is left out. Marks move along.
 * @param {string} text
 * @param {Mark[]} marks
 * @param {number} around
 * @returns {{ text: string, marks: Mark[], cut: boolean }}
 */
export function cutExcerpt(text, marks, around) {
  const letters = [...text];
  const most = 4 * around;
  if (letters.length <= most) return { text, marks, cut: false };
  const first = marks.length ? Math.min(...marks.map(({ start }) => start)) : 0;
  const last = marks.length ? Math.max(...marks.map(({ end }) => end)) : 0;
  const from = Math.max(0, Math.min(first - around, letters.length - most));
  const to = Math.min(letters.length, Math.max(Math.min(last + around, from + 2 * most), from + most));
  const [before, after] = [from > 0 ? "… " : "", to < letters.length ? " …" : ""];
  const shift = before.length - from;
  const moved = marks
    .filter(({ start, end }) => start >= from && end <= to)
    .map((mark) => ({ ...mark, start: mark.start + shift, end: mark.end + shift }));
  return { text: before + letters.slice(from, to).join("") + after, marks: moved, cut: true };
}
