// Does in JavaScript what test_model.py does in Python: reads logs, prints the states they lead to.

import { readFileSync } from "node:fs";
import { Session } from "../../widgets/workbench_widgets/model/actions/session.js";
import { computeVisible } from "../../widgets/workbench_widgets/model/state.js";
import { readTable } from "../../widgets/workbench_widgets/model/table.js";

const { columns, begin, logs } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const readTimes = (column) => column.map((value) => value ?? NaN);
const known = readTable({ ...columns, first: readTimes(columns.first), last: readTimes(columns.last) });
const { depth: _, visible: __, ...shape } = begin;

function startSession() {
  const masks = { nodes: Uint8Array.from(begin.nodes), links: Uint8Array.from(begin.links), pinned: Uint8Array.from(begin.pinned) };
  return new Session(known, { ...shape, ...masks, positions: Float32Array.from(readTimes(begin.positions)) });
}

const found = logs.map((log) => {
  const session = startSession();
  for (const { do: name, ...given } of log) session.runCommand(name, given);
  const { nodes, links, positions, pinned, ...rest } = session.state;
  const seen = computeVisible(known, session.state);
  const at = [...positions].map((value) => (Number.isNaN(value) ? null : value));
  const depth = [session.before.length, session.after.length];
  return { ...rest, nodes: [...nodes], links: [...links], positions: at, pinned: [...pinned], depth, visible: [...seen.nodes, ...seen.links] };
});
process.stdout.write(JSON.stringify(found));
