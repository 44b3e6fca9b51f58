// EntityTable: a view of a CaseModel.

import "./table.css";
import { view } from "../kit/view.js";
import { told } from "../timeline/time.js";
import { columns } from "./columns.js";
import { Table } from "./view.js";

export default view("table", (root, bound, model) => {
  const shown = (/** @type {import("./rows.js").Cell} */ cell, /** @type {import("./rows.js").Column} */ { kind }) => {
    if (cell === null || cell === undefined || Number.isNaN(cell)) return "";
    if (kind === "time") return told(Number(cell), 1, model.get("zone") || "UTC", bound.words.language);
    return kind === "number" ? bound.words.number(Number(cell)) : String(cell);
  };
  const data = () => columns(bound, model.get("columns") ?? {});
  const made = new Table(root, { ...bound, data, shown });
  model.on("change:columns", () => made.refresh());
  return Object.assign(made, { draw: () => made.paint() });
});
