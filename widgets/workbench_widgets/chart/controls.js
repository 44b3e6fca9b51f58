// Buttons, legend, search and menus around a chart. Text only ever goes in as text.

import { variant } from "./canvas/chart_items.js";
import { able, offers } from "./officer_forms.js";
import { NEUTRAL } from "./canvas/icons.js";
import { own } from "../kit/safe_records.js";
import { STRENGTHS } from "../model/table.js";
import { NO_FILTERS, visible } from "../model/state.js";

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
export function made(tag, name, text = "", attributes = {}) {
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
 * @property {() => void} lasso
 * @property {(id: string) => void} show
 * @property {(deed: string) => void} enter
 * @property {(id: string) => void} name of a group
 */

/**
 * What the selection is for a command: ids of nodes and groups.
 * @param {Store} store
 */
export function chosenNodes(store) {
  return store.state.selection.filter((id) => store.table.rows.has(id) || id.startsWith("group:"));
}

/**
 * A command with what it is called, its keys, and how many it needs chosen.
 * @typedef {{
 *   label: string, short?: string, keys: string, run: () => void, needs?: number, kernel?: boolean,
 *   offered?: () => boolean
 * }} Deed
 */
/**
 * The commands that buttons, menu and keys share.
 * @param {Store} store
 * @param {Acts} acts
 * @returns {Record<string, Deed>}
 */
export function deeds(store, acts) {
  const ids = () => [...store.state.selection];
  const nodes = () => chosenNodes(store);
  const whole = store.model.get("whole") ?? 0;
  const { say } = store.words;
  return {
    all: {
      label: say("Show all {count}", { count: whole }),
      keys: "",
      kernel: true,
      offered: () => store.alive && store.state.nodes.reduce((sum, on) => sum + on, 0) < whole,
      run: () => {
        store.far({ said: say("Loading {count} entities…", { count: whole }), share: 0 });
        store.do("show_all");
      },
    },
    expand: {
      label: say.word("Expand", "verb"),
      keys: "Ctrl+E",
      needs: 1,
      kernel: true,
      run: () => store.do("expand", { ids: nodes() }),
    },
    dismiss: {
      label: say("Remove from chart"),
      keys: "Delete",
      needs: 1,
      run: () => store.do("dismiss", { ids: ids() }),
    },
    others: {
      label: say("Remove others from the chart"),
      short: say("Remove others"),
      keys: "Ctrl+Shift+H",
      needs: 1,
      run: () => store.do("dismiss_others", { ids: nodes() }),
    },
    restore: {
      label: say("Show all removed items"),
      short: say("Show removed items"),
      keys: "",
      run: () => store.do("restore"),
    },
    neighbours: {
      label: say("Add neighbours to the selection"),
      keys: "N",
      needs: 1,
      run: () => store.do("neighbours"),
    },
    invert: { label: say("Invert the selection"), keys: "Ctrl+Alt+A", run: () => store.do("invert") },
    path: {
      label: say("Path between the two selected entities"),
      short: say.word("Path", "noun"),
      keys: "",
      needs: 2,
      run: () => store.do("path", { start: nodes()[0], end: nodes()[1], timed: false }),
    },
    timed: {
      label: say("Path in time order"),
      keys: "",
      needs: 2,
      run: () => store.do("path", { start: nodes()[0], end: nodes()[1], timed: true }),
    },
    pin: {
      label: say.word("Pin", "verb"),
      keys: "P",
      needs: 1,
      run: () => store.do("pin", { ids: nodes(), on: true }),
    },
    unpin: {
      label: say.word("Unpin", "verb"),
      keys: "Shift+P",
      needs: 1,
      run: () => store.do("pin", { ids: nodes(), on: false }),
    },
    group: { label: say.word("Group", "verb"), keys: "G", needs: 2, run: () => store.do("group", { ids: nodes() }) },
    name: {
      label: say("Name the group"),
      keys: "F2",
      needs: 1,
      run: () => acts.name(ids().find((id) => id.startsWith("group:")) ?? ""),
    },
    apart: {
      label: say("Combine or separate parallel links"),
      keys: "",
      run: () => store.do("apart", { on: !store.state.apart }),
    },
    undo: { label: say.word("Undo", "verb"), keys: "Ctrl+Z", run: () => store.do("undo") },
    redo: { label: say.word("Redo", "verb"), keys: "Ctrl+Y", run: () => store.do("redo") },
    fit: { label: say("Fit chart"), keys: "F", run: acts.fit },
  };
}

/**
 * The row of buttons.
 * @param {Store} store
 * @param {Acts} acts
 * @param {ReturnType<typeof deeds>} all
 */
export function toolbar(store, acts, all) {
  const { say } = store.words;
  const bar = made("div", "wb-bar", "", { role: "toolbar", "aria-label": say.word("Chart", "noun") });
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
    const { label, short = label, keys, run, needs = 0, kernel, offered = () => true } = all[name];
    const button = made("button", "wb-button", short, {
      type: "button",
      title: keys ? `${label} (${store.words.keys(keys)})` : label,
      "aria-label": label,
      "data-deed": name,
    });
    button.addEventListener("click", run);
    updates.push(() => {
      const depth = { undo: store.depth[0], redo: store.depth[1] }[name];
      button.hidden = !offered();
      button.disabled =
        Boolean(store.progress) ||
        (depth ?? 1) === 0 ||
        store.state.selection.length < needs ||
        Boolean(kernel && !store.alive);
    });
    bar.append(button);
  }
  const lasso = made("button", "wb-button", say.word("Lasso", "noun"), {
    type: "button",
    title: say("Selects everything that you draw around (L)"),
    "aria-pressed": "false",
  });
  lasso.addEventListener("click", acts.lasso);
  bar.append(lasso);
  const arrange = made("select", "wb-select", "", {
    "aria-label": say.word("Layout", "noun"),
    title: say("Arranges the chart again. Pinned entities do not move."),
  });
  arrange.append(made("option", "", say.word("Layout…", "noun"), { value: "" }));
  for (const name of store.model.get("arrangements") ?? [])
    arrange.append(made("option", "", say.term("layouts", name), { value: name }));
  arrange.addEventListener("change", () => {
    if (arrange.value) store.do("arrange", { how: arrange.value });
    arrange.value = "";
  });
  updates.push(() => {
    arrange.disabled = !store.alive;
  });
  bar.append(arrange, colours(store, updates));
  if (offers(store).deeds?.length) bar.append(byHand(store, acts, updates));
  bar.append(find(store, acts));
  return { bar, lasso, update: () => updates.forEach((one) => one()) };
}

/**
 * By what the nodes are coloured.
 * @param {Store} store
 * @param {(() => void)[]} updates
 */
function colours(store, updates) {
  const { say } = store.words;
  const list = made("select", "wb-select wb-colours", "", {
    "aria-label": say("Colour by"),
    title: say("Colours the entities by type or by an attribute"),
  });
  list.addEventListener("change", () => store.do("style", { by: list.value }));
  let offered = "";
  updates.push(() => {
    const names = [...store.table.styles.keys()];
    list.hidden = !names.length;
    if (offered !== (offered = JSON.stringify(names))) {
      list.replaceChildren(
        ...["", ...names].map((name) =>
          made(
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
function byHand(store, acts, updates) {
  const { say } = store.words;
  const list = made("select", "wb-select wb-by-hand", "", {
    "aria-label": say("Enter manually"),
    title: say(`Adds, links, merges, splits, renames or corrects entities. Each change is saved in the case with its
      source and reason.`),
  });
  list.addEventListener("change", () => {
    const deed = list.value;
    list.value = "";
    if (deed) acts.enter(deed);
  });
  updates.push(() => {
    list.replaceChildren(
      made("option", "", say("Enter manually…"), { value: "" }),
      ...able(store).map(([name, label]) => made("option", "", `${label}…`, { value: name })),
    );
    list.disabled = !store.alive;
  });
  return list;
}

/**
 * The search field: what is on the chart is shown, what the source has is brought.
 * @param {Store} store
 * @param {Acts} acts
 */
function find(store, acts) {
  const { say } = store.words;
  const box = made("div", "wb-find");
  const input = made("input", "wb-input", "", {
    type: "search",
    placeholder: say.word("Search", "verb"),
    "aria-label": say("Searches the chart and the data"),
  });
  const list = made("ul", "wb-hits", "", { role: "listbox", "aria-label": say.word("Results", "noun") });
  list.hidden = true;
  const entry = (/** @type {string} */ id, /** @type {string} */ label, /** @type {boolean} */ there) => {
    const row = made("li", "wb-hit", there ? label : say("{label} (not on the chart)", { label }), {
      role: "option",
      tabindex: "0",
      dir: "auto",
    });
    const choose = () => {
      list.hidden = true;
      if (there) store.do("select", { ids: [id] });
      else store.do("add", { ids: [id] });
      if (there) acts.show(id);
    };
    row.addEventListener("click", choose);
    row.addEventListener("keydown", (event) => event.key === "Enter" && choose());
    list.append(row);
  };
  let asked = 0;
  input.addEventListener("input", async () => {
    const number = ++asked;
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.replaceChildren();
    list.hidden = !words.length;
    if (!words.length) return;
    const { nodes } = visible(store.table, store.state);
    const hits = [];
    for (let row = 0; row < nodes.length && hits.length < 12; row++) {
      const text = `${store.table.labels[row]} ${store.table.latin[row] ?? ""}`.toLowerCase();
      if (nodes[row] && words.every((word) => text.includes(word))) hits.push(row);
    }
    for (const row of hits) entry(store.table.ids[row], store.table.labels[row], true);
    const more = store.alive ? await store.ask("search", input.value).catch(() => []) : [];
    if (number !== asked) return;
    for (const [id, label] of more) if (!nodes[store.table.rows.get(id) ?? -1]) entry(id, label, false);
    if (!list.childElementCount) list.append(made("li", "wb-hit", say("No results")));
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
export function legend(store, pictures, box) {
  const { table, state } = store;
  const { say } = store.words;
  const called = {
    schemas: (/** @type {string} */ name) => own(pictures.icons, name)?.label ?? name,
    relations: (/** @type {string} */ name) => say.term("relations", name) || say("linked to"),
    strengths: (/** @type {string} */ name) => say.term("strengths", name),
    values: (/** @type {string} */ name) => {
      const [code, values] = own(table.styles.get(state.style)?.said ?? {}, name) ?? ["", {}];
      return classLabel(say, code, values) || name || say("Not stated");
    },
  };
  const open = visible(table, { ...state, filters: NO_FILTERS });
  const tally = (
    /** @type {Uint8Array} */ seen,
    /** @type {ArrayLike<number>} */ column,
    /** @type {string[]} */ names,
  ) => {
    const counts = new Map();
    for (let row = 0; row < seen.length; row++)
      if (seen[row]) counts.set(names[column[row]], (counts.get(names[column[row]]) ?? 0) + 1);
    return [...counts].sort((one, other) => other[1] - one[1]).slice(0, 14);
  };
  const rows = (
    /** @type {"schemas" | "relations" | "strengths" | "values"} */ kind,
    /** @type {[string, number][]} */ counts,
    /** @type {(name: string) => HTMLElement} */ sign,
  ) =>
    counts.map(([name, count]) => {
      const hidden = state.filters[kind].includes(name);
      const row = made("button", "wb-key", "", {
        type: "button",
        "aria-pressed": String(!hidden),
        title: hidden ? say.word("Show", "verb") : say.word("Hide", "verb"),
        "data-key": name,
      });
      row.append(
        sign(name),
        made("span", "wb-key-name", called[kind](name), { dir: "auto" }),
        made("span", "wb-key-count", String(count)),
      );
      row.addEventListener("click", () => {
        const now = state.filters[kind];
        store.do("filter", { [kind]: hidden ? now.filter((one) => one !== name) : [...now, name] });
      });
      return row;
    });
  const style = table.styles.get(state.style);
  const tint = style ? NEUTRAL : "";
  const icon = (/** @type {string} */ name, how = "") => {
    const held = made("span", "wb-key-icon");
    pictures.get(name, how, tint);
    const image = pictures.images.get(pictures.key(name, how, tint));
    if (image) held.append(made("img", "", "", { src: image.src, alt: "", width: "18", height: "18" }));
    return held;
  };
  const signs = SIGNS.flatMap((how) => {
    const row = open.nodes.findIndex((seen, at) => seen > 0 && variant(table.flags[at]).includes(how));
    if (row < 0 || (style && how === "s")) return [];
    const sign = made("div", "wb-sign");
    sign.append(icon(table.schemas[table.kinds[row]] ?? "", how), made("span", "wb-key-name", say.term("signs", how)));
    return [sign];
  });
  const stroke = (/** @type {string} */ name) => made("span", `wb-key-line wb-${name}`);
  box.replaceChildren(
    ...rows("schemas", tally(open.nodes, table.kinds, table.schemas), (name) => icon(name)),
    ...signs,
    made("hr", ""),
    ...(style
      ? [
          made("div", "wb-key-head", style.name, { dir: "auto" }),
          ...rows("values", ordered(style.classes, tally(open.nodes, style.of, style.classes)), (name) =>
            swatch(style, name),
          ),
          made("hr", ""),
        ]
      : []),
    ...rows("strengths", tally(open.links, table.strength, STRENGTHS), stroke),
    made("hr", ""),
    ...rows("relations", tally(open.links, table.relation, table.relations), () => made("span", "wb-key-icon")),
  );
}

/**
 * A class of a style that is none of the data's own values, by its code as style.py has it.
 * @param {import("../kit/words.js").Say} say
 * @param {string} code
 * @param {Record<string, any>} values
 */
function classLabel(say, code, { n, low, high }) {
  if (code === "yes") return say.word("yes", "state");
  if (code === "no") return say.word("no", "state");
  if (code === "other") return say.count("{n} other value", "{n} other values", n);
  return code === "range" ? say("{low} to {high}", { low, high }) : "";
}

/** Counts in the order of the classes. @param {string[]} classes @param {[string, number][]} counts */
function ordered(classes, counts) {
  return counts.sort(([one], [other]) => classes.indexOf(one) - classes.indexOf(other));
}

/**
 * The colour of a class; a ring where nothing is said.
 * @param {import("../model/table.js").Style} style
 * @param {string} name
 */
function swatch(style, name) {
  const held = made("span", name ? "wb-swatch" : "wb-swatch wb-missing");
  held.style.setProperty("--wb-swatch", style.colours[style.classes.indexOf(name)]);
  return held;
}

/**
 * A menu at a place of the chart.
 * @param {HTMLElement} root
 * @param {{x: number, y: number}} at
 * @param {[string, () => void][]} entries
 */
export function menu(root, at, entries) {
  root.querySelector(".wb-menu")?.remove();
  const box = made("div", "wb-menu", "", { role: "menu" });
  const close = () => {
    box.remove();
    document.removeEventListener("pointerdown", away, true);
  };
  const away = (/** @type {Event} */ event) => {
    if (!box.contains(/** @type {Node} */ (event.target))) close();
  };
  for (const [label, run] of entries) {
    const entry = made("button", "wb-menu-entry", label, { type: "button", role: "menuitem" });
    entry.addEventListener("click", () => {
      close();
      run();
    });
    box.append(entry);
  }
  box.addEventListener("keydown", (event) => {
    const list = /** @type {HTMLElement[]} */ ([...box.children]);
    const here = list.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) list[(here + step + list.length) % list.length].focus();
    if (event.key === "Escape") close();
    if (step || event.key === "Escape") event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("pointerdown", away, true);
  root.append(box);
  box.style.left = `${Math.max(0, Math.min(at.x, root.clientWidth - box.offsetWidth - 4))}px`;
  box.style.top = `${Math.max(0, Math.min(at.y, root.clientHeight - box.offsetHeight - 4))}px`;
  /** @type {HTMLElement | null} */ (box.firstElementChild)?.focus();
  return box;
}
