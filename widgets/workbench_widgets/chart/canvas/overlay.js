// What is written over a chart: labels under icons and on lines, rings around what is chosen, how much more there is.

import { getTextDirection } from "../../kit/direction.js";
import { computeLinePoints, listItemsToLabel, computeLineWidth } from "./chart_items.js";
import { computeLetterSize, placeLabel, Room } from "./labels.js";

/** @typedef {import("./chart_items.js").Drawn} Drawn */
/** @typedef {import("./chart_items.js").Item} Item */
/** @typedef {import("../camera.js").Camera} Camera */
/**
 * @typedef {{
 *   background: string, text: string, faint: string, line: string, tentative: string, accent: string, font: string
 * }} Theme
 */

const MOST = 700; // labels drawn at once
const BUSY = 260; // lines in view up to which their labels are written

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Drawn} picture
 * @param {Camera} camera
 * @param {{ chosen: Set<string>, hover: string, pinned: Uint8Array, theme: Theme, lasso: number[][] }} look
 */
export function drawOverlay(context, picture, camera, { chosen, hover, pinned, theme, lasso }) {
  context.clearRect(0, 0, camera.width, camera.height);
  const room = new Room();
  const radius = camera.radius;
  const seen = /** @type {{item: Item, x: number, y: number}[]} */ ([]);
  for (const item of listItemsToLabel(picture, chosen, hover)) {
    const [x, y] = camera.convertToScreen(item.x, item.y);
    if (x < -60 || y < -60 || x > camera.width + 60 || y > camera.height + 60) continue;
    seen.push({ item, x, y });
    if (seen.length <= 4000)
      room.reserveBox(x - radius * 0.8, y - radius * 0.8, x + radius * 0.8, y + radius * 0.8, true);
  }
  drawSelectedLines(context, picture, camera, chosen, hover, theme);
  for (const { item, x, y } of seen) drawMarks(context, { item, x, y }, radius, room, { chosen, hover, pinned, theme });
  const size = computeLetterSize(camera.scale);
  context.font = `${size}px ${theme.font}`;
  context.lineJoin = "round";
  const computePriority = (/** @type {Item} */ item) =>
    item.id === hover ? 3 : chosen.has(item.id) ? 2 : item.how.includes("c") ? 1 : 0;
  seen.sort(
    (one, other) => computePriority(other.item) - computePriority(one.item) || other.item.degree - one.item.degree,
  );
  for (const { item, x, y } of seen.slice(0, MOST))
    drawLabel(
      context,
      item,
      { x, y, radius, width: camera.width, height: camera.height, room, force: computePriority(item) === 3 },
      theme,
      size,
    );
  if (picture.lines.length <= 3000 && camera.scale > 0.45) drawLineLabels(context, picture, camera, room, theme);
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

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {Theme} theme
 * @param {string} colour
 */
function drawText(context, text, x, y, theme, colour) {
  context.direction = getTextDirection(text);
  context.strokeStyle = theme.background;
  context.lineWidth = 4;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Item} item
 * @param {Omit<import("./labels.js").Wanted, "high">} at
 * @param {Theme} theme
 * @param {number} size
 */
function drawLabel(context, item, at, theme, size) {
  const high = size + 3;
  const found = placeLabel([item.label, item.latin], (text) => context.measureText(text).width, { ...at, high });
  if (!found) return;
  const { lines, own, box } = found;
  context.textAlign = box.align;
  lines.forEach((line, row) =>
    drawText(context, line, box.x, box.top + size + high * row, theme, row >= own ? theme.faint : theme.text),
  );
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Drawn} picture
 * @param {Camera} camera
 * @param {Room} room
 * @param {Theme} theme
 */
function drawLineLabels(context, picture, camera, room, theme) {
  context.font = `10.5px ${theme.font}`;
  context.textAlign = "center";
  let written = 0;
  for (const line of picture.lines) {
    const points = computeLinePoints(picture, line);
    const half = points.length / 4 - 0.5;
    const before = 2 * Math.floor(half);
    const after = 2 * Math.ceil(half);
    const [x, y] = camera.convertToScreen(
      (points[before] + points[after]) / 2,
      (points[before + 1] + points[after + 1]) / 2,
    );
    if (x < 0 || y < 0 || x > camera.width || y > camera.height || !line.label) continue;
    const wide = context.measureText(line.label).width / 2 + 1;
    if (
      wide * 2 >
      Math.hypot(points[points.length - 2] - points[0], points[points.length - 1] - points[1]) * camera.scale -
        2 * camera.radius
    )
      continue;
    if (!room.reserveBox(x - wide, y - 7, x + wide, y + 6)) continue;
    drawText(context, line.label, x, y + 3.5, theme, theme.faint);
    if (++written >= BUSY) break;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Drawn} picture
 * @param {Camera} camera
 * @param {Set<string>} chosen
 * @param {string} hover
 * @param {Theme} theme
 */
function drawSelectedLines(context, picture, camera, chosen, hover, theme) {
  const links = [...chosen, hover].filter((id) => id.startsWith("link:"));
  if (!links.length) return;
  const wanted = new Set(links.map((id) => Number(id.slice(5))));
  context.strokeStyle = theme.accent;
  context.globalAlpha = 0.55;
  for (const line of picture.lines) {
    if (!line.rows.some((row) => wanted.has(row))) continue;
    const points = computeLinePoints(picture, line);
    context.lineWidth = computeLineWidth(line) + 5;
    context.beginPath();
    for (let at = 0; at < points.length; at += 2) context.lineTo(...camera.convertToScreen(points[at], points[at + 1]));
    context.stroke();
  }
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{item: Item, x: number, y: number}} spot
 * @param {number} radius
 * @param {Room} room
 * @param {{ chosen: Set<string>, hover: string, pinned: Uint8Array, theme: Theme }} look
 */
function drawMarks(context, { item, x, y }, radius, room, { chosen, hover, pinned, theme }) {
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
  const count = item.members.length ? `${more}` : `+${more}`;
  const [left, under] = [x + radius * 0.7, y - radius * 0.6];
  room.reserveBox(left, under - 9, left + context.measureText(count).width, under + 1, true);
  drawText(context, count, left, under, theme, theme.text);
}
