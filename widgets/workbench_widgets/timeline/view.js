// A timeline in the page: a lane per entity, drawn on one canvas; looked through, zoomed and asked with pointer and
// keys. What is chosen here is chosen on the chart, and the time that is brushed here is the time the chart shows.

import { getOwn } from "../kit/safe_records.js";
import { buildLanes, computeSpan } from "./lanes.js";
import { drawTimeline, computeTime } from "./canvas.js";
import { findEvent, findLane, moveView, buildPlan, computeWhole, zoomView } from "./plan.js";
import { isZone, formatTime } from "./time.js";

/** @typedef {import("./lanes.js").Events} Events */
/** @typedef {import("./canvas.js").Plan} Plan */
/** @typedef {import("./canvas.js").Theme} Theme */
/**
 * What a timeline asks of the chart it belongs to.
 * @typedef {object} Chart
 * @property {() => Events} getEvents
 * @property {(node: number) => boolean} isVisible
 * @property {(node: number) => string} getLabel
 * @property {(node: number) => string} getColour
 * @property {() => number[]} listSelected rows of nodes
 * @property {() => [number, number] | null} getTimeRange
 * @property {() => number} getHoveredNode row of a node, or -1
 * @property {(nodes: number[], add: boolean) => void} selectNodes
 * @property {(node: number) => void} hoverNode
 * @property {(range: [number, number] | null) => void} setTimeRange
 * @property {(text: string) => void} showStatus
 * @property {() => Theme} getTheme
 * @property {import("../kit/words.js").Words} words
 * @property {import("../kit/store_view.js").Icons} icons
 */

const GUTTER = 170;
const MOST = 12; // lanes where nothing is chosen, as far as they fit
const FEWEST = 3;
const TALL = 460; // pixels of the part that is scrolled
const ZONES = ["UTC", Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC"];

export class Timeline {
  /**
   * @param {HTMLElement} root
   * @param {Chart} chart
   * @param {{ zones?: string[], zone?: string }} [options]
   */
  constructor(root, chart, { zones = [], zone } = {}) {
    this.chart = chart;
    this.words = chart.words;
    this.zones = [...new Set([...ZONES, ...zones])].filter(isZone);
    this.zone = zone && isZone(zone) ? zone : this.zones[0];
    /** @type {[number, number] | null} */
    this.view = null;
    this.pointed = -1;
    /** @type {Plan | null} */
    this.plan = null;
    this.root = root;
    /** @type {[number, number] | null} */
    this.whole = null;
    this.bar = createElement("div", "wt-bar");
    this.zoneMenu = /** @type {HTMLSelectElement} */ (createElement("select", "wt-zone"));
    this.note = createElement("span", "wt-note");
    this.scroll = createElement("div", "wt-scroll");
    this.canvas = document.createElement("canvas");
    this.tip = createElement("div", "wt-tip");
    this.build();
    this.bindEvents();
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.root);
  }

  build() {
    const { say } = this.words;
    this.root.classList.add("wt");
    this.root.dataset.lmSuppressShortcuts = "true";
    this.bar.setAttribute("role", "toolbar");
    this.bar.setAttribute("aria-label", say.term("titles", "timeline"));
    /** @type {[string, string, () => void][]} */
    const buttons = [
      [
        say.word("Show whole period", "state"),
        say("Zooms the timeline so that the whole period is visible (0)"),
        () => this.setView(null),
      ],
      ["+", say("Zooms in (+)"), () => this.zoom(0.5)],
      ["−", say("Zooms out (−)"), () => this.zoom(2)],
      [
        say("Show only this period"),
        say("Shows only the visible period in every view (B)"),
        () => this.selectVisibleTime(),
      ],
      [
        say("Show all periods"),
        say("Shows the data of all periods in every view again (Escape)"),
        () => this.chart.setTimeRange(null),
      ],
    ];
    for (const [text, title, act] of buttons) {
      const button = /** @type {HTMLButtonElement} */ (createElement("button", "wt-button", text));
      Object.assign(button, { type: "button", title, onclick: act });
      button.setAttribute("aria-label", title);
      this.bar.append(button);
    }
    this.zoneMenu.setAttribute("aria-label", say("Time zone"));
    for (const name of this.zones) this.zoneMenu.append(new Option(name, name, name === this.zone, name === this.zone));
    this.zoneMenu.onchange = () => {
      this.zone = this.zoneMenu.value;
      this.draw();
    };
    this.bar.append(this.zoneMenu, this.note);
    this.canvas.dir = "ltr"; // a canvas would turn what is written on it with the page
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute(
      "aria-label",
      say("Timeline. {help}", {
        help: this.help,
      }),
    );
    this.tip.hidden = true;
    this.scroll.append(this.canvas);
    this.root.append(this.bar, this.scroll, this.tip);
  }

  /** What the keys and the pointer do. */
  get help() {
    const { say } = this.words;
    return say(`Arrow keys move to earlier or later times. The plus and minus keys zoom in and out. 0 shows the
      whole period. B shows only the visible period in every view. Escape shows all periods.
      Drag to move. To select a period, drag with Shift or drag along the bottom. To zoom,
      use Ctrl and the mouse wheel. Click a symbol to select its entities.`);
  }

  bindEvents() {
    const canvas = this.canvas;
    canvas.addEventListener("pointerdown", (event) => this.handlePress(event));
    canvas.addEventListener("pointermove", (event) => this.handleHover(event));
    canvas.addEventListener("pointerleave", () => this.hoverEvent(-1));
    canvas.addEventListener(
      "dblclick",
      (event) => this.plan && event.offsetY > this.plan.strip && this.chart.setTimeRange(null),
    );
    canvas.addEventListener("keydown", (event) => this.handleKey(event));
    canvas.addEventListener(
      "wheel",
      (event) => {
        if (!(event.ctrlKey || event.metaKey) || !this.plan) return;
        event.preventDefault();
        this.zoom(event.deltaY > 0 ? 1.25 : 0.8, computeTime(this.plan, event.offsetX));
      },
      { passive: false },
    );
  }

  /** The lanes of what is chosen, or of the busiest. */
  listLanes() {
    const chosen = this.chart.listSelected();
    return buildLanes(this.chart.getEvents(), this.chart.isVisible, chosen, MOST);
  }

  draw() {
    const width = Math.floor(this.scroll.clientWidth);
    if (width < 50) return;
    const events = this.chart.getEvents();
    let found = this.listLanes();
    const all = computeWhole(events, found);
    const theme = this.chart.getTheme();
    const gutter = Math.min(GUTTER, Math.floor(width * 0.35));
    if (!all) return this.drawEmpty(width, theme);
    this.whole = all;
    const chosenNodes = new Set(this.chart.listSelected());
    const near = this.chart.getHoveredNode();
    if (near >= 0) chosenNodes.add(near);
    const look = {
      width,
      gutter,
      zone: this.zone,
      words: this.words,
      view: this.view ?? all,
      whole: all,
      range: this.chart.getTimeRange(),
      getLabel: this.chart.getLabel,
      getColour: this.chart.getColour,
      chosenNodes,
      chosen: new Set(),
      pointed: this.pointed,
    };
    this.plan = buildPlan(events, found, look);
    while (!this.chart.listSelected().length && this.plan.height > TALL && found.length > FEWEST) {
      found = found.slice(0, -1); // the strip at the bottom stays in sight
      this.plan = buildPlan(events, found, look);
    }
    drawTimeline(this.preparePen(width, this.plan.height), this.plan, events, theme);
    const counted = found.reduce((sum, lane) => sum + lane.count, 0);
    const values = { lanes: found.length, marks: counted };
    const { say } = this.words;
    this.note.textContent = this.chart.listSelected().length
      ? say("Selected entities: {lanes}. Symbols: {marks}", values)
      : say("Entities with the most events: {lanes}. Symbols: {marks}", values);
  }

  /** @param {number} width @param {Theme} theme */
  drawEmpty(width, theme) {
    this.plan = null;
    const pen = this.preparePen(width, 90);
    pen.fillStyle = theme.background;
    pen.fillRect(0, 0, width, 90);
    pen.fillStyle = theme.text;
    pen.font = `13px ${theme.font}`;
    pen.textBaseline = "middle";
    const { say } = this.words;
    const text = this.chart.listSelected().length
      ? say("The selected items have no event with a date.")
      : say("No event on this chart has a date.");
    pen.fillText(text, 16, 45);
    this.note.textContent = "";
  }

  /** @param {number} width @param {number} height */
  preparePen(width, height) {
    const ratio = globalThis.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    const pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    return pen;
  }

  /** @param {[number, number] | null} view */
  setView(view) {
    this.view = view;
    this.draw();
  }

  /** @param {number} factor @param {number} [about] */
  zoom(factor, about) {
    if (!this.plan || !this.whole) return;
    const { from, to } = this.plan;
    this.setView(zoomView([from, to], factor, about ?? (from + to) / 2, this.whole));
  }

  selectVisibleTime() {
    if (this.plan) this.chart.setTimeRange([this.plan.from, this.plan.to]);
  }

  /** @param {PointerEvent} event */
  handlePress(event) {
    const plan = this.plan;
    if (event.button || !plan || !this.whole) return;
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    const [x, y, all] = [event.offsetX, event.offsetY, this.whole];
    const inStrip = y > plan.strip;
    const computeTimeAt = (/** @type {number} */ at) =>
      inStrip ? all[0] + ((at - plan.gutter) / (plan.width - plan.gutter)) * (all[1] - all[0]) : computeTime(plan, at);
    const brush = x > plan.gutter && (inStrip || event.shiftKey);
    let travelled = 0;
    const handleMove = (/** @type {PointerEvent} */ to) => {
      travelled = Math.max(travelled, Math.abs(to.offsetX - x));
      if (travelled < 4) return;
      if (brush)
        this.chart.setTimeRange(sortPair(limitTime(computeTimeAt(x), all), limitTime(computeTimeAt(to.offsetX), all)));
      else if (x > plan.gutter)
        this.setView(moveView([plan.from, plan.to], computeTime(plan, x) - computeTime(plan, to.offsetX), all));
    };
    const handleRelease = () => {
      this.canvas.removeEventListener("pointermove", handleMove);
      this.canvas.removeEventListener("pointerup", handleRelease);
      this.canvas.removeEventListener("pointercancel", handleRelease);
      if (travelled < 4) this.handleClick(x, y, event.shiftKey);
    };
    this.canvas.addEventListener("pointermove", handleMove);
    this.canvas.addEventListener("pointerup", handleRelease);
    this.canvas.addEventListener("pointercancel", handleRelease);
  }

  /** @param {number} x @param {number} y @param {boolean} add */
  handleClick(x, y, add) {
    if (!this.plan) return;
    const lane = findLane(this.plan, x, y);
    if (lane >= 0) return this.chart.selectNodes([lane], add);
    const event = findEvent(this.plan, x, y);
    if (event >= 0) this.chart.selectNodes(this.listMembers(event), add);
    else if (y < this.plan.strip && x > this.plan.gutter && !add) this.chart.selectNodes([], false);
  }

  /** Rows of the nodes that take part in an event. @param {number} event */
  listMembers(event) {
    const { members, offsets } = this.chart.getEvents();
    return [...new Set(members.subarray(offsets[event], offsets[event + 1]))].filter(this.chart.isVisible);
  }

  /** @param {PointerEvent} event */
  handleHover(event) {
    if (!this.plan) return;
    this.hoverEvent(findEvent(this.plan, event.offsetX, event.offsetY), event.offsetX, event.offsetY);
    const lane = findLane(this.plan, event.offsetX, event.offsetY);
    this.canvas.style.cursor =
      this.pointed >= 0 || lane >= 0 ? "pointer" : event.offsetX > this.plan.gutter ? "grab" : "default";
    this.chart.hoverNode(lane);
  }

  /** @param {number} event @param {number} [x] @param {number} [y] */
  hoverEvent(event, x = 0, y = 0) {
    if (event !== this.pointed) {
      this.pointed = event;
      this.draw();
    }
    this.tip.hidden = event < 0;
    if (event < 0) return;
    this.tip.replaceChildren(...this.buildTipLines(event));
    const left = Math.min(x + 14, this.scroll.clientWidth - this.tip.offsetWidth - 8);
    const below = y + this.bar.offsetHeight + 18 - this.scroll.scrollTop;
    Object.assign(this.tip.style, { left: `${Math.max(4, left)}px`, top: `${below}px` });
  }

  /** What kind of event it is: a relation, or the schema of what is dated itself. @param {string} name */
  formatKind(name) {
    return (name && getOwn(this.chart.icons, name)?.label) || this.words.say.term("relations", name);
  }

  /** What an event is, line by line. @param {number} event */
  buildTipLines(event) {
    const events = this.chart.getEvents();
    const { start, end, grain, kind, kinds, labels, strength } = events;
    const until = Number.isNaN(end[event])
      ? ""
      : ` – ${formatTime(end[event], grain[event], this.zone, this.words.language)}`;
    const who = this.listMembers(event).map(this.chart.getLabel);
    const { say } = this.words;
    const sure = ["", say.word("unconfirmed", "state"), say("suggested by a program")][strength[event]];
    const lines = [
      formatTime(start[event], grain[event], this.zone, this.words.language) + until,
      [this.formatKind(kinds[kind[event]]), sure].filter(Boolean).join(", "),
      labels[event],
      who.join(" · "),
    ];
    return lines.filter(Boolean).map((text, row) =>
      Object.assign(document.createElement("div"), {
        textContent: text,
        dir: "auto",
        className: row ? "" : "wt-when",
      }),
    );
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    if (!this.plan || !this.whole || event.ctrlKey || event.metaKey || event.altKey) return;
    const { from, to } = this.plan;
    const part = (to - from) / 10;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => this.setView(moveView([from, to], -part, /** @type {any} */ (this.whole))),
      ArrowRight: () => this.setView(moveView([from, to], part, /** @type {any} */ (this.whole))),
      "+": () => this.zoom(0.5),
      "=": () => this.zoom(0.5),
      "-": () => this.zoom(2),
      0: () => this.setView(null),
      b: () => this.selectVisibleTime(),
      Escape: () => this.chart.setTimeRange(null),
      "?": () => this.chart.showStatus(this.help),
    };
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /** The time of all events, whatever lanes are drawn. */
  computeSpan() {
    return computeSpan(this.chart.getEvents());
  }

  destroy() {
    this.observer.disconnect();
    this.root.replaceChildren();
  }
}

/** @param {string} tag @param {string} name @param {string} [text] */
function createElement(tag, name, text = "") {
  return Object.assign(document.createElement(tag), { className: name, textContent: text });
}

/** @param {number} one @param {number} other @returns {[number, number]} */
function sortPair(one, other) {
  return one < other ? [one, other] : [other, one];
}

/** @param {number} at @param {[number, number]} range */
function limitTime(at, [least, most]) {
  return Math.min(most, Math.max(least, at));
}
