// What every view beside the chart needs of the store: which nodes are seen, what they are called, what is chosen; by
// rows of the table, so that 50,000 of them cost nothing.

import { getOwn } from "./safe_records.js";
import { escapeHidden } from "./visible_text.js";
import { getGroupName } from "../model/actions/commands.js";
import { computeVisible } from "../model/state.js";

/** @typedef {import("../model/store.js").Store} Store */
/** @typedef {Record<string, { colour: string, label: string }>} Icons by schema, '' for any other */

export class Bound {
  /**
   * @param {Store} store
   * @param {Icons} icons
   * @param {import("./words.js").Words} words
   */
  constructor(store, icons, words) {
    this.store = store;
    this.words = words;
    this.icons = icons;
    /** @type {{ state: any, table: any, seen: ReturnType<typeof computeVisible> } | null} */
    this.kept = null;
  }

  get table() {
    return this.store.table;
  }

  /** Which nodes and links are seen, reckoned once for each state. */
  get visibleItems() {
    const { state, table } = this.store;
    if (this.kept?.state !== state || this.kept.table !== table)
      this.kept = { state, table, seen: computeVisible(table, state) };
    return this.kept.seen;
  }

  /** @param {number} node */
  isVisible = (node) => node >= 0 && this.visibleItems.nodes[node] === 1;

  /** @param {number} link */
  isLinkVisible = (link) => this.visibleItems.links[link] === 1;

  /** @param {number} node */
  getLabel = (node) => {
    const { labels, latin } = this.table;
    return latin[node] ? `${labels[node]} (${latin[node]})` : (labels[node] ?? "");
  };

  /** @param {string} id */
  getName = (id) => {
    const row = this.table.rows.get(id);
    if (row !== undefined) return this.getLabel(row);
    const link = findLinkRow(id);
    if (link >= 0 && link < this.table.counts.length) {
      const [from, to] = [this.table.ends[2 * link], this.table.ends[2 * link + 1]];
      return `${this.getLabel(from)} — ${this.getLabel(to)}`;
    }
    const group = this.store.state.groups.find((one) => one.id === id);
    return escapeHidden(group ? getGroupName(group, this.store.words) : id);
  };

  /** @param {number} node */
  getSchema = (node) => this.table.schemas[this.table.kinds[node]] ?? "";

  /** @param {number} node */
  getColour = (node) => (getOwn(this.icons, this.getSchema(node)) ?? this.icons[""])?.colour ?? "#57606a";

  /** Rows of the nodes that are seen. */
  listNodes = () => [...this.visibleItems.nodes.keys()].filter((row) => this.visibleItems.nodes[row]);

  /** Rows of the nodes that are chosen, by themselves, in a group or as an end of a link. */
  listSelected = () => {
    const { state } = this.store;
    /** @type {Set<number>} */
    const found = new Set();
    for (const id of state.selection) {
      const link = findLinkRow(id);
      const members = state.groups.find((group) => group.id === id)?.members ?? [id];
      const rows =
        link >= 0
          ? [this.table.ends[2 * link], this.table.ends[2 * link + 1]]
          : members.map((member) => this.table.rows.get(member) ?? -1);
      for (const row of rows) if (this.isVisible(row)) found.add(row);
    }
    return [...found];
  };

  /** @returns {[number, number] | null} */
  getTimeRange = () => this.store.state.time_range;

  getHoveredNode = () => this.table.rows.get(this.store.hover) ?? -1;

  /** @param {number[]} nodes @param {boolean} add */
  selectNodes = (nodes, add) => this.store.runCommand("select", { ids: nodes.map((row) => this.table.ids[row]), add });

  /** @param {number} node */
  hoverNode = (node) => this.store.setHover(node < 0 ? "" : this.table.ids[node]);

  /** @param {[number, number] | null} range */
  setTimeRange = (range) => this.store.runCommand("during", { start: range?.[0] ?? null, end: range?.[1] ?? null });

  /** @param {string} text */
  showStatus = (text) => this.store.showStatus(text);
}

/** The row of a link by its id; -1 for anything else. @param {string} id */
export function findLinkRow(id) {
  return /^link:\d{1,9}$/.test(id) ? Number(id.slice(5)) : -1;
}
