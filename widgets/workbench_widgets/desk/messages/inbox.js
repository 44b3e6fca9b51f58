// The list of messages and drafts: only the lines that are seen are in the page; by mouse and by keyboard.

import { escapeHidden } from "../../kit/visible_text.js";
import { computeSlice } from "../../table/rows.js";
import { listCategoryChips, filterLines } from "./lines.js";
import { createButton, createElement, createText } from "../kit/elements.js";

/** @typedef {import("./lines.js").Line} Line */
/**
 * What a list asks of its desk.
 * @typedef {object} Desk
 * @property {() => Line[]} listLines
 * @property {() => string} getOpenedId
 * @property {(id: string) => void} openMessage
 * @property {() => number} getTime
 * @property {(code: string) => string} formatCategory
 * @property {import("../../kit/words.js").Words} words
 * @property {{ isWanted: () => boolean, loadMore: () => void } | false} more
 */

const HEIGHT = 96; // pixels of a line
let desks = 0;

/** The row in which something lies. @param {EventTarget | null} target */
function findRow(target) {
  return target instanceof Element ? target.closest(".wd-line") : null;
}

/** A chip, where there is something to tell. @param {string} name @param {string} text @param {string} [title] */
function buildChips(name, text, title = text) {
  return text ? [Object.assign(createElement("span", `wd-chip ${name}`, text), { title: escapeHidden(title) })] : [];
}

export class Inbox {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.folder = "inbox";
    this.at = 0;
    /** @type {Line[]} */
    this.shown = [];
    /** Which line a row shows. @type {WeakMap<Element, Line>} */
    this.drawn = new WeakMap();
    /** The row on which the pointer went down. @type {Element | null} */
    this.pressed = null;
    this.prefix = `wd-${++desks}-`;
    this.element = createElement("div", "wd-inbox");
    this.filter = Object.assign(document.createElement("input"), { type: "search", className: "wd-filter" });
    this.list = createElement("div", "wd-list");
    this.body = createElement("div", "wd-lines");
    this.further = createButton(desk.words.say("Show more messages"), () => this.loadMore(), "wd-further");
    this.build();
  }

  build() {
    const { say } = this.desk.words;
    this.filter.placeholder = say("Search in this folder");
    this.filter.setAttribute("aria-label", say("Search in this folder"));
    this.filter.dir = "auto";
    this.filter.oninput = () => this.refresh(true);
    this.filter.onkeydown = (event) => this.handleFilterKey(event);
    this.list.tabIndex = 0;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute(
      "aria-label",
      say("Messages. Arrow keys move through the list. Enter opens a message. / opens the search."),
    );
    this.list.addEventListener("scroll", () => this.drawLines());
    this.list.addEventListener("keydown", (event) => this.handleKey(event));
    this.list.addEventListener("pointerdown", ({ target }) => {
      this.pressed = findRow(target);
    });
    // drawn again in between: no click comes
    this.list.addEventListener("pointerup", () => this.pressed?.isConnected || this.openRow(this.pressed));
    this.list.addEventListener("click", ({ target }) => this.openRow(findRow(target)));
    this.list.append(this.body);
    this.element.append(this.filter, this.list, this.further);
    this.observer = new ResizeObserver(() => this.drawLines());
    this.observer.observe(this.list);
  }

  /** @param {KeyboardEvent} event */
  handleFilterKey(event) {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    this.list.focus();
  }

  /** @param {string} folder */
  showFolder(folder) {
    this.folder = folder;
    this.refresh(true);
  }

  /** After lines, folder or filter changed; `top` goes to the first one. */
  refresh(top = false) {
    this.shown = filterLines(this.desk.listLines(), this.folder, this.filter.value);
    if (top) this.list.scrollTop = 0;
    const opened = this.shown.findIndex(({ id }) => id === this.desk.getOpenedId());
    this.further.hidden = this.folder !== "inbox" || !this.desk.more || !this.desk.more.isWanted();
    this.further.disabled = false;
    this.at = opened >= 0 ? opened : top ? 0 : Math.min(this.at, Math.max(0, this.shown.length - 1));
    this.drawLines();
  }

  /** Ask for the lines that come after these. */
  loadMore() {
    this.further.disabled = true;
    if (this.desk.more) this.desk.more.loadMore();
  }

  drawLines() {
    const { from, to, before, after } = computeSlice({
      count: this.shown.length,
      height: HEIGHT,
      top: this.list.scrollTop,
      view: this.list.clientHeight,
    });
    this.body.style.paddingTop = `${before}px`;
    this.body.style.paddingBottom = `${after}px`;
    const rows = this.shown.slice(from, to).map((line, index) => this.buildRow(line, from + index));
    this.body.replaceChildren(...(rows.length ? rows : [createElement("p", "wd-none", this.describeEmptyList())]));
    if (rows[this.at - from]) this.list.setAttribute("aria-activedescendant", `${this.prefix}${this.at}`);
    else this.list.removeAttribute("aria-activedescendant");
  }

  /** What stands in place of lines where there are none. */
  describeEmptyList() {
    const { say } = this.desk.words;
    return this.filter.value
      ? say("No message in this folder contains these words.")
      : say("There are no messages in this folder.");
  }

  /** @param {Line} line @param {number} at */
  buildRow(line, at) {
    const row = createElement(
      "div",
      `wd-line${line.unread ? " wd-unread" : ""}${line.band ? " wd-first" : ""}${at === this.at ? " wd-at" : ""}`,
    );
    row.id = `${this.prefix}${at}`;
    this.drawn.set(row, line);
    row.setAttribute("role", "option");
    row.setAttribute("aria-posinset", String(at + 1));
    row.setAttribute("aria-setsize", String(this.shown.length));
    row.setAttribute("aria-selected", String(line.id === this.desk.getOpenedId()));
    row.append(
      this.buildTop(line),
      createText("div", "wd-subject", line.subject || this.desk.words.say("(no subject line)")),
      this.buildUrgency(line),
      this.buildCategories(line),
    );
    return row;
  }

  /** @param {Line} line */
  buildTop(line) {
    const { words } = this.desk;
    const { say } = words;
    const top = createElement("div", "wd-top");
    const who = line.direction === "in" ? line.sender : say("to {who}", { who: line.receiver || "…" });
    if (line.unread) top.append(createElement("span", "wd-hidden", say.word("unread", "state")));
    top.append(
      createText("span", "wd-who", who),
      ...buildChips("wd-type", say.term("types", line.type)),
      createElement("span", "wd-when", words.formatMoment(line.at)),
    );
    return top;
  }

  /** How urgent it is, and who may read it. @param {Line} line */
  buildUrgency(line) {
    const { words } = this.desk;
    const band = line.band && words.say.term("bands", line.band);
    const chips = createElement("div", "wd-chips wd-standing");
    chips.append(
      ...buildChips(
        `wd-band${line.guessed ? " wd-guess" : ""}`,
        band && line.points ? `${band} +${line.points}` : band,
      ),
    );
    if (line.deadline && !["sent", "done"].includes(line.folder)) {
      const { text, over } = words.describeDeadline(line.deadline, this.desk.getTime());
      chips.append(...buildChips(over ? "wd-over" : "wd-due", text, line.deadline));
    }
    const marks = buildChips("wd-marked", line.mark);
    for (const mark of marks) mark.dir = "auto";
    chips.append(...marks);
    return chips;
  }

  /** What it is about. @param {Line} line */
  buildCategories(line) {
    const { words, formatCategory } = this.desk;
    const chips = createElement("div", "wd-chips");
    chips.append(...listCategoryChips(words, formatCategory, line).flatMap(([name, text]) => buildChips(name, text)));
    return chips;
  }

  /** Open the line of a row, wherever it is by now. @param {Element | null} row */
  openRow(row) {
    const line = row && this.drawn.get(row);
    if (line) this.openLine(this.shown.findIndex(({ id }) => id === line.id));
  }

  /** @param {number} at */
  openLine(at) {
    const line = this.shown[at];
    if (!line) return;
    this.at = at;
    this.desk.openMessage(line.id);
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    const page = Math.max(1, Math.floor(this.list.clientHeight / HEIGHT) - 1);
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) this.moveTo(this.at + steps[event.key]);
    else if (event.key === "Enter" || event.key === " ") this.openLine(this.at);
    else if (event.key === "/") this.filter.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} at */
  moveTo(at) {
    this.at = Math.min(this.shown.length - 1, Math.max(0, at));
    const [top, view] = [this.at * HEIGHT, this.list.clientHeight - HEIGHT];
    if (top < this.list.scrollTop) this.list.scrollTop = top;
    if (top > this.list.scrollTop + view) this.list.scrollTop = top - view;
    this.drawLines();
  }

  destroy() {
    this.observer?.disconnect();
  }
}
