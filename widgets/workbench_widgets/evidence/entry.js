// Evidence: a view of a CaseModel.

import "./evidence.css";
import { createQuestionSender } from "../kit/questions.js";
import { getOwn } from "../kit/safe_records.js";
import { buildView } from "../kit/view.js";
import { Evidence } from "./view.js";

export default buildView("evidence", (root, bound, model) => {
  const { store } = bound;
  const askKernel = createQuestionSender(model);
  const carried = model.get("carried") ?? {};
  const loadPassages = async (/** @type {string[]} */ ids) => {
    if (store.isAlive) return (await askKernel("passages", ids)).found;
    const found = [...ids, ...listLinks(store.table, ids)].flatMap((id) => getOwn(carried, id) ?? []);
    return { passages: [...new Map(found.map((/** @type {any} */ one) => [one.id, one])).values()], more: 0 };
  };
  const decidePassage =
    store.isAlive && model.get("decides")
      ? async (/** @type {string} */ passage, /** @type {boolean} */ accept, /** @type {string} */ because) =>
          (await askKernel("decide", passage, accept, because)).found
      : null;
  const made = new Evidence(root, {
    listSelected: () => [...store.state.selection],
    loadPassages,
    decidePassage,
    selectItem: (id) => store.runCommand("select", { ids: [id] }),
    getName: bound.getName,
    words: bound.words,
  });
  return Object.assign(made, { draw: () => {} });
});

/** Ids of the links of some nodes. @param {any} table @param {string[]} ids */
function listLinks(table, ids) {
  const rows = new Set(ids.map((id) => table.rows.get(id)).filter((row) => row !== undefined));
  const found = [];
  for (let link = 0; rows.size && link < table.counts.length; link++) {
    if (rows.has(table.ends[2 * link]) || rows.has(table.ends[2 * link + 1])) found.push(`link:${link}`);
  }
  return found;
}
