// The association matrix in the page: entities against entities, a square where two are linked, darker where more
// often, hatched where nothing confirms it. What is chosen here is chosen on the chart.

import { getTextDirection } from "../kit/direction.js";
import { cutText } from "../kit/text_fit.js";
import { buildCells, formatKey, sortRows, computeShade } from "./cells.js";

/** @typedef {{ background: string, text: string, faint: string, line: string, accent: string, font: string }} Theme */
/**
 * What a matrix asks of the chart it belongs to.
 * @typedef {object} Chart
 * @property {() => number[]} listNodes rows of the nodes on the chart
 * @property {() => number[]} listSelected
 * @property {() => { ends: Uint32Array, counts: Uint32Array, strength: Uint8Array }} getLinks
 * @property {(link: number) => boolean} isLinkVisible
 * @property {(node: number) => string} getLabel
 * @property {(node: number) => string} getColour
 * @property {(ids: { nodes: number[], links: number[] }, add: boolean) => void} selectItems
 * @property {(node: number) => void} hoverNode
 * @property {() => Theme} getTheme
 * @property {import("../kit/words.js").Words} words
 */

const MOST = 60; // entities that a matrix takes
const SQUARE = 20;
const GUTTER = 190;
const HEAD = 130;

export class Matrix {
  /**
   * @param {HTMLElement} root
   * @param {Chart} chart
   */
  constructor(root, chart) {
    this.root = root;
    this.chart = chart;
    this.canvas = document.createElement("canvas");
    this.note = createElement("div", "wx-note");
    this.scroll = createElement("div", "wx-scroll");
    /** @type {number[]} */
    this.rows = [];
    /** @type {ReturnType<typeof buildCells>} */
    this.found = new Map();
    this.pointed = [-1, -1];
    root.classList.add("wx");
    root.dataset.lmSuppressShortcuts = "true";
    this.canvas.dir = "ltr"; // a canvas would turn what is written on it with the page
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute(
      "aria-label",
      chart.words.say(
        "Association matrix. Arrow keys move through the matrix. Enter selects the two entities and their links.",
      ),
    );
    this.note.setAttribute("aria-live", "polite");
    this.canvas.onpointermove = (event) => this.hoverCell(this.findCell(event));
    this.canvas.onpointerleave = () => this.hoverCell([-1, -1]);
    this.canvas.onclick = (event) => this.selectCell(this.findCell(event), event.shiftKey);
    this.canvas.onkeydown = (event) => this.handleKey(event);
    this.scroll.append(this.canvas);
    root.append(this.note, this.scroll);
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.scroll);
    this.refresh();
  }

  /** After the chart changed. */
  refresh() {
    const links = this.chart.getLinks();
    const chosen = this.chart.listSelected();
    const all = chosen.length > 1 ? chosen : this.chart.listNodes();
    const kept = listBusiest(all, links, this.chart.isLinkVisible, MOST);
    const found = buildCells(kept, links, this.chart.isLinkVisible);
    const stand = sortRows(kept.length, found);
    this.rows = stand.map((place) => kept[place]);
    this.found = buildCells(this.rows, links, this.chart.isLinkVisible);
    this.left = all.length - kept.length;
    this.draw();
  }

  draw() {
    const theme = this.chart.getTheme();
    const size = this.rows.length;
    // names of columns lean over the right edge
    const [width, height] = [GUTTER + size * SQUARE + HEAD * 0.7, HEAD + size * SQUARE + 4];
    const ratio = globalThis.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    const pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = theme.background;
    pen.fillRect(0, 0, width, height);
    this.drawNames(pen, theme);
    this.drawSquares(pen, theme);
    this.updateNote();
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme */
  drawNames(pen, theme) {
    const chosen = new Set(this.chart.listSelected());
    pen.textBaseline = "middle";
    this.rows.forEach((row, index) => {
      const lit = this.pointed.includes(index);
      const middle = (index + 0.5) * SQUARE;
      pen.font = `${lit || chosen.has(row) ? "600 " : ""}12px ${theme.font}`;
      const text = cutText(pen, this.chart.getLabel(row), GUTTER - 30);
      pen.direction = getTextDirection(text);
      pen.fillStyle = lit ? theme.accent : theme.text;
      pen.textAlign = "right";
      pen.fillText(text, GUTTER - 20, HEAD + middle);
      pen.save();
      pen.translate(GUTTER + middle, HEAD - 20);
      pen.rotate(-Math.PI / 3.2);
      pen.textAlign = "left";
      pen.fillText(cutText(pen, this.chart.getLabel(row), HEAD - 24), 0, 0);
      pen.restore();
      pen.fillStyle = this.chart.getColour(row);
      drawDisc(pen, GUTTER - 10, HEAD + middle);
      drawDisc(pen, GUTTER + middle, HEAD - 10);
    });
    pen.direction = "ltr";
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme */
  drawSquares(pen, theme) {
    const most = Math.max(1, ...[...this.found.values()].map(({ count }) => count));
    const size = this.rows.length;
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++) {
        const [x, y] = [GUTTER + column * SQUARE, HEAD + row * SQUARE];
        const cell = row === column ? undefined : this.found.get(formatKey(row, column));
        pen.fillStyle = row === column ? theme.faint : theme.background;
        pen.fillRect(x, y, SQUARE, SQUARE);
        if (cell) drawSquare(pen, x, y, cell, most, theme);
        pen.strokeStyle = theme.line;
        pen.lineWidth = 0.5;
        pen.strokeRect(x + 0.5, y + 0.5, SQUARE, SQUARE);
      }
    const [row, column] = this.pointed;
    if (row < 0 || column < 0) return;
    pen.strokeStyle = theme.accent;
    pen.lineWidth = 2;
    pen.strokeRect(GUTTER + column * SQUARE + 1, HEAD + row * SQUARE + 1, SQUARE - 1, SQUARE - 1);
  }

  /** What is under a pointer: places of a row and a column, -1 for none. @param {PointerEvent | MouseEvent} event */
  findCell({ offsetX, offsetY }) {
    const computePlace = (/** @type {number} */ at) =>
      at < 0 || at >= this.rows.length * SQUARE ? -1 : Math.floor(at / SQUARE);
    return [computePlace(offsetY - HEAD), computePlace(offsetX - GUTTER)];
  }

  /** @param {number[]} pointed */
  hoverCell(pointed) {
    if (pointed.join() === this.pointed.join()) return;
    this.pointed = pointed;
    const [row, column] = pointed;
    this.chart.hoverNode(row >= 0 ? this.rows[row] : column >= 0 ? this.rows[column] : -1);
    this.draw();
  }

  /** Says under the matrix what is shown, and what is pointed at. */
  updateNote() {
    const [row, column] = this.pointed;
    const two = row >= 0 && column >= 0 && row !== column;
    const cell = two ? this.found.get(formatKey(row, column)) : undefined;
    const { say } = this.chart.words;
    const said = say("Entities: {entities}. Linked pairs: {pairs}.", {
      entities: this.rows.length,
      pairs: this.found.size,
    });
    let text = this.left
      ? say(
          `{said} Entities that are not shown because they have fewer links: {count}. To see an entity here, select
            it on the chart.`,
          { said, count: this.left },
        )
      : said;
    const strengths = [say.word("confirmed", "state"), say.word("unconfirmed", "state"), say("suggested by a program")];
    const linked = cell
      ? say("linked ×{count} ({strength})", { count: cell.count, strength: strengths[cell.strength] })
      : say("no link");
    if (two) text = `${this.chart.getLabel(this.rows[row])} · ${this.chart.getLabel(this.rows[column])}: ${linked}`;
    if (this.note.textContent !== text) this.note.textContent = text;
  }

  /** @param {number[]} place @param {boolean} add */
  selectCell([row, column], add) {
    if (row < 0 && column < 0) return this.chart.selectItems({ nodes: [], links: [] }, false);
    const nodes = [row, column]
      .filter((one, index, both) => one >= 0 && both.indexOf(one) === index)
      .map((one) => this.rows[one]);
    const links = row >= 0 && column >= 0 ? (this.found.get(formatKey(row, column))?.links ?? []) : [];
    this.chart.selectItems({ nodes, links }, add);
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    /** @type {Record<string, [number, number]>} */
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[event.key];
    if (step) {
      const last = this.rows.length - 1;
      this.hoverCell(this.pointed.map((one, index) => Math.min(last, Math.max(0, Math.max(one, 0) + step[index]))));
    } else if (event.key === "Enter" || event.key === " ") this.selectCell(this.pointed, event.shiftKey);
    else if (event.key === "Escape") this.chart.selectItems({ nodes: [], links: [] }, false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  destroy() {
    this.observer.disconnect();
    this.root.replaceChildren();
  }
}

/**
 * The most linked of some nodes.
 * @param {number[]} nodes
 * @param {{ ends: Uint32Array, counts: Uint32Array }} links
 * @param {(link: number) => boolean} isVisible
 * @param {number} most
 */
function listBusiest(nodes, links, isVisible, most) {
  if (nodes.length <= most) return nodes;
  const degree = new Map(nodes.map((node) => [node, 0]));
  for (let link = 0; link < links.counts.length; link++) {
    const [from, to] = [links.ends[2 * link], links.ends[2 * link + 1]];
    if (!isVisible(link) || !degree.has(from) || !degree.has(to)) continue;
    for (const end of [from, to]) degree.set(end, (degree.get(end) ?? 0) + 1);
  }
  return [...nodes].sort((a, b) => (degree.get(b) ?? 0) - (degree.get(a) ?? 0) || a - b).slice(0, most);
}

/**
 * @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y
 * @param {import("./cells.js").Cell} cell @param {number} most @param {Theme} theme
 */
function drawSquare(pen, x, y, cell, most, theme) {
  const dark = computeShade(cell.count, most);
  pen.save();
  pen.beginPath();
  pen.rect(x + 1, y + 1, SQUARE - 1, SQUARE - 1);
  pen.clip();
  pen.globalAlpha = cell.strength ? dark * 0.35 : dark;
  pen.fillStyle = theme.accent;
  pen.fillRect(x, y, SQUARE, SQUARE);
  pen.globalAlpha = Math.max(0.5, dark);
  pen.strokeStyle = theme.accent;
  pen.lineWidth = cell.strength === 1 ? 2 : 1;
  if (cell.strength)
    for (let at = -SQUARE; at < SQUARE; at += cell.strength === 1 ? 6 : 4) {
      pen.beginPath();
      pen.moveTo(x + at, y + SQUARE);
      pen.lineTo(x + at + SQUARE, y);
      pen.stroke();
    }
  pen.restore();
  if (cell.count < 2) return;
  pen.font = `9px ${theme.font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const plain = dark > 0.6 && !cell.strength;
  const text = cell.count > 999 ? `${Math.round(cell.count / 1000)}k` : String(cell.count);
  pen.lineWidth = 3;
  pen.strokeStyle = theme.background;
  if (!plain) pen.strokeText(text, x + SQUARE / 2 + 0.5, y + SQUARE / 2 + 0.5);
  pen.fillStyle = plain ? theme.background : theme.text;
  pen.fillText(text, x + SQUARE / 2 + 0.5, y + SQUARE / 2 + 0.5);
}

/** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y */
function drawDisc(pen, x, y) {
  pen.beginPath();
  pen.arc(x, y, 4, 0, 2 * Math.PI);
  pen.fill();
}

/** @param {string} tag @param {string} name @param {string} [text] */
function createElement(tag, name, text = "") {
  return Object.assign(document.createElement(tag), { className: name, textContent: text });
}
