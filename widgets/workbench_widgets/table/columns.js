// The columns of the table: what the chart itself knows of each node, then what whoever made the table adds.

import { getOwn } from "../kit/safe_records.js";
import { SUGGESTED } from "../model/table.js";

/** @typedef {import("../kit/store_view.js").Bound} Bound */
/** @typedef {import("./rows.js").Column} Column */
/** @typedef {import("./rows.js").Cell} Cell */
/**
 * A column that the table's maker adds: cells by id of the node.
 * @typedef {{ label: string, kind: Column["kind"], cells: Record<string, Cell> }} Further
 */

/**
 * @param {Bound} bound
 * @param {Record<string, Further>} more further columns
 * @returns {{ nodes: number[], columns: Column[] }}
 */
export function listColumns(bound, more) {
  const { table, icons, visibleItems } = bound;
  const { say } = bound.words;
  const nodes = bound.listNodes();
  const place = new Map(nodes.map((row, at) => [row, at]));
  const links = new Array(nodes.length).fill(0);
  const first = new Array(nodes.length).fill(null);
  const last = new Array(nodes.length).fill(null);
  for (let link = 0; link < table.counts.length; link++) {
    if (!visibleItems.links[link]) continue;
    for (const end of [table.ends[2 * link], table.ends[2 * link + 1]]) {
      const at = place.get(end);
      if (at === undefined) continue;
      links[at] += table.counts[link];
      if (Number.isNaN(table.first[link])) continue;
      if (first[at] === null || table.first[link] < first[at]) first[at] = table.first[link];
      if (last[at] === null || table.last[link] > last[at]) last[at] = table.last[link];
    }
  }
  const getKind = (/** @type {number} */ row) => getOwn(icons, bound.getSchema(row))?.label ?? bound.getSchema(row);
  /** @type {Column[]} */
  const ours = [
    { name: "name", label: say.word("Name", "noun"), kind: "text", cells: nodes.map(bound.getLabel) },
    { name: "type", label: say.word("Type", "noun"), kind: "facet", cells: nodes.map(getKind) },
    {
      name: "layer",
      label: say.word("Data from", "noun"),
      kind: "facet",
      cells: nodes.map((row) =>
        table.flags[row] & SUGGESTED
          ? say("a program")
          : say.word(
              `a source or an
          officer`,
              "noun",
            ),
      ),
    },
    { name: "links", label: say.word("Links", "noun"), kind: "number", cells: links },
    { name: "first", label: say.word("First date", "state"), kind: "time", cells: first },
    { name: "last", label: say.word("Last date", "state"), kind: "time", cells: last },
  ];
  const added = Object.entries(more).map(([name, { label, kind: how, cells }]) => ({
    name,
    label,
    kind: how,
    cells: nodes.map((row) => getOwn(cells, table.ids[row]) ?? null),
  }));
  return { nodes, columns: [...ours, ...added] };
}
