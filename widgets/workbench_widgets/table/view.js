// The entities of a chart as a table: sorted, searched, counted by facets; only the rows that are seen are in the page.
// It is also the chart for those who cannot see it: the same nodes, the same selection, by keyboard.

import { getOwn } from "../kit/safe_records.js";
import { listRows, countFacet, foldText, computeSlice } from "./rows.js";

/** @typedef {import("./rows.js").Column} Column */
/** @typedef {import("./rows.js").Question} Question */
/**
 * What a table asks of the chart it belongs to.
 * @typedef {object} Chart
 * @property {() => { nodes: number[], columns: Column[] }} getData rows of the nodes on the chart, and a cell of each
 *   in
 *   every column
 * @property {() => number[]} listSelected rows of nodes
 * @property {() => number} getHoveredNode
 * @property {(nodes: number[], add: boolean) => void} selectNodes
 * @property {(node: number) => void} hoverNode
 * @property {(text: string) => void} showStatus
 * @property {(cell: import("./rows.js").Cell, column: Column) => string} formatCell a cell in words
 * @property {import("../kit/words.js").Words} words
 */

const HEIGHT = 28; // pixels of a row
const VALUES = 8; // values of a facet that are listed at first

export class Table {
  /**
   * @param {HTMLElement} root
   * @param {Chart} chart
   */
  constructor(root, chart) {
    this.root = root;
    this.chart = chart;
    /** @type {Question} */
    this.question = { words: "", chosen: {}, order: null };
    /** @type {number[]} */
    this.rows = [];
    this.at = 0;
    /** @type {number | null} */
    this.anchor = null;
    /** @type {Set<string>} */
    this.opened = new Set();
    this.search = Object.assign(document.createElement("input"), {
      type: "search",
      className: "we-search",
      placeholder: chart.words.say("Search the table"),
    });
    this.note = createElement("span", "we-note");
    this.facets = createElement("div", "we-facets");
    this.grid = createElement("div", "we-grid");
    this.head = createElement("div", "we-head");
    this.body = createElement("div", "we-body");
    this.build();
    this.observer = new ResizeObserver(() => this.drawRows());
    this.observer.observe(this.grid);
    this.refresh();
  }

  build() {
    this.root.classList.add("we");
    this.root.dataset.lmSuppressShortcuts = "true";
    this.search.setAttribute("aria-label", this.chart.words.say("Search the table"));
    this.search.oninput = () => this.setQuestion({ words: this.search.value });
    const bar = createElement("div", "we-bar");
    bar.append(this.search, this.note);
    this.grid.tabIndex = 0;
    this.grid.setAttribute("role", "grid");
    this.grid.setAttribute(
      "aria-label",
      this.chart.words.say(`Entities of the chart. Arrow keys move through the table. Space selects. Shift adds to the
          selection. / opens the search.`),
    );
    this.grid.setAttribute("aria-multiselectable", "true");
    this.grid.append(this.head, this.body);
    this.grid.addEventListener("scroll", () => this.drawRows());
    this.grid.addEventListener("keydown", (event) => this.handleKey(event));
    const middle = createElement("div", "we-middle");
    middle.append(this.facets, this.grid);
    this.root.append(bar, middle);
  }

  /** @param {Partial<Question>} change */
  setQuestion(change) {
    this.question = { ...this.question, ...change };
    this.grid.scrollTop = 0;
    this.at = 0;
    this.refresh();
  }

  /** After the chart changed: what it has may be other. */
  refresh() {
    this.data = this.chart.getData();
    const { columns, nodes } = this.data;
    this.texts = nodes.map((_, row) =>
      foldText(columns.map((column) => this.chart.formatCell(column.cells[row], column)).join(" ")),
    );
    this.rows = listRows(columns, this.texts, this.question);
    this.at = Math.min(this.at, Math.max(0, this.rows.length - 1));
    this.drawFacets();
    this.drawHeads();
    this.drawRows();
  }

  /** The facets: each value with how many rows have it. */
  drawFacets() {
    const { columns } = /** @type {NonNullable<typeof this.data>} */ (this.data);
    const made = columns.filter(({ kind }) => kind === "facet").map((column) => this.buildFacet(column));
    this.facets.replaceChildren(...made);
  }

  /** @param {Column} column */
  buildFacet(column) {
    const { columns } = /** @type {NonNullable<typeof this.data>} */ (this.data);
    const { say, formatNumber } = this.chart.words;
    const values = countFacet(columns, this.texts ?? [], this.question, column.name);
    const box = document.createElement("fieldset");
    box.append(createElement("legend", "", column.label));
    const all = this.opened.has(column.name);
    for (const [value, count] of all ? values : values.slice(0, VALUES)) {
      const line = createElement("label", "we-value");
      const chosen = getOwn(this.question.chosen, column.name) ?? [];
      const tick = Object.assign(document.createElement("input"), {
        type: "checkbox",
        checked: chosen.includes(value),
      });
      tick.onchange = () =>
        this.setQuestion({
          chosen: {
            ...this.question.chosen,
            [column.name]: tick.checked ? [...chosen, value] : chosen.filter((one) => one !== value),
          },
        });
      const name = createElement("span", "we-of", this.chart.formatCell(value, column) || say("not stated"));
      name.dir = "auto";
      line.append(tick, name, createElement("span", "we-count", formatNumber(count)));
      box.append(line);
    }
    if (values.length > VALUES) {
      const more = /** @type {HTMLButtonElement} */ (
        createElement(
          "button",
          "we-more",
          all ? say.word("Show fewer", "state") : say("Show {count} more", { count: values.length - VALUES }),
        )
      );
      more.type = "button";
      more.onclick = () => {
        this.opened[all ? "delete" : "add"](column.name);
        this.drawFacets();
      };
      box.append(more);
    }
    return box;
  }

  drawHeads() {
    const { columns } = /** @type {NonNullable<typeof this.data>} */ (this.data);
    this.head.setAttribute("role", "row");
    this.head.style.gridTemplateColumns = buildGridTemplate(columns);
    this.head.replaceChildren(
      ...columns.map((column) => {
        const { order } = this.question;
        const mine = order?.column === column.name;
        const button = /** @type {HTMLButtonElement} */ (
          createElement("button", "we-sort", `${column.label}${mine ? (order.down ? " ▼" : " ▲") : ""}`)
        );
        button.type = "button";
        button.title = this.chart.words.say("Sort by {column}", { column: column.label.toLowerCase() });
        button.onclick = () => this.setQuestion({ order: computeNextOrder(order, column) });
        const cell = createElement("div", "we-cell");
        cell.setAttribute("role", "columnheader");
        cell.setAttribute("aria-sort", mine ? (order.down ? "descending" : "ascending") : "none");
        cell.append(button);
        return cell;
      }),
    );
  }

  /** The rows that are seen. */
  drawRows() {
    const { columns, nodes } = /** @type {NonNullable<typeof this.data>} */ (this.data);
    const { from, to, before, after } = computeSlice({
      count: this.rows.length,
      height: HEIGHT,
      top: this.grid.scrollTop,
      view: this.grid.clientHeight,
    });
    const chosen = new Set(this.chart.listSelected());
    const pointed = this.chart.getHoveredNode();
    const lines = this.rows.slice(from, to).map((row, index) => {
      const line = createElement(
        "div",
        `we-row${chosen.has(nodes[row]) ? " we-chosen" : ""}` +
          `${nodes[row] === pointed ? " we-pointed" : ""}${from + index === this.at ? " we-at" : ""}`,
      );
      line.setAttribute("role", "row");
      line.setAttribute("aria-rowindex", String(from + index + 2));
      line.setAttribute("aria-selected", String(chosen.has(nodes[row])));
      line.style.gridTemplateColumns = buildGridTemplate(columns);
      for (const column of columns) {
        const cell = createElement(
          "div",
          `we-cell we-${column.kind}`,
          this.chart.formatCell(column.cells[row], column),
        );
        cell.setAttribute("role", "gridcell");
        cell.dir = column.kind === "number" ? "ltr" : "auto";
        cell.title = cell.textContent ?? "";
        line.append(cell);
      }
      line.onclick = (event) => this.selectRow(from + index, event.shiftKey, event.ctrlKey || event.metaKey);
      line.onpointerenter = () => this.chart.hoverNode(nodes[row]);
      return line;
    });
    this.body.style.paddingTop = `${before}px`;
    this.body.style.paddingBottom = `${after}px`;
    this.body.replaceChildren(...lines);
    this.grid.setAttribute("aria-rowcount", String(this.rows.length + 1));
    const said = this.describeCounts(chosen.size);
    if (this.note.textContent !== said) this.note.textContent = said;
  }

  /** How many rows there are, and how many are chosen. @param {number} chosen */
  describeCounts(chosen) {
    const { say } = this.chart.words;
    const [all, count] = [this.data?.nodes.length ?? 0, this.rows.length];
    const some = say.count("{n} entity", "{n} entities", all);
    const entities = count === all ? some : say("{count} of {entities}", { count, entities: some });
    return chosen ? say("{entities}, {chosen} selected", { entities, chosen }) : entities;
  }

  /** @param {number} at @param {boolean} through @param {boolean} add */
  selectRow(at, through, add) {
    const { nodes } = /** @type {NonNullable<typeof this.data>} */ (this.data);
    this.at = at;
    if (through && this.anchor !== null) {
      const [from, to] = [Math.min(this.anchor, at), Math.max(this.anchor, at)];
      this.chart.selectNodes(
        this.rows.slice(from, to + 1).map((row) => nodes[row]),
        false,
      );
    } else {
      this.anchor = at;
      this.chart.selectNodes([nodes[this.rows[at]]], add);
    }
    this.drawRows();
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    const page = Math.max(1, Math.floor(this.grid.clientHeight / HEIGHT) - 2);
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      event.preventDefault();
      this.at = Math.min(this.rows.length - 1, Math.max(0, this.at + steps[event.key]));
      const [top, view] = [this.at * HEIGHT, this.grid.clientHeight - HEIGHT];
      if (top < this.grid.scrollTop) this.grid.scrollTop = top;
      if (top + HEIGHT > this.grid.scrollTop + view) this.grid.scrollTop = top + HEIGHT - view;
      if (event.shiftKey && this.anchor !== null) this.selectRow(this.at, true, false);
      else this.drawRows();
    } else if ((event.key === " " || event.key === "Enter") && this.rows.length) {
      event.preventDefault();
      this.selectRow(this.at, event.shiftKey, event.ctrlKey || event.metaKey);
    } else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const { nodes } = /** @type {NonNullable<typeof this.data>} */ (this.data);
      this.chart.selectNodes(
        this.rows.map((row) => nodes[row]),
        false,
      );
    } else if (event.key === "Escape") this.chart.selectNodes([], false);
    else if (event.key === "/") {
      event.preventDefault();
      this.search.focus();
    } else return;
    event.stopPropagation();
  }

  destroy() {
    this.observer.disconnect();
    this.root.replaceChildren();
  }
}

/**
 * The order after a click on a column: up, down, none; numbers and times begin with the greatest.
 * @param {import("./rows.js").Order | null} order
 * @param {Column} column
 */
function computeNextOrder(order, { name, kind }) {
  const first = kind === "number" || kind === "time";
  if (order?.column !== name) return { column: name, down: first };
  return order.down === first ? { column: name, down: !first } : null;
}

/** Widths of the columns. @param {Column[]} columns */
function buildGridTemplate(columns) {
  return columns
    .map(
      ({ kind }) =>
        ({
          text: "minmax(160px, 3fr)",
          facet: "minmax(90px, 1.2fr)",
          number: "minmax(84px, 0.7fr)",
          time: "minmax(150px, 1.2fr)",
        })[kind],
    )
    .join(" ");
}

/** @param {string} tag @param {string} name @param {string} [text] */
function createElement(tag, name, text = "") {
  return Object.assign(document.createElement(tag), { className: name, textContent: text });
}
