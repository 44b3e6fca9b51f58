// Evidence: a view of a CaseModel.

import "./evidence.css";
import { asking } from "../kit/questions.js";
import { own } from "../kit/safe_records.js";
import { view } from "../kit/view.js";
import { Evidence } from "./view.js";

export default view("evidence", (root, bound, model) => {
  const { store } = bound;
  const ask = asking(model);
  const carried = model.get("carried") ?? {};
  const passages = async (/** @type {string[]} */ ids) => {
    if (store.alive) return (await ask("passages", ids)).found;
    const found = [...ids, ...linksOf(store.table, ids)].flatMap((id) => own(carried, id) ?? []);
    return { passages: [...new Map(found.map((/** @type {any} */ one) => [one.id, one])).values()], more: 0 };
  };
  const decide =
    store.alive && model.get("decides")
      ? async (/** @type {string} */ passage, /** @type {boolean} */ accept, /** @type {string} */ because) =>
          (await ask("decide", passage, accept, because)).found
      : null;
  const made = new Evidence(root, {
    chosen: () => [...store.state.selection],
    passages,
    decide,
    select: (id) => store.do("select", { ids: [id] }),
    label: bound.named,
    words: bound.words,
  });
  return Object.assign(made, { draw: () => {} });
});

/** Ids of the links of some nodes. @param {any} table @param {string[]} ids */
function linksOf(table, ids) {
  const rows = new Set(ids.map((id) => table.rows.get(id)).filter((row) => row !== undefined));
  const found = [];
  for (let link = 0; rows.size && link < table.counts.length; link++) {
    if (rows.has(table.ends[2 * link]) || rows.has(table.ends[2 * link + 1])) found.push(`link:${link}`);
  }
  return found;
}
