// Timeline: a view of a CaseModel.

import "./timeline.css";
import { readTheme } from "../kit/theme.js";
import { view } from "../kit/view.js";
import { ofLinks, received } from "./events.js";
import { Timeline } from "./view.js";

export default view("timeline", (root, bound, model) => {
  /** @type {{ sent: any, table: any, state: any, events: import("./lanes.js").Events } | null} */
  let kept = null;
  const events = () => {
    const [sent, table] = [model.get("events"), bound.table];
    const own = Boolean(sent?.ids?.length);
    if (kept?.sent !== sent || kept?.table !== table || (!own && kept?.state !== bound.seen)) {
      kept = {
        sent,
        table,
        state: bound.seen,
        events: own ? received(sent, table) : ofLinks(table, bound.linkShown, bound.words),
      };
    }
    return kept.events;
  };
  const made = new Timeline(
    root,
    { ...bound, events, theme: () => readTheme(root) },
    { zone: model.get("zone"), zones: model.get("zones") },
  );
  model.on("change:events", () => made.draw());
  return made;
});
