// Matrix: a view of a CaseModel.

import "./matrix.css";
import { readTheme } from "../kit/theme.js";
import { buildView } from "../kit/view.js";
import { Matrix } from "./view.js";

export default buildView("matrix", (root, bound) => {
  const selectItems = (
    /** @type {{ nodes: number[], links: number[] }} */ { nodes, links },
    /** @type {boolean} */ add,
  ) =>
    bound.store.runCommand("select", {
      ids: [...nodes.map((row) => bound.table.ids[row]), ...links.map((row) => `link:${row}`)],
      add,
    });
  return new Matrix(root, {
    ...bound,
    selectItems,
    getLinks: () => bound.table,
    isLinkVisible: bound.isLinkVisible,
    getTheme: () => readTheme(root),
  });
});
