// How a view beside the chart comes into the page: it finds the store that all views share, hides its picture, and says in the page
// what went wrong.

import "./dark.css";
import { Bound } from "./bound.js";
import { followTheme, markTheme } from "./theme.js";

/** @typedef {{ model: any, el: HTMLElement, host: any }} Context as anywidget gives it */
/** @typedef {{ draw: () => void, refresh?: () => void, recolour?: () => void, destroy: () => void }} View */

/**
 * @param {string} what the view in words
 * @param {(root: HTMLElement, bound: Bound, model: any) => View} make
 */
export function view(what, make) {
  /** @param {Context} context */
  async function render({ model, el, host }) {
    try {
      const { exports } = await host.getWidget(model.get("case"));
      const root = document.createElement("div");
      el.append(root);
      const bound = new Bound(exports.store, model.get("icons") ?? {});
      markTheme(root);
      const made = make(root, bound, model);
      const again = () => (made.refresh ?? made.draw).call(made);
      const unfollow = followTheme(root, () => (made.recolour ?? made.draw).call(made));
      const off = exports.store.listen((/** @type {string} */ about) => {
        if (about === "state") again();
        else if (about === "hover") made.draw();
      });
      for (const twin of document.querySelectorAll(`[data-wb-twin="${CSS.escape(model.get("twin"))}"]`)) twin.setAttribute("hidden", "");
      Object.assign(root, { wbView: made }); // for tests
      return () => {
        off();
        unfollow();
        made.destroy();
      };
    } catch (problem) {
      const said = document.createElement("pre");
      said.className = "wb-problem";
      said.textContent = `The ${what} cannot be drawn here: ${problem instanceof Error ? problem.message : problem}`;
      el.append(said);
      console.error(problem);
    }
  }
  return { render };
}
