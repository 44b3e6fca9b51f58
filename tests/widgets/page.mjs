// A page beside a kernel, for test_session.py: each line that comes in is a command of a person or news from the kernel; each line
// that goes out says what the page sends.

import { createInterface } from "node:readline";
import { Store } from "../../widgets/workbench_widgets/model/store.js";

const traits = {};
const heard = new Map();
let sent = [];
let store;

/** Bytes are given as base64. */
function decodeValue(value) {
  if (Array.isArray(value)) return value.map(decodeValue);
  if (!value || typeof value !== "object") return value;
  if (typeof value["base64:"] !== "string") return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, decodeValue(one)]));
  return new DataView(Uint8Array.from(Buffer.from(value["base64:"], "base64")).buffer);
}

const model = {
  get: (name) => traits[name],
  set: (name, value) => { traits[name] = value; },
  save_changes() {},
  on: (event, callback) => heard.set(event, callback),
  send: (message) => sent.push(message),
};

function convertState() {
  const { nodes, links, positions, pinned, ...rest } = store.state;
  const at = [...positions].map((value) => (Number.isNaN(value) ? null : value));
  return { ...rest, nodes: [...nodes], links: [...links], positions: at, pinned: [...pinned], depth: store.depth };
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  sent = [];
  if (message.news) {
    Object.assign(traits, decodeValue(message.news));
    if (store) heard.get("change:version")();
    else store = new Store(model);
  }
  if (message.do) store.runCommand(message.do, message.given);
  process.stdout.write(`${JSON.stringify({ sent, ...(message.tell ? { state: convertState() } : {}) })}\n`);
}
