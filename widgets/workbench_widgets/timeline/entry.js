// Timeline: a view of a CaseModel.

import "./timeline.css";
import { readTheme } from "../kit/theme.js";
import { buildView } from "../kit/view.js";
import { buildLinkEvents, readEvents } from "./events.js";
import { Timeline } from "./view.js";

export default buildView("timeline", (root, bound, model) => {
  /** @type {{ sent: any, table: any, state: any, events: import("./lanes.js").Events } | null} */
  let kept = null;
  const getEvents = () => {
    const [sent, table] = [model.get("events"), bound.table];
    const own = Boolean(sent?.ids?.length);
    if (kept?.sent !== sent || kept?.table !== table || (!own && kept?.state !== bound.visibleItems)) {
      kept = {
        sent,
        table,
        state: bound.visibleItems,
        events: own ? readEvents(sent, table) : buildLinkEvents(table, bound.isLinkVisible, bound.words),
      };
    }
    return kept.events;
  };
  const made = new Timeline(
    root,
    { ...bound, getEvents, getTheme: () => readTheme(root) },
    { zone: model.get("zone"), zones: model.get("zones") },
  );
  model.on("change:events", () => made.draw());
  return made;
});
