// Where names are written beside their icons, so that nothing is written over another.

const WIDEST = 24; // characters of a row
const NARROW = 15; // where there is no room for so many
const GAP = 2; // pixels between an icon and its name

/** @typedef {{ left: number, top: number, right: number, bottom: number, x: number, align: CanvasTextAlign }} Box */

/**
 * Rows of a label: at most two, broken at a space where there is one.
 * @param {string} text
 * @param {number} widest characters of a row
 */
export function splitRows(text, widest = WIDEST) {
  const signs = [...text];
  if (signs.length <= widest) return [text];
  const space = signs.slice(0, widest + 1).lastIndexOf(" ");
  const cut = space > widest / 3 ? space : widest;
  const rest = signs.slice(cut).join("").trim();
  const second = [...rest];
  return [signs.slice(0, cut).join(""), second.length > widest ? `${second.slice(0, widest - 1).join("")}…` : rest];
}

/**
 * Size of the letters of names, in pixels: smaller where the chart is looked at from afar, never too small to read.
 * @param {number} scale
 */
export function computeLetterSize(scale) {
  return Math.round(Math.max(10, Math.min(12, 15 * scale)) * 2) / 2;
}

/** Room that is taken, in cells, so that nothing is written over another. */
export class Room {
  constructor() {
    /** @type {Map<string, [number, number, number, number][]>} */
    this.cells = new Map();
  }

  /** Takes a box, or tells that it is not free. */
  reserveBox(
    /** @type {number} */ left,
    /** @type {number} */ top,
    /** @type {number} */ right,
    /** @type {number} */ bottom,
    force = false,
  ) {
    const keys = [];
    for (let x = Math.floor(left / 64); x <= Math.floor(right / 64); x++)
      for (let y = Math.floor(top / 64); y <= Math.floor(bottom / 64); y++) keys.push(`${x} ${y}`);
    const isOverlapping = (/** @type {[number, number, number, number]} */ [l, t, r, b]) =>
      left < r && right > l && top < b && bottom > t;
    if (!force && keys.some((key) => this.cells.get(key)?.some(isOverlapping))) return false;
    for (const key of keys) {
      const list = this.cells.get(key);
      if (list) list.push([left, top, right, bottom]);
      else this.cells.set(key, [[left, top, right, bottom]]);
    }
    return true;
  }
}

/**
 * Where a name may stand about an icon, in the order of liking: under it, over it, right, left.
 * @param {number} x @param {number} y @param {number} radius @param {number} wide @param {number} high
 * @returns {Box[]}
 */
export function listBoxesAround(x, y, radius, wide, high) {
  const off = radius + GAP;
  const createBox = (
    /** @type {number} */ left,
    /** @type {number} */ top,
    /** @type {number} */ at,
    /** @type {CanvasTextAlign} */ align,
  ) => ({ left, top, right: left + wide, bottom: top + high, x: at, align });
  return [
    createBox(x - wide / 2, y + off, x, "center"),
    createBox(x - wide / 2, y - off - high, x, "center"),
    createBox(x + off, y - high / 2, x + off, "left"),
    createBox(x - off - wide, y - high / 2, x - off, "right"),
  ];
}

/**
 * Where a name is to stand, and in what.
 * @typedef {{
 *   x: number, y: number, radius: number, high: number, width: number, height: number, room: Room, force: boolean
 * }} Wanted
 */
/**
 * Rows of a name and the place that they have: the first that is free and whole within the picture, since half a number
 * would be misread; null where there is none, and where the icon's middle is outside.
 * @param {string[]} names one under the other, the second ones in one row
 * @param {(text: string) => number} measureText width of a text, in pixels
 * @param {Wanted} at
 * @returns {{ lines: string[], own: number, box: Box } | null} `own`: how many rows are of the first name
 */
export function placeLabel([name, ...more], measureText, { x, y, radius, high, width, height, room, force }) {
  const seen = x >= 0 && y >= 0 && x <= width && y <= height;
  for (const widest of seen || force ? [WIDEST, NARROW] : []) {
    const first = splitRows(name, widest);
    const lines = [...first, ...more.filter(Boolean).map((text) => splitRows(text, widest)[0])];
    const boxes = listBoxesAround(x, y, radius, Math.max(...lines.map(measureText)) + 4, high * lines.length);
    const isInside = (/** @type {Box} */ box) =>
      box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;
    const box =
      boxes.find((box) => isInside(box) && room.reserveBox(box.left, box.top, box.right, box.bottom)) ??
      (force ? boxes[0] : null);
    if (box) return { lines, own: first.length, box };
  }
  return null;
}
