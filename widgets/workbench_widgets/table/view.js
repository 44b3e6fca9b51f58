// The entities of a chart as a table: sorted, searched, counted by facets; only the rows that are seen are in the page.
// It is also the chart for those who cannot see it: the same nodes, the same selection, by keyboard.

import { own } from "../kit/safe_records.js";
import { answer, facet, folded, slice } from "./rows.js";

/** @typedef {import("./rows.js").Column} Column */
/** @typedef {import("./rows.js").Question} Question */
/**
 * What a table asks of the chart it belongs to.
 * @typedef {object} Chart
 * @property {() => { nodes: number[], columns: Column[] }} data rows of the nodes on the chart, and a cell of each in
 *   every column
 * @property {() => number[]} chosen rows of nodes
 * @property {() => number} pointed
 * @property {(nodes: number[], add: boolean) => void} select
 * @property {(node: number) => void} point
 * @property {(text: string) => void} announce
 * @property {(cell: import("./rows.js").Cell, column: Column) => string} shown a cell in words
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
    this.note = make("span", "we-note");
    this.facets = make("div", "we-facets");
    this.grid = make("div", "we-grid");
    this.head = make("div", "we-head");
    this.body = make("div", "we-body");
    this.build();
    this.observer = new ResizeObserver(() => this.paint());
    this.observer.observe(this.grid);
    this.refresh();
  }

  build() {
    this.root.classList.add("we");
    this.root.dataset.lmSuppressShortcuts = "true";
    this.search.setAttribute("aria-label", this.chart.words.say("Search the table"));
    this.search.oninput = () => this.ask({ words: this.search.value });
    const bar = make("div", "we-bar");
    bar.append(this.search, this.note);
    this.grid.tabIndex = 0;
    this.grid.setAttribute("role", "grid");
    this.grid.setAttribute(
      "aria-label",
      this.chart.words
        .say(`Entities of the chart. Arrow keys move through the table. Space selects, Shift adds to the selection, /
          opens the search.`),
    );
    this.grid.setAttribute("aria-multiselectable", "true");
    this.grid.append(this.head, this.body);
    this.grid.addEventListener("scroll", () => this.paint());
    this.grid.addEventListener("keydown", (event) => this.key(event));
    const middle = make("div", "we-middle");
    middle.append(this.facets, this.grid);
    this.root.append(bar, middle);
  }

  /** @param {Partial<Question>} change */
  ask(change) {
    this.question = { ...this.question, ...change };
    this.grid.scrollTop = 0;
    this.at = 0;
    this.refresh();
  }

  /** After the chart changed: what it has may be other. */
  refresh() {
    this.data = this.chart.data();
    const { columns, nodes } = this.data;
    this.texts = nodes.map((_, row) =>
      folded(columns.map((column) => this.chart.shown(column.cells[row], column)).join(" ")),
    );
    this.rows = answer(columns, this.texts, this.question);
    this.at = Math.min(this.at, Math.max(0, this.rows.length - 1));
    this.lists();
    this.heads();
    this.paint();
  }

  /** The facets: each value with how many rows have it. */
  lists() {
    const { columns } = /** @type {NonNullable<typeof this.data>} */ (this.data);
    const made = columns.filter(({ kind }) => kind === "facet").map((column) => this.list(column));
    this.facets.replaceChildren(...made);
  }

  /** @param {Column} column */
  list(column) {
    const { columns } = /** @type {NonNullable<typeof this.data>} */ (this.data);
    const { say, number } = this.chart.words;
    const values = facet(columns, this.texts ?? [], this.question, column.name);
    const box = document.createElement("fieldset");
    box.append(make("legend", "", column.label));
    const all = this.opened.has(column.name);
    for (const [value, count] of all ? values : values.slice(0, VALUES)) {
      const line = make("label", "we-value");
      const chosen = own(this.question.chosen, column.name) ?? [];
      const tick = Object.assign(document.createElement("input"), {
        type: "checkbox",
        checked: chosen.includes(value),
      });
      tick.onchange = () =>
        this.ask({
          chosen: {
            ...this.question.chosen,
            [column.name]: tick.checked ? [...chosen, value] : chosen.filter((one) => one !== value),
          },
        });
      const name = make("span", "we-of", this.chart.shown(value, column) || say("not stated"));
      name.dir = "auto";
      line.append(tick, name, make("span", "we-count", number(count)));
      box.append(line);
    }
    if (values.length > VALUES) {
      const more = /** @type {HTMLButtonElement} */ (
        make(
          "button",
          "we-more",
          all ? say.word("Show fewer", "state") : say("Show {count} more", { count: values.length - VALUES }),
        )
      );
      more.type = "button";
      more.onclick = () => {
        this.opened[all ? "delete" : "add"](column.name);
        this.lists();
      };
      box.append(more);
    }
    return box;
  }

  heads() {
    const { columns } = /** @type {NonNullable<typeof this.data>} */ (this.data);
    this.head.setAttribute("role", "row");
    this.head.style.gridTemplateColumns = template(columns);
    this.head.replaceChildren(
      ...columns.map((column) => {
        const { order } = this.question;
        const mine = order?.column === column.name;
        const button = /** @type {HTMLButtonElement} */ (
          make("button", "we-sort", `${column.label}${mine ? (order.down ? " ▼" : " ▲") : ""}`)
        );
        button.type = "button";
        button.title = this.chart.words.say("Sort by {column}", { column: column.label.toLowerCase() });
        button.onclick = () => this.ask({ order: next(order, column) });
        const cell = make("div", "we-cell");
        cell.setAttribute("role", "columnheader");
        cell.setAttribute("aria-sort", mine ? (order.down ? "descending" : "ascending") : "none");
        cell.append(button);
        return cell;
      }),
    );
  }

  /** The rows that are seen. */
  paint() {
    const { columns, nodes } = /** @type {NonNullable<typeof this.data>} */ (this.data);
    const { from, to, before, after } = slice({
      count: this.rows.length,
      height: HEIGHT,
      top: this.grid.scrollTop,
      view: this.grid.clientHeight,
    });
    const chosen = new Set(this.chart.chosen());
    const pointed = this.chart.pointed();
    const lines = this.rows.slice(from, to).map((row, index) => {
      const line = make(
        "div",
        `we-row${chosen.has(nodes[row]) ? " we-chosen" : ""}` +
          `${nodes[row] === pointed ? " we-pointed" : ""}${from + index === this.at ? " we-at" : ""}`,
      );
      line.setAttribute("role", "row");
      line.setAttribute("aria-rowindex", String(from + index + 2));
      line.setAttribute("aria-selected", String(chosen.has(nodes[row])));
      line.style.gridTemplateColumns = template(columns);
      for (const column of columns) {
        const cell = make("div", `we-cell we-${column.kind}`, this.chart.shown(column.cells[row], column));
        cell.setAttribute("role", "gridcell");
        cell.dir = column.kind === "number" ? "ltr" : "auto";
        cell.title = cell.textContent ?? "";
        line.append(cell);
      }
      line.onclick = (event) => this.choose(from + index, event.shiftKey, event.ctrlKey || event.metaKey);
      line.onpointerenter = () => this.chart.point(nodes[row]);
      return line;
    });
    this.body.style.paddingTop = `${before}px`;
    this.body.style.paddingBottom = `${after}px`;
    this.body.replaceChildren(...lines);
    this.grid.setAttribute("aria-rowcount", String(this.rows.length + 1));
    const said = this.told(chosen.size);
    if (this.note.textContent !== said) this.note.textContent = said;
  }

  /** How many rows there are, and how many are chosen. @param {number} chosen */
  told(chosen) {
    const { say } = this.chart.words;
    const [all, count] = [this.data?.nodes.length ?? 0, this.rows.length];
    const some = say.count("{n} entity", "{n} entities", all);
    const entities = count === all ? some : say("{count} of {entities}", { count, entities: some });
    return chosen ? say("{entities}, {chosen} selected", { entities, chosen }) : entities;
  }

  /** @param {number} at @param {boolean} through @param {boolean} add */
  choose(at, through, add) {
    const { nodes } = /** @type {NonNullable<typeof this.data>} */ (this.data);
    this.at = at;
    if (through && this.anchor !== null) {
      const [from, to] = [Math.min(this.anchor, at), Math.max(this.anchor, at)];
      this.chart.select(
        this.rows.slice(from, to + 1).map((row) => nodes[row]),
        false,
      );
    } else {
      this.anchor = at;
      this.chart.select([nodes[this.rows[at]]], add);
    }
    this.paint();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const page = Math.max(1, Math.floor(this.grid.clientHeight / HEIGHT) - 2);
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      event.preventDefault();
      this.at = Math.min(this.rows.length - 1, Math.max(0, this.at + steps[event.key]));
      const [top, view] = [this.at * HEIGHT, this.grid.clientHeight - HEIGHT];
      if (top < this.grid.scrollTop) this.grid.scrollTop = top;
      if (top + HEIGHT > this.grid.scrollTop + view) this.grid.scrollTop = top + HEIGHT - view;
      if (event.shiftKey && this.anchor !== null) this.choose(this.at, true, false);
      else this.paint();
    } else if ((event.key === " " || event.key === "Enter") && this.rows.length) {
      event.preventDefault();
      this.choose(this.at, event.shiftKey, event.ctrlKey || event.metaKey);
    } else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const { nodes } = /** @type {NonNullable<typeof this.data>} */ (this.data);
      this.chart.select(
        this.rows.map((row) => nodes[row]),
        false,
      );
    } else if (event.key === "Escape") this.chart.select([], false);
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
function next(order, { name, kind }) {
  const first = kind === "number" || kind === "time";
  if (order?.column !== name) return { column: name, down: first };
  return order.down === first ? { column: name, down: !first } : null;
}

/** Widths of the columns. @param {Column[]} columns */
function template(columns) {
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
function make(tag, name, text = "") {
  return Object.assign(document.createElement(tag), { className: name, textContent: text });
}
