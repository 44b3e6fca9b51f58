// What a chart is drawn on: a plain canvas where it is small, for that is there at once, and WebGL where it is large.

import { FlatSurface } from "./flat_surface.js";
import { getGlSurface } from "./gl_surface.js";

/** @typedef {import("./gl_surface.js").GlSurface | FlatSurface} Surface */

const SMALL = 4000; // nodes and links up to which a plain canvas has drawn before WebGL has started

/** @param {import("./chart_items.js").Drawn} picture */
export function isSmallPicture({ items, lines }) {
  return items.length + lines.length <= SMALL;
}

/**
 * A surface; a plain one too where there is no WebGL.
 * @param {import("./icons.js").Pictures} pictures
 * @param {boolean} plain
 * @param {() => void} onLost called when the browser takes WebGL away
 * @returns {Surface}
 */
export function createSurface(pictures, plain, onLost) {
  if (plain) return new FlatSurface(pictures);
  try {
    return Object.assign(getGlSurface(pictures), { onLost });
  } catch {
    return new FlatSurface(pictures);
  }
}
