// What a timeline looks like: drawn on a canvas in CSS pixels, in the colours of the theme. It reads a plan and draws
// it; where each thing stands is in the plan too, so that a pointer finds it.

import { getTextDirection } from "../kit/direction.js";
import { cutText } from "../kit/text_fit.js";
import { GRAINS } from "./time.js";

/** @typedef {import("./lanes.js").Events} Events */
/** @typedef {import("./lanes.js").Mark} Mark */
/** @typedef {import("./time.js").Tick} Tick */
/**
 * @typedef {object} Row a lane as it is drawn
 * @property {number} node
 * @property {string} label
 * @property {string} colour
 * @property {number} top
 * @property {number} height
 * @property {boolean} chosen
 * @property {Mark[] | null} marks null where there are too many: then `bars`
 * @property {Uint32Array | null} bars
 */
/**
 * @typedef {object} Plan
 * @property {number} width
 * @property {number} height
 * @property {number} gutter left of it names, right of it time
 * @property {number} axis height of the axis at the top
 * @property {number} strip where the overview begins
 * @property {number} from
 * @property {number} to
 * @property {[number, number]} whole the time of all events
 * @property {Tick[]} ticks
 * @property {string} caption of the strip
 * @property {string} context what the ticks leave unsaid
 * @property {Row[]} rows
 * @property {Uint32Array} overview
 * @property {[number, number] | null} range
 * @property {Set<number>} chosen events
 * @property {number} pointed event, or -1
 */
/** @typedef {{ background: string, text: string, faint: string, line: string, accent: string, font: string }} Theme */

export const LEVEL = 13; // pixels of one level of a lane
const DOT = 4;

/** @param {Plan} plan @param {number} at */
export function computeX(plan, at) {
  return plan.gutter + ((at - plan.from) / (plan.to - plan.from)) * (plan.width - plan.gutter);
}

/** @param {Plan} plan @param {number} x */
export function computeTime(plan, x) {
  return plan.from + ((x - plan.gutter) / (plan.width - plan.gutter)) * (plan.to - plan.from);
}

/** @param {Row} row @param {Mark} mark */
export function computeMiddle(row, mark) {
  return row.top + row.height - (mark.level + 0.5) * LEVEL - 3;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Plan} plan
 * @param {Events} events
 * @param {Theme} theme
 */
export function drawTimeline(pen, plan, events, theme) {
  pen.fillStyle = theme.background;
  pen.fillRect(0, 0, plan.width, plan.height);
  pen.font = `12px ${theme.font}`;
  pen.textBaseline = "middle";
  drawOutside(pen, plan, theme);
  drawGrid(pen, plan, theme);
  pen.save();
  pen.beginPath();
  pen.rect(plan.gutter, plan.axis, plan.width - plan.gutter, plan.strip - plan.axis);
  pen.clip();
  drawThemeLines(pen, plan, theme);
  for (const row of plan.rows) row.bars ? drawBars(pen, plan, row) : drawMarks(pen, plan, row, events, theme);
  pen.restore();
  drawNames(pen, plan, theme);
  drawOverview(pen, plan, theme);
}

/** What lies outside the chosen time. @param {CanvasRenderingContext2D} pen @param {Plan} plan @param {Theme} theme */
function drawOutside(pen, plan, theme) {
  if (!plan.range) return;
  const [left, right] = plan.range.map((at) => Math.min(plan.width, Math.max(plan.gutter, computeX(plan, at))));
  pen.fillStyle = theme.faint;
  pen.fillRect(plan.gutter, plan.axis, left - plan.gutter, plan.strip - plan.axis);
  pen.fillRect(right, plan.axis, plan.width - right, plan.strip - plan.axis);
}

/** @param {CanvasRenderingContext2D} pen @param {Plan} plan @param {Theme} theme */
function drawGrid(pen, plan, theme) {
  pen.textAlign = "left";
  for (const { at, label, major } of plan.ticks) {
    const x = Math.round(computeX(plan, at)) + 0.5;
    if (x < plan.gutter) continue;
    pen.strokeStyle = theme.line;
    pen.lineWidth = major ? 1.5 : 0.75;
    drawLine(pen, x, plan.axis - 6, x, plan.strip);
    pen.fillStyle = theme.text;
    pen.font = `${major ? "600 " : ""}11px ${theme.font}`;
    if (x + pen.measureText(label).width + 4 <= plan.width) pen.fillText(label, x + 4, plan.axis / 2);
  }
  pen.font = `600 11px ${theme.font}`;
  pen.fillStyle = theme.text;
  pen.fillText(plan.context, 24, plan.axis / 2);
  for (const row of plan.rows) {
    pen.strokeStyle = theme.line;
    pen.lineWidth = 0.75;
    drawLine(pen, 0, row.top + row.height + 0.5, plan.width, row.top + row.height + 0.5);
  }
}

/**
 * Events of several lanes are held together.
 * @param {CanvasRenderingContext2D} pen
 * @param {Plan} plan
 * @param {Theme} theme
 */
function drawThemeLines(pen, plan, theme) {
  /** @type {Map<number, number[]>} */
  const places = new Map();
  for (const row of plan.rows)
    for (const mark of row.marks ?? []) {
      const y = computeMiddle(row, mark);
      const mine = places.get(mark.event);
      if (mine) mine.push(y);
      else places.set(mark.event, [computeX(plan, mark.from), y]);
    }
  for (const [event, [x, ...ys]] of places) {
    if (ys.length < 2) continue;
    const lit = event === plan.pointed || plan.chosen.has(event);
    pen.strokeStyle = lit ? theme.accent : theme.line;
    pen.lineWidth = lit ? 2 : 1;
    drawLine(pen, x, Math.min(...ys), x, Math.max(...ys));
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Plan} plan
 * @param {Row} row
 * @param {Events} events
 * @param {Theme} theme
 */
function drawMarks(pen, plan, row, events, theme) {
  for (const mark of row.marks ?? []) {
    const [left, right, y] = [computeX(plan, mark.from), computeX(plan, mark.to), computeMiddle(row, mark)];
    const uncertain = events.grain[mark.event] >= 3 && GRAINS[events.grain[mark.event]] > 0;
    const lit = mark.event === plan.pointed || plan.chosen.has(mark.event);
    pen.fillStyle = pen.strokeStyle = row.colour;
    pen.lineWidth = 1.5;
    pen.setLineDash([[], [4, 3], [1.5, 2.5]][events.strength[mark.event]] ?? []);
    pen.beginPath();
    if (right - left > 2 * DOT) pen.roundRect(left, y - DOT, right - left, 2 * DOT, DOT);
    else pen.arc(left, y, DOT, 0, 2 * Math.PI);
    pen.globalAlpha = uncertain ? 0.3 : events.strength[mark.event] ? 0.35 : 1;
    pen.fill();
    pen.globalAlpha = 1;
    if (uncertain || events.strength[mark.event]) pen.stroke();
    pen.setLineDash([]);
    if (!lit) continue;
    pen.strokeStyle = theme.accent;
    pen.lineWidth = 2.5;
    pen.stroke();
  }
}

/**
 * A lane of more events than can be told apart.
 * @param {CanvasRenderingContext2D} pen
 * @param {Plan} plan
 * @param {Row} row
 */
function drawBars(pen, plan, row) {
  const found = row.bars ?? new Uint32Array(1);
  const most = Math.max(1, ...found);
  const wide = (plan.width - plan.gutter) / found.length;
  pen.fillStyle = row.colour;
  found.forEach((count, at) => {
    if (!count) return;
    const high = Math.max(2, ((row.height - 8) * count) / most);
    pen.fillRect(plan.gutter + at * wide, row.top + row.height - 3 - high, Math.max(1, wide - 1), high);
  });
}

/** @param {CanvasRenderingContext2D} pen @param {Plan} plan @param {Theme} theme */
function drawNames(pen, plan, theme) {
  pen.fillStyle = theme.background;
  pen.fillRect(0, plan.axis, plan.gutter - 1, plan.strip - plan.axis);
  for (const row of plan.rows) {
    const y = row.top + row.height / 2;
    if (row.chosen) {
      pen.fillStyle = theme.faint;
      pen.fillRect(0, row.top + 1, plan.gutter - 1, row.height - 1);
    }
    pen.fillStyle = row.colour;
    pen.beginPath();
    pen.arc(12, y, 5, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = theme.text;
    pen.font = `${row.chosen ? "600 " : ""}12px ${theme.font}`;
    pen.textAlign = "left";
    pen.direction = getTextDirection(row.label);
    pen.fillText(cutText(pen, row.label, plan.gutter - 30), 24, y);
    pen.direction = "ltr";
  }
  pen.strokeStyle = theme.line;
  drawLine(pen, plan.gutter - 0.5, plan.axis - 6, plan.gutter - 0.5, plan.height);
}

/**
 * The whole time at the bottom, and which part of it is seen and chosen.
 * @param {CanvasRenderingContext2D} pen
 * @param {Plan} plan
 * @param {Theme} theme
 */
function drawOverview(pen, plan, theme) {
  const [top, high, most] = [plan.strip + 6, plan.height - plan.strip - 10, Math.max(1, ...plan.overview)];
  const wide = (plan.width - plan.gutter) / plan.overview.length;
  const computeOverviewX = (/** @type {number} */ at) =>
    plan.gutter + ((at - plan.whole[0]) / (plan.whole[1] - plan.whole[0])) * (plan.width - plan.gutter);
  pen.fillStyle = theme.background;
  pen.fillRect(0, plan.strip, plan.width, plan.height - plan.strip);
  pen.strokeStyle = theme.line;
  drawLine(pen, 0, plan.strip + 0.5, plan.width, plan.strip + 0.5);
  pen.fillStyle = theme.text;
  pen.globalAlpha = 0.55;
  plan.overview.forEach((count, at) => {
    if (count)
      pen.fillRect(plan.gutter + at * wide, top + high, Math.max(1, wide - 1), -Math.max(1.5, (high * count) / most));
  });
  pen.globalAlpha = 1;
  const [left, right] = [
    Math.max(plan.gutter, computeOverviewX(plan.from)),
    Math.min(plan.width, computeOverviewX(plan.to)),
  ];
  pen.strokeStyle = theme.text;
  pen.lineWidth = 1;
  pen.strokeRect(left + 0.5, top - 2.5, Math.max(3, right - left - 1), high + 5);
  if (plan.range) {
    const [start, end] = plan.range.map((at) => Math.min(plan.width, Math.max(plan.gutter, computeOverviewX(at))));
    pen.fillStyle = theme.accent;
    pen.globalAlpha = 0.25;
    pen.fillRect(start, top - 2, Math.max(3, end - start), high + 4);
    pen.globalAlpha = 1;
    pen.fillRect(start - 1, top - 2, 2, high + 4);
    pen.fillRect(end - 1, top - 2, 2, high + 4);
  }
  pen.fillStyle = theme.text;
  pen.font = `11px ${theme.font}`;
  pen.textAlign = "left";
  pen.fillText(cutText(pen, plan.caption, plan.gutter - 30), 24, (plan.strip + plan.height) / 2);
}

/** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y @param {number} toX @param {number} toY */
function drawLine(pen, x, y, toX, toY) {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(toX, toY);
  pen.stroke();
}
