// Paths between two nodes: fewest links, or forward in time. The same in paths.py, which says what they mean.

/** @typedef {import("./table.js").Table} Table */
/** @typedef {Map<number, [number, number]>} Steps node -> the node before it and the link from that */

/**
 * @param {Table} table
 * @param {Uint8Array} links the links that may be used
 * @param {number} start
 * @param {number} end
 * @param {boolean} timed
 * @returns {{nodes: number[], links: number[]} | null}
 */
export function findPath(table, links, start, end, timed) {
  const steps = timed ? findTimedSteps(table, links, start) : findShortestSteps(table, links, start, end);
  if (!steps.has(end) && end !== start) return null;
  const nodes = [end];
  const passed = [];
  while (nodes[nodes.length - 1] !== start) {
    const [before, link] = /** @type {[number, number]} */ (steps.get(nodes[nodes.length - 1]));
    nodes.push(before);
    passed.push(link);
  }
  return { nodes: nodes.reverse(), links: passed.reverse() };
}

/**
 * @param {Table} table
 * @param {Uint8Array} links
 * @param {number} start
 * @param {number} end
 */
function findShortestSteps(table, links, start, end) {
  /** @type {Map<number, [number, number][]>} */
  const near = new Map();
  const addNeighbour = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ link) => {
    const list = near.get(from);
    if (list) list.push([to, link]);
    else near.set(from, [[to, link]]);
  };
  for (let link = 0; link < links.length; link++) {
    if (!links[link]) continue;
    addNeighbour(table.ends[2 * link], table.ends[2 * link + 1], link);
    addNeighbour(table.ends[2 * link + 1], table.ends[2 * link], link);
  }
  /** @type {Steps} */
  const steps = new Map();
  const queue = [start];
  for (let at = 0; at < queue.length && !steps.has(end); at++) {
    for (const [other, link] of near.get(queue[at]) ?? []) {
      if (other === start || steps.has(other)) continue;
      steps.set(other, [queue[at], link]);
      queue.push(other);
    }
  }
  return steps;
}

/**
 * @param {Table} table
 * @param {Uint8Array} links
 * @param {number} start
 */
function findTimedSteps(table, links, start) {
  const dated = [];
  for (let link = 0; link < links.length; link++) if (links[link] && !Number.isNaN(table.last[link])) dated.push(link);
  dated.sort((one, other) => table.last[one] - table.last[other] || one - other);
  /** @type {Steps} */
  const steps = new Map();
  for (const link of dated) {
    const [source, target] = [table.ends[2 * link], table.ends[2 * link + 1]];
    const ways = table.directed[link]
      ? [[source, target]]
      : [
          [source, target],
          [target, source],
        ];
    const way = ways.find(
      ([here, there]) => (here === start || steps.has(here)) && there !== start && !steps.has(there),
    );
    if (way) steps.set(way[1], [way[0], link]);
  }
  return steps;
}
