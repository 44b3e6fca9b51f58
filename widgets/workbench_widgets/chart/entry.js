// LinkChart: a view of a CaseModel.

import "../kit/dark.css";
import "./chart.css";
import { followLanguage } from "../kit/language_change.js";
import { Words } from "../kit/words.js";
import { Chart } from "./view.js";

/**
 * What of a chart was looked at, for when it is drawn again in another language.
 * @type {WeakMap<HTMLElement, import("./camera.js").Camera>}
 */
const looked = new WeakMap();

/** @param {{model: any, el: HTMLElement, host: any}} context */
async function render({ model, el, host }) {
  try {
    const { exports } = await host.getWidget(model.get("case"));
    const chart = new Chart(el, exports.store, model, looked.get(el));
    document
      .querySelectorAll(`[data-wb-twin="${CSS.escape(model.get("twin"))}"]`)
      .forEach((one) => one.setAttribute("hidden", ""));
    return () => {
      if (chart.fitted) looked.set(el, chart.camera);
      chart.stop?.();
    };
  } catch (problem) {
    const said = document.createElement("pre");
    said.className = "wb-problem";
    const { say } = Words.read(model);
    said.textContent = say("The {what} cannot be shown here: {problem}", {
      what: say.term("views", "chart"),
      problem: problem instanceof Error ? problem.message : String(problem),
    });
    el.append(said);
    console.error(problem);
  }
}

export default { render: followLanguage(render) };
