// Buttons, legend, search and menus around a chart. Text only ever goes in as text.

import { formatVariant } from "./canvas/chart_items.js";
import { listForms, getOffers } from "./officer_forms.js";
import { NEUTRAL } from "./canvas/icons.js";
import { getOwn } from "../kit/safe_records.js";
import { STRENGTHS } from "../model/table.js";
import { NO_FILTERS, computeVisible } from "../model/state.js";

/** @typedef {import("../model/store.js").Store} Store */
/** @typedef {import("./canvas/icons.js").Pictures} Pictures */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} name class
 * @param {string} [text]
 * @param {Record<string, string>} [attributes]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function createElement(tag, name, text = "", attributes = {}) {
  const element = document.createElement(tag);
  element.className = name;
  if (text) element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/**
 * @typedef {object} Acts what the buttons do
 * @property {() => void} fit
 * @property {(factor: number) => void} zoom
 * @property {() => void} toggleLasso
 * @property {(id: string) => void} showItem
 * @property {(deed: string) => void} openOfficerForm
 * @property {(id: string) => void} nameGroup of a group
 */

/**
 * What the selection is for a command: ids of nodes and groups.
 * @param {Store} store
 */
export function listSelectedNodes(store) {
  return store.state.selection.filter((id) => store.table.rows.has(id) || id.startsWith("group:"));
}

/**
 * A command with what it is called, its keys, and how many it needs chosen.
 * @typedef {{
 *   label: string, short?: string, keys: string, run: () => void, needs?: number, kernel?: boolean,
 *   isOffered?: () => boolean
 * }} Deed
 */
/**
 * The commands that buttons, menu and keys share.
 * @param {Store} store
 * @param {Acts} acts
 * @returns {Record<string, Deed>}
 */
export function listCommands(store, acts) {
  const listIds = () => [...store.state.selection];
  const listNodes = () => listSelectedNodes(store);
  const whole = store.model.get("whole") ?? 0;
  const { say } = store.words;
  return {
    all: {
      label: say("Show all {count}", { count: whole }),
      keys: "",
      kernel: true,
      isOffered: () => store.isAlive && store.state.nodes.reduce((sum, on) => sum + on, 0) < whole,
      run: () => {
        store.setProgress({ said: say("Loading {count} entities…", { count: whole }), share: 0 });
        store.runCommand("show_all");
      },
    },
    expand: {
      label: say.word("Expand", "verb"),
      keys: "Ctrl+E",
      needs: 1,
      kernel: true,
      run: () => store.runCommand("expand", { ids: listNodes() }),
    },
    dismiss: {
      label: say("Remove from chart"),
      keys: "Delete",
      needs: 1,
      run: () => store.runCommand("dismiss", { ids: listIds() }),
    },
    others: {
      label: say("Remove others from the chart"),
      short: say("Remove others"),
      keys: "Ctrl+Shift+H",
      needs: 1,
      run: () => store.runCommand("dismiss_others", { ids: listNodes() }),
    },
    restore: {
      label: say("Show all removed items"),
      short: say("Show removed items"),
      keys: "",
      run: () => store.runCommand("restore"),
    },
    neighbours: {
      label: say("Add neighbours to the selection"),
      keys: "N",
      needs: 1,
      run: () => store.runCommand("neighbours"),
    },
    invert: { label: say("Invert the selection"), keys: "Ctrl+Alt+A", run: () => store.runCommand("invert") },
    path: {
      label: say("Find a path between the two selected entities"),
      short: say.word("Path", "noun"),
      keys: "",
      needs: 2,
      run: () => store.runCommand("path", { start: listNodes()[0], end: listNodes()[1], timed: false }),
    },
    timed: {
      label: say("Find a path in time order"),
      keys: "",
      needs: 2,
      run: () => store.runCommand("path", { start: listNodes()[0], end: listNodes()[1], timed: true }),
    },
    pin: {
      label: say.word("Pin", "verb"),
      keys: "P",
      needs: 1,
      run: () => store.runCommand("pin", { ids: listNodes(), on: true }),
    },
    unpin: {
      label: say.word("Unpin", "verb"),
      keys: "Shift+P",
      needs: 1,
      run: () => store.runCommand("pin", { ids: listNodes(), on: false }),
    },
    group: {
      label: say.word("Group", "verb"),
      keys: "G",
      needs: 2,
      run: () => store.runCommand("group", { ids: listNodes() }),
    },
    name: {
      label: say("Name the group"),
      keys: "F2",
      needs: 1,
      run: () => acts.nameGroup(listIds().find((id) => id.startsWith("group:")) ?? ""),
    },
    apart: {
      label: say("Combine or separate parallel links"),
      keys: "",
      run: () => store.runCommand("apart", { on: !store.state.apart }),
    },
    undo: { label: say.word("Undo", "verb"), keys: "Ctrl+Z", run: () => store.runCommand("undo") },
    redo: { label: say.word("Redo", "verb"), keys: "Ctrl+Y", run: () => store.runCommand("redo") },
    fit: { label: say("Fit chart"), keys: "F", run: acts.fit },
  };
}

/**
 * The row of buttons.
 * @param {Store} store
 * @param {Acts} acts
 * @param {ReturnType<typeof listCommands>} all
 */
export function buildToolbar(store, acts, all) {
  const { say } = store.words;
  const bar = createElement("div", "wb-bar", "", { role: "toolbar", "aria-label": say.word("Chart", "noun") });
  /** @type {(() => void)[]} */
  const updates = [];
  for (const name of [
    "undo",
    "redo",
    "fit",
    "all",
    "expand",
    "dismiss",
    "others",
    "restore",
    "path",
    "group",
    "pin",
    "unpin",
  ]) {
    const { label, short = label, keys, run, needs = 0, kernel, isOffered = () => true } = all[name];
    const button = createElement("button", "wb-button", short, {
      type: "button",
      title: keys ? `${label} (${store.words.formatKeys(keys)})` : label,
      "aria-label": label,
      "data-deed": name,
    });
    button.addEventListener("click", run);
    updates.push(() => {
      const depth = { undo: store.depth[0], redo: store.depth[1] }[name];
      button.hidden = !isOffered();
      button.disabled =
        Boolean(store.progress) ||
        (depth ?? 1) === 0 ||
        store.state.selection.length < needs ||
        Boolean(kernel && !store.isAlive);
    });
    bar.append(button);
  }
  const lasso = createElement("button", "wb-button", say.word("Lasso", "noun"), {
    type: "button",
    title: say("Selects everything that you draw around (L)"),
    "aria-pressed": "false",
  });
  lasso.addEventListener("click", acts.toggleLasso);
  bar.append(lasso);
  const arrange = createElement("select", "wb-select", "", {
    "aria-label": say.word("Layout", "noun"),
    title: say("Arranges the chart again. Pinned entities do not move."),
  });
  arrange.append(createElement("option", "", say.word("Layout…", "noun"), { value: "" }));
  for (const name of store.model.get("arrangements") ?? [])
    arrange.append(createElement("option", "", say.term("layouts", name), { value: name }));
  arrange.addEventListener("change", () => {
    if (arrange.value) store.runCommand("arrange", { how: arrange.value });
    arrange.value = "";
  });
  updates.push(() => {
    arrange.disabled = !store.isAlive;
  });
  bar.append(arrange, buildColourMenu(store, updates));
  if (getOffers(store).deeds?.length) bar.append(buildFormMenu(store, acts, updates));
  bar.append(buildSearch(store, acts));
  return { bar, lassoButton: lasso, updateButtons: () => updates.forEach((one) => one()) };
}

/**
 * By what the nodes are coloured.
 * @param {Store} store
 * @param {(() => void)[]} updates
 */
function buildColourMenu(store, updates) {
  const { say } = store.words;
  const list = createElement("select", "wb-select wb-colours", "", {
    "aria-label": say("Colour by"),
    title: say("Colours the entities by type or by an attribute"),
  });
  list.addEventListener("change", () => store.runCommand("style", { by: list.value }));
  let offered = "";
  updates.push(() => {
    const names = [...store.table.styles.keys()];
    list.hidden = !names.length;
    if (offered !== (offered = JSON.stringify(names))) {
      list.replaceChildren(
        ...["", ...names].map((name) =>
          createElement(
            "option",
            "",
            name ? say("Colour by {name}", { name: say.term("attributes", name) }) : say("Colour by…"),
            { value: name },
          ),
        ),
      );
    }
    const [first] = list.options;
    first.textContent = store.state.style ? say("Colour by type") : say("Colour by…");
    list.value = names.includes(store.state.style) ? store.state.style : "";
  });
  return list;
}

/**
 * What can be said by hand with what is chosen.
 * @param {Store} store
 * @param {Acts} acts
 * @param {(() => void)[]} updates
 */
function buildFormMenu(store, acts, updates) {
  const { say } = store.words;
  const list = createElement("select", "wb-select wb-by-hand", "", {
    "aria-label": say("Enter manually"),
    title: say(`Adds, links, merges, splits, renames or corrects entities. Each change is saved in the case with
      its reason. Additions, links and corrections are also saved with their source.`),
  });
  list.addEventListener("change", () => {
    const deed = list.value;
    list.value = "";
    if (deed) acts.openOfficerForm(deed);
  });
  updates.push(() => {
    list.replaceChildren(
      createElement("option", "", say("Enter manually…"), { value: "" }),
      ...listForms(store).map(([name, label]) => createElement("option", "", `${label}…`, { value: name })),
    );
    list.disabled = !store.isAlive;
  });
  return list;
}

/**
 * The search field: what is on the chart is shown, what the source has is brought.
 * @param {Store} store
 * @param {Acts} acts
 */
function buildSearch(store, acts) {
  const { say } = store.words;
  const box = createElement("div", "wb-find");
  const input = createElement("input", "wb-input", "", {
    type: "search",
    placeholder: say.word("Search", "verb"),
    "aria-label": say("Searches the chart and the data"),
  });
  const list = createElement("ul", "wb-hits", "", { role: "listbox", "aria-label": say.word("Results", "noun") });
  list.hidden = true;
  const addHit = (/** @type {string} */ id, /** @type {string} */ label, /** @type {boolean} */ there) => {
    const row = createElement("li", "wb-hit", there ? label : say("{label} (not on the chart)", { label }), {
      role: "option",
      tabindex: "0",
      dir: "auto",
    });
    const selectHit = () => {
      list.hidden = true;
      if (there) store.runCommand("select", { ids: [id] });
      else store.runCommand("add", { ids: [id] });
      if (there) acts.showItem(id);
    };
    row.addEventListener("click", selectHit);
    row.addEventListener("keydown", (event) => event.key === "Enter" && selectHit());
    list.append(row);
  };
  let asked = 0;
  input.addEventListener("input", async () => {
    const number = ++asked;
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.replaceChildren();
    list.hidden = !words.length;
    if (!words.length) return;
    const { nodes } = computeVisible(store.table, store.state);
    const hits = [];
    for (let row = 0; row < nodes.length && hits.length < 12; row++) {
      const text = `${store.table.labels[row]} ${store.table.latin[row] ?? ""}`.toLowerCase();
      if (nodes[row] && words.every((word) => text.includes(word))) hits.push(row);
    }
    for (const row of hits) addHit(store.table.ids[row], store.table.labels[row], true);
    const more = store.isAlive ? await store.askKernel("search", input.value).catch(() => []) : [];
    if (number !== asked) return;
    for (const [id, label] of more) if (!nodes[store.table.rows.get(id) ?? -1]) addHit(id, label, false);
    if (!list.childElementCount) list.append(createElement("li", "wb-hit", say("No results")));
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") list.hidden = true;
    if (event.key === "Enter") /** @type {HTMLElement | null} */ (list.querySelector("[role=option]"))?.click();
  });
  box.append(input, list);
  return box;
}

const SIGNS = ["c", "s", "t"]; // custodians, services, suggestions

/**
 * The legend: what occurs on the chart, how often; a click hides and shows it.
 * @param {Store} store
 * @param {Pictures} pictures
 * @param {HTMLElement} box
 */
export function drawLegend(store, pictures, box) {
  const { table, state } = store;
  const { say } = store.words;
  /** @type {Record<string, (name: string) => string>} */
  const formatters = {
    schemas: (/** @type {string} */ name) => getOwn(pictures.icons, name)?.label ?? name,
    relations: (/** @type {string} */ name) => say.term("relations", name) || say("linked to"),
    strengths: (/** @type {string} */ name) => say.term("strengths", name),
    values: (/** @type {string} */ name) => {
      const [code, values] = getOwn(table.styles.get(state.style)?.said ?? {}, name) ?? ["", {}];
      return translateClass(say, code, values) || name || say("Not stated");
    },
  };
  const open = computeVisible(table, { ...state, filters: NO_FILTERS });
  const countNames = (
    /** @type {Uint8Array} */ seen,
    /** @type {ArrayLike<number>} */ column,
    /** @type {string[]} */ names,
  ) => {
    const counts = new Map();
    for (let row = 0; row < seen.length; row++)
      if (seen[row]) counts.set(names[column[row]], (counts.get(names[column[row]]) ?? 0) + 1);
    return [...counts].sort((one, other) => other[1] - one[1]).slice(0, 14);
  };
  const buildRows = (
    /** @type {"schemas" | "relations" | "strengths" | "values"} */ kind,
    /** @type {[string, number][]} */ counts,
    /** @type {(name: string) => HTMLElement} */ createSign,
  ) =>
    counts.map(([name, count]) => {
      const hidden = state.filters[kind].includes(name);
      const row = createElement("button", "wb-key", "", {
        type: "button",
        "aria-pressed": String(!hidden),
        title: hidden ? say.word("Show", "verb") : say.word("Hide", "verb"),
        "data-key": name,
      });
      row.append(
        createSign(name),
        createElement("span", "wb-key-name", formatters[kind](name), { dir: "auto" }),
        createElement("span", "wb-key-count", String(count)),
      );
      row.addEventListener("click", () => {
        const now = state.filters[kind];
        store.runCommand("filter", { [kind]: hidden ? now.filter((one) => one !== name) : [...now, name] });
      });
      return row;
    });
  const style = table.styles.get(state.style);
  const tint = style ? NEUTRAL : "";
  const createIcon = (/** @type {string} */ name, how = "") => {
    const held = createElement("span", "wb-key-icon");
    pictures.getImage(name, how, tint);
    const image = pictures.images.get(pictures.formatKey(name, how, tint));
    if (image) held.append(createElement("img", "", "", { src: image.src, alt: "", width: "18", height: "18" }));
    return held;
  };
  const signs = SIGNS.flatMap((how) => {
    const row = open.nodes.findIndex((seen, at) => seen > 0 && formatVariant(table.flags[at]).includes(how));
    if (row < 0 || (style && how === "s")) return [];
    const sign = createElement("div", "wb-sign");
    sign.append(
      createIcon(table.schemas[table.kinds[row]] ?? "", how),
      createElement("span", "wb-key-name", say.term("signs", how)),
    );
    return [sign];
  });
  const createStroke = (/** @type {string} */ name) => createElement("span", `wb-key-line wb-${name}`);
  box.replaceChildren(
    ...buildRows("schemas", countNames(open.nodes, table.kinds, table.schemas), (name) => createIcon(name)),
    ...signs,
    createElement("hr", ""),
    ...(style
      ? [
          createElement("div", "wb-key-head", style.name, { dir: "auto" }),
          ...buildRows("values", sortCounts(style.classes, countNames(open.nodes, style.of, style.classes)), (name) =>
            createSwatch(style, name),
          ),
          createElement("hr", ""),
        ]
      : []),
    ...buildRows("strengths", countNames(open.links, table.strength, STRENGTHS), createStroke),
    createElement("hr", ""),
    ...buildRows("relations", countNames(open.links, table.relation, table.relations), () =>
      createElement("span", "wb-key-icon"),
    ),
  );
}

/**
 * A class of a style that is none of the data's own values, by its code as style.py has it.
 * @param {import("../kit/words.js").Say} say
 * @param {string} code
 * @param {Record<string, any>} values
 */
function translateClass(say, code, { n, low, high }) {
  if (code === "yes") return say.word("yes", "state");
  if (code === "no") return say.word("no", "state");
  if (code === "other") return say.count("{n} other value", "{n} other values", n);
  return code === "range" ? say("{low} to {high}", { low, high }) : "";
}

/** Counts in the order of the classes. @param {string[]} classes @param {[string, number][]} counts */
function sortCounts(classes, counts) {
  return counts.sort(([one], [other]) => classes.indexOf(one) - classes.indexOf(other));
}

/**
 * The colour of a class; a ring where nothing is said.
 * @param {import("../model/table.js").Style} style
 * @param {string} name
 */
function createSwatch(style, name) {
  const held = createElement("span", name ? "wb-swatch" : "wb-swatch wb-missing");
  held.style.setProperty("--wb-swatch", style.colours[style.classes.indexOf(name)]);
  return held;
}

/**
 * A menu at a place of the chart.
 * @param {HTMLElement} root
 * @param {{x: number, y: number}} at
 * @param {[string, () => void][]} entries
 */
export function openMenu(root, at, entries) {
  root.querySelector(".wb-menu")?.remove();
  const box = createElement("div", "wb-menu", "", { role: "menu" });
  const closeMenu = () => {
    box.remove();
    document.removeEventListener("pointerdown", handleOutsidePress, true);
  };
  const handleOutsidePress = (/** @type {Event} */ event) => {
    if (!box.contains(/** @type {Node} */ (event.target))) closeMenu();
  };
  for (const [label, run] of entries) {
    const entry = createElement("button", "wb-menu-entry", label, { type: "button", role: "menuitem" });
    entry.addEventListener("click", () => {
      closeMenu();
      run();
    });
    box.append(entry);
  }
  box.addEventListener("keydown", (event) => {
    const list = /** @type {HTMLElement[]} */ ([...box.children]);
    const here = list.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) list[(here + step + list.length) % list.length].focus();
    if (event.key === "Escape") closeMenu();
    if (step || event.key === "Escape") event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("pointerdown", handleOutsidePress, true);
  root.append(box);
  box.style.left = `${Math.max(0, Math.min(at.x, root.clientWidth - box.offsetWidth - 4))}px`;
  box.style.top = `${Math.max(0, Math.min(at.y, root.clientHeight - box.offsetHeight - 4))}px`;
  /** @type {HTMLElement | null} */ (box.firstElementChild)?.focus();
  return box;
}
