// Workspace: views of one model in one place. Each is drawn when it is first looked at.

import "../kit/dark.css";
import "./workspace.css";
import { followTheme } from "../kit/theme.js";
import { Words } from "../kit/words.js";

/** @typedef {{ title: string, ref: string }} Part */
/** @typedef {{ model: any, el: HTMLElement, host: any, signal?: AbortSignal }} Context */

/** @param {string} tag @param {string} name @param {string} [text] */
function createElement(tag, name, text = "") {
  return Object.assign(document.createElement(tag), { className: name, textContent: text });
}

/**
 * A place with tabs; without them where it has one view only.
 * @param {string} area
 * @param {Part[]} parts
 * @param {(part: Part, el: HTMLElement) => Promise<void>} showPart
 * @param {Words} words
 * @returns {{ box: HTMLElement, setHeadings: (parts: Part[]) => void }} the place, and what gives its views other
 *   headings
 */
function buildTabs(area, parts, showPart, { say, direction }) {
  const box = createElement("section", `ww-area ww-${area}`);
  const bar = createElement("div", "ww-tabs");
  bar.setAttribute("role", "tablist");
  const tabs = parts.map((part, at) => {
    const tab = /** @type {HTMLButtonElement} */ (createElement("button", "ww-tab", part.title));
    Object.assign(tab, { type: "button", onclick: () => selectTab(at) });
    tab.setAttribute("role", "tab");
    return tab;
  });
  const panes = parts.map((part) => {
    const pane = createElement("div", "ww-pane");
    pane.setAttribute("role", "tabpanel");
    pane.setAttribute("aria-label", part.title);
    pane.hidden = true;
    return pane;
  });
  const shown = new Set();
  const selectTab = (/** @type {number} */ at) => {
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === at));
      tab.tabIndex = index === at ? 0 : -1;
      panes[index].hidden = index !== at;
    });
    if (shown.has(at)) return;
    shown.add(at);
    showPart(parts[at], panes[at]).catch((problem) => {
      panes[at].textContent = say("{what} cannot be shown here: {problem}", {
        what: tabs[at].textContent ?? "",
        problem: problem instanceof Error ? problem.message : String(problem),
      });
    });
  };
  bar.onkeydown = (event) => {
    const step = (direction === "rtl" ? { ArrowRight: -1, ArrowLeft: 1 } : { ArrowRight: 1, ArrowLeft: -1 })[event.key];
    if (!step) return;
    const at = (tabs.findIndex((tab) => tab.tabIndex === 0) + step + tabs.length) % tabs.length;
    selectTab(at);
    tabs[at].focus();
    event.preventDefault();
    event.stopPropagation();
  };
  bar.append(...tabs);
  if (parts.length > 1) box.append(bar);
  box.append(...panes);
  selectTab(0);
  const setHeadings = (/** @type {Part[]} */ named) =>
    named.forEach(({ title }, at) => {
      tabs[at].textContent = title;
      panes[at].setAttribute("aria-label", title);
    });
  return { box, setHeadings };
}

/** @param {Context} context */
async function render({ model, el, host, signal }) {
  const words = Words.read(model);
  const root = createElement("div", "ww");
  words.setLanguage(root);
  const grid = createElement("div", "ww-grid");
  root.dataset.lmSuppressShortcuts = "true";
  const showPart = async (/** @type {Part} */ part, /** @type {HTMLElement} */ pane) => {
    const child = await host.getWidget(part.ref);
    await child.render({ el: pane, signal });
  };
  const areas = model.get("areas");
  /** @type {Record<string, (parts: Part[]) => void>} */
  const heads = {};
  for (const name of ["main", "side", "below"]) {
    if (!areas[name]?.length) continue;
    const { box, setHeadings } = buildTabs(name, areas[name], showPart, words);
    heads[name] = setHeadings;
    grid.append(box);
  }
  grid.classList.toggle("ww-wide", Boolean(areas.side?.length));
  root.append(grid);
  el.append(root);
  const unfollow = followTheme(root, () => {});
  const updateLanguage = () => Words.read(model).setLanguage(root);
  const updateHeadings = () => Object.entries(heads).forEach(([name, call]) => call(model.get("areas")[name]));
  model.on("change:words", updateLanguage);
  model.on("change:areas", updateHeadings);
  for (const twin of document.querySelectorAll(`[data-wb-twin="${CSS.escape(model.get("twin"))}"]`))
    twin.setAttribute("hidden", "");
  return () => {
    model.off("change:words", updateLanguage);
    model.off("change:areas", updateHeadings);
    unfollow();
  };
}

export default { render };
