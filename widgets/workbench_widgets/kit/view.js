// How a view beside the chart comes into the page: it finds the store that all views share, hides its picture, and says
// in the page what went wrong.

import "./dark.css";
import { Bound } from "./store_view.js";
import { followLanguage } from "./language_change.js";
import { followTheme, markTheme } from "./theme.js";
import { Words } from "./words.js";

/** @typedef {{ model: any, el: HTMLElement, host: any }} Context as anywidget gives it */
/** @typedef {{ draw: () => void, refresh?: () => void, recolour?: () => void, destroy: () => void }} View */

/**
 * A view in the page: in light or dark, over its picture, or what went wrong in its place.
 * @param {string} name of the view, as the list of views has it
 * @param {Context} context
 * @param {(root: HTMLElement) => View | Promise<View>} createView
 */
export async function mountView(name, { model, el }, createView) {
  const { say, setLanguage } = Words.read(model);
  try {
    const root = document.createElement("div");
    setLanguage(root);
    el.append(root);
    markTheme(root);
    const made = await createView(root);
    const unfollow = followTheme(root, () => (made.recolour ?? made.draw).call(made));
    for (const twin of document.querySelectorAll(`[data-wb-twin="${CSS.escape(model.get("twin"))}"]`))
      twin.setAttribute("hidden", "");
    Object.assign(root, { wbView: made }); // for tests
    return () => {
      unfollow();
      made.destroy();
    };
  } catch (problem) {
    const said = document.createElement("pre");
    said.className = "wb-problem";
    said.textContent = say("The {what} cannot be shown here: {problem}", {
      what: say.term("views", name),
      problem: problem instanceof Error ? problem.message : String(problem),
    });
    el.append(said);
    console.error(problem);
  }
}

/**
 * @param {string} name of the view
 * @param {(root: HTMLElement, bound: Bound, model: any) => View} createView
 */
export function buildView(name, createView) {
  /** @param {Context} context */
  async function render(context) {
    let stopListening = () => {};
    const end = await mountView(name, context, async (root) => {
      const { exports } = await context.host.getWidget(context.model.get("case"));
      const made = createView(
        root,
        new Bound(exports.store, context.model.get("icons") ?? {}, Words.read(context.model)),
        context.model,
      );
      const refreshView = () => (made.refresh ?? made.draw).call(made);
      stopListening = exports.store.listen((/** @type {string} */ about) => {
        if (about === "state") refreshView();
        else if (about === "hover") made.draw();
      });
      return made;
    });
    return () => {
      stopListening();
      end?.();
    };
  }
  return { render: followLanguage(render) };
}
