// EntityTable: a view of a CaseModel.

import "./table.css";
import { buildView } from "../kit/view.js";
import { formatTime } from "../timeline/time.js";
import { listColumns } from "./columns.js";
import { Table } from "./view.js";

export default buildView("table", (root, bound, model) => {
  const formatCell = (
    /** @type {import("./rows.js").Cell} */ cell,
    /** @type {import("./rows.js").Column} */ { kind },
  ) => {
    if (cell === null || cell === undefined || Number.isNaN(cell)) return "";
    if (kind === "time") return formatTime(Number(cell), 1, model.get("zone") || "UTC", bound.words.language);
    return kind === "number" ? bound.words.formatNumber(Number(cell)) : String(cell);
  };
  const getData = () => listColumns(bound, model.get("columns") ?? {});
  const made = new Table(root, { ...bound, getData, formatCell });
  model.on("change:columns", () => made.refresh());
  return Object.assign(made, { draw: () => made.drawRows() });
});
