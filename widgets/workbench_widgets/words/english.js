// The English texts of all rooms, by room and name: what a widget says where its page brings no other language.

import chart from "./en/chart.json" with { type: "json" };
import desk from "./en/desk.json" with { type: "json" };
import evidence from "./en/evidence.json" with { type: "json" };
import kit from "./en/kit.json" with { type: "json" };
import map from "./en/map.json" with { type: "json" };
import matrix from "./en/matrix.json" with { type: "json" };
import model from "./en/model.json" with { type: "json" };
import relations from "./en/relations.json" with { type: "json" };
import table from "./en/table.json" with { type: "json" };
import timeline from "./en/timeline.json" with { type: "json" };
import workspace from "./en/workspace.json" with { type: "json" };

const ROOMS = { chart, desk, evidence, kit, map, matrix, model, relations, table, timeline, workspace };

/** @type {Record<string, string>} */
export const ENGLISH = Object.fromEntries(
  Object.entries(ROOMS).flatMap(([room, texts]) =>
    Object.entries(texts).map(([key, text]) => [`${room}.${key}`, text]),
  ),
);
