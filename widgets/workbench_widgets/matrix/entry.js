// Matrix: a view of a CaseModel.

import "./matrix.css";
import { readTheme } from "../kit/theme.js";
import { view } from "../kit/view.js";
import { Matrix } from "./view.js";

export default view("matrix", (root, bound) => {
  const select = (/** @type {{ nodes: number[], links: number[] }} */ { nodes, links }, /** @type {boolean} */ add) =>
    bound.store.do("select", {
      ids: [...nodes.map((row) => bound.table.ids[row]), ...links.map((row) => `link:${row}`)],
      add,
    });
  return new Matrix(root, {
    ...bound,
    select,
    links: () => bound.table,
    shown: bound.linkShown,
    theme: () => readTheme(root),
  });
});
