// What is written over a chart: labels under icons and on lines, rings around what is chosen, how much more there is.

import { direction } from "../kit/direction.js";
import { course, labelled, width } from "./drawn.js";

/** @typedef {import("./drawn.js").Drawn} Drawn */
/** @typedef {import("./drawn.js").Item} Item */
/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {{ background: string, text: string, faint: string, line: string, tentative: string, accent: string, font: string }} Theme */

const MOST = 700; // labels drawn at once
const BUSY = 260; // lines in view up to which their labels are written
const WIDEST = 24; // characters of a row

/**
 * Rows of a label: at most two, broken at a space where there is one.
 * @param {string} text
 */
export function rows(text) {
  const signs = [...text];
  if (signs.length <= WIDEST) return [text];
  const space = signs.slice(0, WIDEST + 1).lastIndexOf(" ");
  const cut = space > WIDEST / 3 ? space : WIDEST;
  const rest = signs.slice(cut).join("").trim();
  const second = [...rest];
  return [signs.slice(0, cut).join(""), second.length > WIDEST ? `${second.slice(0, WIDEST - 1).join("")}…` : rest];
}

/** Size of the letters of names, in pixels: smaller where the chart is looked at from afar, never too small to read. @param {number} scale */
export function letters(scale) {
  return Math.round(Math.max(10, Math.min(12, 15 * scale)) * 2) / 2;
}

/** Room that is taken, in cells, so that nothing is written over another. */
export class Room {
  constructor() {
    /** @type {Map<string, [number, number, number, number][]>} */
    this.cells = new Map();
  }

  /** Takes a box, or tells that it is not free. */
  take(/** @type {number} */ left, /** @type {number} */ top, /** @type {number} */ right, /** @type {number} */ bottom, force = false) {
    const keys = [];
    for (let x = Math.floor(left / 64); x <= Math.floor(right / 64); x++)
      for (let y = Math.floor(top / 64); y <= Math.floor(bottom / 64); y++) keys.push(`${x} ${y}`);
    const hits = (/** @type {[number, number, number, number]} */ [l, t, r, b]) => left < r && right > l && top < b && bottom > t;
    if (!force && keys.some((key) => this.cells.get(key)?.some(hits))) return false;
    for (const key of keys) {
      const list = this.cells.get(key);
      if (list) list.push([left, top, right, bottom]);
      else this.cells.set(key, [[left, top, right, bottom]]);
    }
    return true;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Drawn} picture
 * @param {Camera} camera
 * @param {{ chosen: Set<string>, hover: string, pinned: Uint8Array, theme: Theme, lasso: number[][] }} look
 */
export function paint(context, picture, camera, { chosen, hover, pinned, theme, lasso }) {
  context.clearRect(0, 0, camera.width, camera.height);
  const room = new Room();
  const radius = camera.radius;
  const seen = /** @type {{item: Item, x: number, y: number}[]} */ ([]);
  for (const item of labelled(picture, chosen, hover)) {
    const [x, y] = camera.toScreen(item.x, item.y);
    if (x < -60 || y < -60 || x > camera.width + 60 || y > camera.height + 60) continue;
    seen.push({ item, x, y });
    if (seen.length <= 4000) room.take(x - radius * 0.8, y - radius * 0.8, x + radius * 0.8, y + radius * 0.8, true);
  }
  chosenLines(context, picture, camera, chosen, hover, theme);
  for (const { item, x, y } of seen) marks(context, { item, x, y }, radius, { chosen, hover, pinned, theme });
  const size = letters(camera.scale);
  context.font = `${size}px ${theme.font}`;
  context.textAlign = "center";
  context.lineJoin = "round";
  const first = (/** @type {Item} */ item) => (item.id === hover ? 3 : chosen.has(item.id) ? 2 : item.how.includes("c") ? 1 : 0);
  seen.sort((one, other) => first(other.item) - first(one.item) || other.item.degree - one.item.degree);
  for (const { item, x, y } of seen.slice(0, MOST)) label(context, item, x, y, radius, room, theme, first(item) === 3, size);
  if (picture.lines.length <= 3000 && camera.scale > 0.45) lineLabels(context, picture, camera, room, theme);
  if (lasso.length > 1) {
    context.beginPath();
    for (const [x, y] of lasso) context.lineTo(x, y);
    context.closePath();
    context.fillStyle = `${theme.accent}22`;
    context.strokeStyle = theme.accent;
    context.fill();
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y @param {Theme} theme @param {string} colour */
function write(context, text, x, y, theme, colour) {
  context.direction = direction(text);
  context.strokeStyle = theme.background;
  context.lineWidth = 4;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

/** @param {CanvasRenderingContext2D} context @param {Item} item @param {number} x @param {number} y @param {number} radius @param {Room} room @param {Theme} theme @param {boolean} force @param {number} size */
function label(context, item, x, y, radius, room, theme, force, size) {
  const lines = [...rows(item.label), ...(item.latin ? rows(item.latin).slice(0, 1) : [])];
  const wide = Math.max(...lines.map((line) => context.measureText(line).width)) / 2 + 2;
  const top = y + radius + 2;
  const high = size + 3;
  if (!room.take(x - wide, top, x + wide, top + high * lines.length, force) && !force) return;
  lines.forEach((line, at) => write(context, line, x, top + size + high * at, theme, at >= rows(item.label).length ? theme.faint : theme.text));
}

/** @param {CanvasRenderingContext2D} context @param {Drawn} picture @param {Camera} camera @param {Room} room @param {Theme} theme */
function lineLabels(context, picture, camera, room, theme) {
  context.font = `10.5px ${theme.font}`;
  let written = 0;
  for (const line of picture.lines) {
    const points = course(picture, line);
    const half = points.length / 4 - 0.5;
    const before = 2 * Math.floor(half);
    const after = 2 * Math.ceil(half);
    const [x, y] = camera.toScreen((points[before] + points[after]) / 2, (points[before + 1] + points[after + 1]) / 2);
    if (x < 0 || y < 0 || x > camera.width || y > camera.height || !line.label) continue;
    const wide = context.measureText(line.label).width / 2 + 1;
    if (wide * 2 > Math.hypot(points[points.length - 2] - points[0], points[points.length - 1] - points[1]) * camera.scale - 2 * camera.radius) continue;
    if (!room.take(x - wide, y - 7, x + wide, y + 6)) continue;
    write(context, line.label, x, y + 3.5, theme, theme.faint);
    if (++written >= BUSY) break;
  }
}

/** @param {CanvasRenderingContext2D} context @param {Drawn} picture @param {Camera} camera @param {Set<string>} chosen @param {string} hover @param {Theme} theme */
function chosenLines(context, picture, camera, chosen, hover, theme) {
  const links = [...chosen, hover].filter((id) => id.startsWith("link:"));
  if (!links.length) return;
  const wanted = new Set(links.map((id) => Number(id.slice(5))));
  context.strokeStyle = theme.accent;
  context.globalAlpha = 0.55;
  for (const line of picture.lines) {
    if (!line.rows.some((row) => wanted.has(row))) continue;
    const points = course(picture, line);
    context.lineWidth = width(line) + 5;
    context.beginPath();
    for (let at = 0; at < points.length; at += 2) context.lineTo(...camera.toScreen(points[at], points[at + 1]));
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {{item: Item, x: number, y: number}} spot @param {number} radius @param {{ chosen: Set<string>, hover: string, pinned: Uint8Array, theme: Theme }} look */
function marks(context, { item, x, y }, radius, { chosen, hover, pinned, theme }) {
  const ring = chosen.has(item.id) ? 3 : item.id === hover ? 1.5 : 0;
  if (ring) {
    context.strokeStyle = theme.accent;
    context.lineWidth = ring;
    context.beginPath();
    context.arc(x, y, radius * 1.08, 0, 2 * Math.PI);
    context.stroke();
  }
  if (item.row >= 0 && pinned[item.row] && radius > 8) {
    context.fillStyle = theme.text;
    context.beginPath();
    context.arc(x - radius * 0.75, y - radius * 0.75, 2.6, 0, 2 * Math.PI);
    context.fill();
  }
  const more = item.members.length || item.more;
  if (!more || radius < 9) return;
  context.font = `600 10px ${theme.font}`;
  context.textAlign = "left";
  write(context, item.members.length ? `${more}` : `+${more}`, x + radius * 0.7, y - radius * 0.6, theme, theme.text);
}
