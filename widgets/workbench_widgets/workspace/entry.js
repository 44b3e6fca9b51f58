// Workspace: views of one model in one place. Each is drawn when it is first looked at.

import "../kit/dark.css";
import "./workspace.css";
import { followTheme } from "../kit/theme.js";
import { Words } from "../kit/words.js";

/** @typedef {{ title: string, ref: string }} Part */
/** @typedef {{ model: any, el: HTMLElement, host: any, signal?: AbortSignal }} Context */

/** @param {string} tag @param {string} name @param {string} [text] */
function make(tag, name, text = "") {
  return Object.assign(document.createElement(tag), { className: name, textContent: text });
}

/**
 * A place with tabs; without them where it has one view only.
 * @param {string} area
 * @param {Part[]} parts
 * @param {(part: Part, el: HTMLElement) => Promise<void>} show
 * @param {Words} words
 * @returns {{ box: HTMLElement, head: (parts: Part[]) => void }} the place, and what gives its views other headings
 */
function tabbed(area, parts, show, { say, direction }) {
  const box = make("section", `ww-area ww-${area}`);
  const bar = make("div", "ww-tabs");
  bar.setAttribute("role", "tablist");
  const tabs = parts.map((part, at) => {
    const tab = /** @type {HTMLButtonElement} */ (make("button", "ww-tab", part.title));
    Object.assign(tab, { type: "button", onclick: () => choose(at) });
    tab.setAttribute("role", "tab");
    return tab;
  });
  const panes = parts.map((part) => {
    const pane = make("div", "ww-pane");
    pane.setAttribute("role", "tabpanel");
    pane.setAttribute("aria-label", part.title);
    pane.hidden = true;
    return pane;
  });
  const shown = new Set();
  const choose = (/** @type {number} */ at) => {
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === at));
      tab.tabIndex = index === at ? 0 : -1;
      panes[index].hidden = index !== at;
    });
    if (shown.has(at)) return;
    shown.add(at);
    show(parts[at], panes[at]).catch((problem) => {
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
    choose(at);
    tabs[at].focus();
    event.preventDefault();
    event.stopPropagation();
  };
  bar.append(...tabs);
  if (parts.length > 1) box.append(bar);
  box.append(...panes);
  choose(0);
  const head = (/** @type {Part[]} */ named) =>
    named.forEach(({ title }, at) => {
      tabs[at].textContent = title;
      panes[at].setAttribute("aria-label", title);
    });
  return { box, head };
}

/** @param {Context} context */
async function render({ model, el, host, signal }) {
  const words = Words.of(model);
  const root = make("div", "ww");
  words.speak(root);
  const grid = make("div", "ww-grid");
  root.dataset.lmSuppressShortcuts = "true";
  const show = async (/** @type {Part} */ part, /** @type {HTMLElement} */ pane) => {
    const child = await host.getWidget(part.ref);
    await child.render({ el: pane, signal });
  };
  const areas = model.get("areas");
  /** @type {Record<string, (parts: Part[]) => void>} */
  const heads = {};
  for (const name of ["main", "side", "below"]) {
    if (!areas[name]?.length) continue;
    const { box, head } = tabbed(name, areas[name], show, words);
    heads[name] = head;
    grid.append(box);
  }
  grid.classList.toggle("ww-wide", Boolean(areas.side?.length));
  root.append(grid);
  el.append(root);
  const unfollow = followTheme(root, () => {});
  const turn = () => Words.of(model).speak(root);
  const head = () => Object.entries(heads).forEach(([name, call]) => call(model.get("areas")[name]));
  model.on("change:words", turn);
  model.on("change:areas", head);
  for (const twin of document.querySelectorAll(`[data-wb-twin="${CSS.escape(model.get("twin"))}"]`))
    twin.setAttribute("hidden", "");
  return () => {
    model.off("change:words", turn);
    model.off("change:areas", head);
    unfollow();
  };
}

export default { render };
