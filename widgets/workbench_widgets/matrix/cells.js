// The association matrix: who is linked with whom, how often and how surely. Rows and columns are the same entities in
// the same order; blocks along the diagonal are groups that deal with each other.

/**
 * @typedef {{ count: number, strength: number, links: number[] }} Cell strength: the surest of its links, 0 confirmed
 */

/**
 * The links between some nodes, by pair; direction does not count.
 * @param {number[]} rows of nodes
 * @param {{ ends: Uint32Array, counts: Uint32Array, strength: Uint8Array }} links
 * @param {(link: number) => boolean} isVisible
 * @returns {Map<string, Cell>} by "row:column", the places of two nodes in `rows`, the smaller first
 */
export function buildCells(rows, links, isVisible) {
  const place = new Map(rows.map((row, index) => [row, index]));
  /** @type {Map<string, Cell>} */
  const found = new Map();
  for (let link = 0; link < links.counts.length; link++) {
    const [from, to] = [place.get(links.ends[2 * link]), place.get(links.ends[2 * link + 1])];
    if (from === undefined || to === undefined || from === to || !isVisible(link)) continue;
    const key = formatKey(from, to);
    const cell = found.get(key) ?? { count: 0, strength: 2, links: [] };
    cell.count += links.counts[link];
    cell.strength = Math.min(cell.strength, links.strength[link]);
    cell.links.push(link);
    found.set(key, cell);
  }
  return found;
}

/** @param {number} one @param {number} other */
export function formatKey(one, other) {
  return one < other ? `${one}:${other}` : `${other}:${one}`;
}

/**
 * An order in which those who are linked stand together: each next one is the one most linked with those who stand
 * already, the latest counting most, and least with others; a new group begins with the most linked. The same links
 * give the same order.
 * @param {number} size
 * @param {Map<string, Cell>} found
 * @returns {number[]} places in the order to draw them
 */
export function sortRows(size, found) {
  const near = Array.from({ length: size }, () => /** @type {Map<number, number>} */ (new Map()));
  for (const [key, { count }] of found) {
    const [one, other] = key.split(":").map(Number);
    near[one].set(other, Math.log1p(count));
    near[other].set(one, Math.log1p(count));
  }
  const weight = near.map((mine) => [...mine.values()].reduce((sum, one) => sum + one, 0));
  const pull = new Float64Array(size);
  const left = new Set(near.keys());
  const made = [];
  while (left.size) {
    let best = -1;
    const computePull = (/** @type {number} */ one) => (weight[one] ? (pull[one] * pull[one]) / weight[one] : 0);
    for (const one of left)
      if (
        best < 0 ||
        computePull(one) > computePull(best) ||
        (computePull(one) === computePull(best) && weight[one] > weight[best])
      )
        best = one;
    left.delete(best);
    made.push(best);
    for (const one of left) pull[one] *= 0.8;
    for (const [one, strength] of near[best]) if (left.has(one)) pull[one] += strength;
  }
  return made;
}

/**
 * How dark a cell is, from 0 to 1, on a scale that keeps single links visible beside thousands.
 * @param {number} count
 * @param {number} most
 */
export function computeShade(count, most) {
  return count > 0 ? 0.15 + (0.85 * Math.log1p(count)) / Math.log1p(Math.max(most, count)) : 0;
}
