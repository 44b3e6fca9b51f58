// The store of a page: what it does without a kernel, and when it takes over what Python says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "./store.js";

/** A CaseModel as a page has it, with three nodes in a row. */
function createModel({ alive = false } = {}) {
  const traits = {
    table: {
      ids: ["a", "b", "c"],
      labels: ["A", "B", "C"],
      schemas: ["Person"],
      relations: ["knows"],
      kinds: [0, 0, 0],
      flags: [0, 0, 0],
      more: [0, 0, 0],
      ends: [0, 1, 1, 2],
      relation: [0, 0],
      strength: [0, 1],
      counts: [1, 1],
      directed: [0, 0],
      first: [NaN, NaN],
      last: [NaN, NaN],
    },
    nodes: [1, 1, 1],
    links: [1, 1],
    positions: [0, 0, 1, 1, 2, 2],
    pinned: [0, 0, 0],
    selection: [],
    shape: {},
    alive,
    answered: {},
    depth: [7, 0],
    status: "",
    hover: "",
    version: 0,
  };
  const heard = new Map();
  const sent = [];
  return {
    traits,
    sent,
    get: (name) => traits[name],
    set: (name, value) => {
      traits[name] = value;
    },
    save_changes() {},
    on: (event, callback) => heard.set(event, callback),
    send: (message) => sent.push(message),
    callListener: (event, message) => heard.get(event)?.(message),
  };
}

test("without a kernel commands, undo and redo are done here", () => {
  const store = new Store(createModel());
  store.runCommand("dismiss", { ids: ["b"] });
  assert.deepEqual([...store.state.nodes], [1, 0, 1]);
  assert.deepEqual(store.depth, [1, 0]);
  store.runCommand("undo");
  assert.deepEqual([...store.state.nodes], [1, 1, 1]);
  assert.deepEqual(store.depth, [0, 1]);
});

test("without a kernel what needs one is said, not done", async () => {
  const store = new Store(createModel());
  store.runCommand("expand", { ids: ["a"] });
  assert.match(store.status, /needs the notebook kernel/);
  await assert.rejects(store.askKernel("counts", "a"), /needs the notebook kernel/);
});

test("with a kernel a command is done at once, and Python's word is taken over when all is answered", () => {
  const model = createModel({ alive: true });
  const store = new Store(model);
  store.runCommand("select", { ids: ["a"] });
  store.runCommand("dismiss", { ids: ["a"] });
  assert.deepEqual(
    model.sent.map((message) => [message.do, message.number]),
    [
      ["select", 1],
      ["dismiss", 2],
    ],
  );
  assert.deepEqual([...store.state.nodes], [0, 1, 1]);
  model.traits.answered = { [store.client]: 1 };
  model.traits.selection = ["a"];
  model.callListener("change:version");
  assert.deepEqual([...store.state.nodes], [0, 1, 1], "the answer to the first command does not bring the node back");
  model.traits.answered = { [store.client]: 2 };
  Object.assign(model.traits, { nodes: [0, 1, 1], selection: ["c"], status: "done" });
  model.callListener("change:version");
  assert.deepEqual(store.state.selection, ["c"]);
  assert.equal(store.status, "done");
});

test("an answer goes to the page that asked", async () => {
  const model = createModel({ alive: true });
  const store = new Store(model);
  const asked = store.askKernel("counts", "a");
  const { number } = model.sent[0];
  model.callListener("msg:custom", { answer: number, to: "another page", found: 1 });
  model.callListener("msg:custom", { answer: number, to: store.client, found: { a: 3 } });
  assert.deepEqual(await asked, { a: 3 });
});
