// The commands of a chart that need nothing but its table and state, as commands.py has them: so that a chart also
// works in a page without a kernel. Each gives the fields that change.

import { replaceSurrogates } from "../../kit/visible_text.js";
import { findPath } from "../paths.js";
import { computeVisible } from "../state.js";

/** @typedef {import("../table.js").Table} Table */
/** @typedef {import("../state.js").State} State */
/** @typedef {import("../state.js").Patch} Patch */
/** @typedef {import("../state.js").Group} Group */

const [NOTE, NAME] = [4000, 200]; // characters of a note, and of the name of a group

/**
 * Rows of the nodes that are meant, on the chart now: groups stand for their members.
 * @param {Table} table
 * @param {State} state
 * @param {string[]} ids
 */
export function listRows(table, state, ids) {
  const groups = new Map(state.groups.map((group) => [group.id, group.members]));
  const found = new Set();
  for (const id of ids) {
    for (const member of groups.get(id) ?? [id]) {
      const row = table.rows.get(member);
      if (row !== undefined && state.nodes[row]) found.add(row);
    }
  }
  return /** @type {number[]} */ ([...found]);
}

/**
 * The row of a link by its id; -1 where there is none.
 * @param {string} id
 * @param {number} size
 */
export function findLinkRow(id, size) {
  const match = /^link:([0-9]+)$/.exec(id);
  return match && Number(match[1]) < size ? Number(match[1]) : -1;
}

/**
 * Whether an id is something on the chart.
 * @param {Table} table
 * @param {State} state
 * @param {string} id
 */
export function isOnChart(table, state, id) {
  const row = table.rows.get(id);
  if (row !== undefined) return Boolean(state.nodes[row]);
  const link = findLinkRow(id, state.links.length);
  if (link >= 0) return Boolean(state.links[link]);
  return [...state.groups, ...state.notes].some((one) => one.id === id);
}

/**
 * The middle of some nodes.
 * @param {Float32Array} at
 * @param {number[]} rows
 */
export function computeCentre(at, rows) {
  let x = 0;
  let y = 0;
  for (const row of rows) {
    x += at[2 * row];
    y += at[2 * row + 1];
  }
  return rows.length ? [x / rows.length, y / rows.length] : [0, 0];
}

/**
 * @param {"group" | "note"} kind
 * @param {{id: string}[]} taken
 */
function findFreeId(kind, taken) {
  return `${kind}:${Math.max(0, ...taken.map((one) => Number(one.id.split(":")[1]))) + 1}`;
}

/**
 * A group with fewer members; where it is called by their number, by the new one.
 * @param {Group} group
 * @param {string[]} members
 */
function narrowGroup(group, members) {
  return {
    ...group,
    label: group.label === formatGroupName(group.members) ? formatGroupName(members) : group.label,
    members,
  };
}

/**
 * What a group is called: as someone named it, otherwise by how many are in it.
 * @param {Group} group
 * @param {import("../../kit/words.js").Words} words
 */
export function getGroupName(group, words) {
  return group.label === formatGroupName(group.members)
    ? words.say.count("{n} entity", "{n} entities", group.members.length)
    : group.label;
}

/** What a group is called that nobody named. @param {string[]} members */
function formatGroupName(members) {
  return `${members.length} entities`;
}

/** @type {Record<string, (table: Table, state: State, given: any) => Patch>} */
export const COMMANDS = {
  select(table, state, { ids = [], add = false }) {
    const wanted = [...new Set(/** @type {string[]} */ (ids))].filter((id) => isOnChart(table, state, id));
    if (!add) return { selection: wanted };
    const [before, after] = [new Set(state.selection), new Set(wanted)];
    return {
      selection: [...state.selection.filter((id) => !after.has(id)), ...wanted.filter((id) => !before.has(id))],
    };
  },

  invert(table, state) {
    const chosen = new Set(state.selection);
    const { nodes } = computeVisible(table, state);
    return { selection: table.ids.filter((id, row) => nodes[row] && !chosen.has(id)) };
  },

  neighbours(table, state) {
    const { nodes, links } = computeVisible(table, state);
    const start = new Set(listRows(table, state, state.selection));
    const near = new Uint8Array(nodes.length);
    for (let link = 0; link < links.length; link++) {
      if (!links[link]) continue;
      const [source, target] = [table.ends[2 * link], table.ends[2 * link + 1]];
      if (start.has(source)) near[target] = 1;
      if (start.has(target)) near[source] = 1;
    }
    const chosen = new Set(state.selection);
    return {
      selection: [...state.selection, ...table.ids.filter((id, row) => near[row] && nodes[row] && !chosen.has(id))],
    };
  },

  dismiss(table, state, { ids = [] }) {
    const nodes = Uint8Array.from(state.nodes);
    const links = Uint8Array.from(state.links);
    const gone = new Set(/** @type {string[]} */ (ids));
    const notes = state.notes.filter((note) => !gone.has(note.id));
    for (const row of listRows(table, state, ids)) {
      nodes[row] = 0;
      gone.add(table.ids[row]);
    }
    for (const id of ids) {
      const row = findLinkRow(id, links.length);
      if (row >= 0) links[row] = 0;
    }
    return { nodes, links, notes, selection: state.selection.filter((id) => !gone.has(id)) };
  },

  dismiss_others(table, state, { ids = [] }) {
    const rows = listRows(table, state, ids);
    if (!rows.length) return {};
    const nodes = new Uint8Array(state.nodes.length);
    for (const row of rows) nodes[row] = 1;
    const left = new Set([
      ...rows.map((row) => table.ids[row]),
      ...[...state.groups, ...state.notes].map((one) => one.id),
    ]);
    return { nodes, selection: state.selection.filter((id) => left.has(id)) };
  },

  restore(_table, state) {
    return { nodes: new Uint8Array(state.nodes.length).fill(1), links: new Uint8Array(state.links.length).fill(1) };
  },

  move(table, state, { places }) {
    const positions = Float32Array.from(state.positions);
    const pinned = Uint8Array.from(state.pinned);
    const notes = state.notes.map((note) => ({ ...note }));
    for (const [id, [x, y]] of /** @type {[string, [number, number]][]} */ (Object.entries(places))) {
      if (!(Number.isFinite(x) && Number.isFinite(y))) continue;
      const alone = table.rows.has(id);
      const rows = listRows(table, state, [id]);
      const middle = alone ? [0, 0] : computeCentre(positions, rows);
      for (const row of rows) {
        const offset = alone ? [0, 0] : [positions[2 * row], positions[2 * row + 1]];
        positions[2 * row] = offset[0] + x - middle[0];
        positions[2 * row + 1] = offset[1] + y - middle[1];
        pinned[row] = 1;
      }
      for (const note of notes) if (note.id === id) Object.assign(note, { x, y });
    }
    return { positions, pinned, notes };
  },

  pin(table, state, { ids = [], on = true }) {
    const pinned = Uint8Array.from(state.pinned);
    for (const row of listRows(table, state, ids)) pinned[row] = on ? 1 : 0;
    return { pinned };
  },

  filter(_table, state, given) {
    const filters = { ...state.filters };
    for (const name of /** @type {const} */ (["schemas", "relations", "strengths", "values"])) {
      if (name in given) filters[name] = [...new Set(/** @type {string[]} */ (given[name]))];
    }
    if ("least" in given) filters.least = Math.max(1, given.least);
    return { filters };
  },

  during(_table, _state, { start = null, end = null }) {
    return { time_range: start === null || end === null ? null : [Math.min(start, end), Math.max(start, end)] };
  },

  group(table, state, { ids = [], label = "" }) {
    const members = listRows(table, state, ids).map((row) => table.ids[row]);
    if (members.length < 2) return {};
    const gone = new Set(members);
    const others = state.groups
      .map((group) =>
        narrowGroup(
          group,
          group.members.filter((id) => !gone.has(id)),
        ),
      )
      .filter((group) => group.members.length >= 2);
    const id = findFreeId("group", state.groups);
    return {
      groups: [...others, { id, label: replaceSurrogates(label) || formatGroupName(members), members, open: false }],
      selection: [id],
    };
  },

  open_group(_table, state, { id = "", on = true }) {
    return { groups: state.groups.map((group) => (group.id === id ? { ...group, open: on } : group)) };
  },

  name_group(_table, state, { id = "", label = "" }) {
    const name = replaceSurrogates([...label].slice(0, NAME).join(""));
    return name ? { groups: state.groups.map((group) => (group.id === id ? { ...group, label: name } : group)) } : {};
  },

  ungroup(_table, state, { id = "" }) {
    const found = state.groups.find((group) => group.id === id);
    return found ? { groups: state.groups.filter((group) => group !== found), selection: [...found.members] } : {};
  },

  note(_table, state, { text = "", x = 0, y = 0, id = "" }) {
    const words = replaceSurrogates([...text].slice(0, NOTE).join(""));
    if (state.notes.some((note) => note.id === id)) {
      const written = state.notes.map((note) => (note.id === id ? { ...note, text: words } : note));
      return { notes: written.filter((note) => note.text) };
    }
    if (!words) return {};
    const made = findFreeId("note", state.notes);
    return { notes: [...state.notes, { id: made, text: words, x, y }], selection: [made] };
  },

  apart(_table, _state, { on = true }) {
    return { apart: on };
  },

  style(table, state, { by = "" }) {
    if (by === state.style || (by && !table.styles.has(by))) return {};
    return { style: by, filters: { ...state.filters, values: [] } };
  },

  path(table, state, { start = "", end = "", timed = false }) {
    const [from] = listRows(table, state, [start]);
    const [to] = listRows(table, state, [end]);
    if (from === undefined || to === undefined) return {};
    const { nodes, links } = computeVisible(table, state);
    const found = nodes[from] && nodes[to] ? findPath(table, links, from, to, timed) : null;
    if (!found) return {};
    return { selection: [...found.nodes.map((row) => table.ids[row]), ...found.links.map((row) => `link:${row}`)] };
  },
};
