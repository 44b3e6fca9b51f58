// A link chart in the page: reads the store, draws, and tells the store what a person does.

import { Camera } from "./camera.js";
import { listCommands, drawLegend, createElement, openMenu, buildToolbar } from "./controls.js";
import { computeBounds, buildPicture } from "./canvas/chart_items.js";
import { Pictures } from "./canvas/icons.js";
import { drawOverlay } from "./canvas/overlay.js";
import { nameGroup } from "./form.js";
import { listForms, openOfficerForm } from "./officer_forms.js";
import { bindKeys, bindPointer } from "./input.js";
import { isSmallPicture, createSurface } from "./canvas/surface.js";
import { escapeHidden } from "../kit/visible_text.js";
import { isDark, markTheme, watchTheme } from "../kit/theme.js";

/** @typedef {import("../model/store.js").Store} Store */
/** @typedef {import("./canvas/chart_items.js").Drawn} Drawn */
/** @typedef {import("./canvas/overlay.js").Theme} Theme */

const REDRAWN = /** @type {const} */ ([
  "nodes",
  "links",
  "positions",
  "filters",
  "time_range",
  "groups",
  "apart",
  "style",
]);

export class Chart {
  /**
   * @param {HTMLElement} el
   * @param {Store} store
   * @param {any} model the LinkChart as the page has it
   * @param {Camera} [camera] what of it was looked at before; by default it is fitted
   */
  constructor(el, store, model, camera) {
    this.store = store;
    this.say = store.words.say;
    this.model = model;
    this.camera = camera ?? new Camera();
    this.root = createElement("div", "wb-chart", "", {
      role: "application",
      tabindex: "0",
      "aria-label": store.words.say("Link chart {title}", { title: store.model.get("title") }).trim(),
      "data-lm-suppress-shortcuts": "true",
    });
    store.words.setLanguage(this.root);
    this.pictures = new Pictures({ ...model.get("icons") }, () => this.handleImageLoad());
    /** @type {Drawn} */
    this.picture = { items: [], lines: [], at: new Map(), light: false, largest: [] };
    /** @type {import("./canvas/surface.js").Surface | null} */
    this.surface = null;
    /** @type {any} */
    this.last = null;
    /** @type {number[][]} */
    this.lasso = [];
    this.lassoing = false;
    this.inSight = false;
    this.plain = true; // drawn on a plain canvas
    this.losses = 0; // times that the browser took WebGL away: it lets a page have a few at once
    this.again = Boolean(camera);
    this.fitted = this.again;
    this.frame = 0;
    const acts = {
      fit: () => this.fit(),
      zoom: (/** @type {number} */ by) => this.camera.zoom(by),
      toggleLasso: () => this.setLasso(!this.lassoing),
      showItem: (/** @type {string} */ id) => this.showItem(id),
      openOfficerForm: (/** @type {string} */ deed) => void openOfficerForm(this.stage, store, deed),
      nameGroup: (/** @type {string} */ id) => nameGroup(this.stage, store, id),
    };
    this.deeds = listCommands(store, acts);
    this.tools = buildToolbar(store, acts, this.deeds);
    this.stage = createElement("div", "wb-stage");
    this.stage.style.height = `${model.get("height")}px`;
    this.pad = createElement("canvas", "wb-over");
    this.legendBox = createElement("div", "wb-legend", "", {
      role: "group",
      "aria-label": this.say(`Legend: select an item
          to hide or show it`),
    });
    this.notes = createElement("div", "wb-notes");
    this.progress = createElement("label", "wb-progress");
    this.status = createElement("div", "wb-status", "", { role: "status", "aria-live": "polite" });
    this.head = createElement("div", "wb-head", "", { dir: "auto" });
    this.foot = createElement("div", "wb-foot", "", { dir: "auto" });
    this.pad.dir = "ltr"; // a canvas would turn what is written on it with the page
    this.stage.append(this.pad, this.notes, this.progress);
    const body = createElement("div", "wb-body");
    body.append(this.stage, this.legendBox);
    this.root.append(this.head, this.tools.bar, body, this.status, this.foot);
    el.append(this.root);
    this.theme = this.readTheme();
    this.pictures.background = this.theme.background;
    bindPointer(this);
    bindKeys(this);
    this.watchStage();
    this.updateHeading();
    this.showProgress();
    this.refresh();
    Object.assign(this.root, { wbChart: this }); // for tests
  }

  /** Starts when there is a size, draws when it is seen, gives the context back when it is not. */
  watchStage() {
    const sizes = new ResizeObserver(() => this.resize());
    sizes.observe(this.stage);
    const handleSight = (/** @type {IntersectionObserverEntry[]} */ entries) => {
      this.inSight = entries[entries.length - 1].isIntersecting;
      if (this.inSight) this.mountSurface();
      else this.unmountSurface();
    };
    const sight = new IntersectionObserver(handleSight, { rootMargin: "200px" });
    sight.observe(this.stage);
    const unfollow = watchTheme(() => this.recolour());
    const off = this.store.listen((what) => this.handleChange(what));
    for (const name of ["title", "mark", "as_at"]) this.store.model.on(`change:${name}`, () => this.updateHeading());
    this.model.on("change:foot", () => this.updateHeading());
    this.stop = () => {
      sizes.disconnect();
      sight.disconnect();
      unfollow();
      off();
      cancelAnimationFrame(this.frame);
      this.unmountSurface();
    };
  }

  mountSurface() {
    if (this.surface || !this.stage.clientWidth) return;
    const handleLoss = () => {
      this.unmountSurface();
      this.losses += 1;
      if (this.inSight) this.mountSurface();
    };
    this.plain = isSmallPicture(this.picture) || this.losses > 1;
    this.surface = createSurface(this.pictures, this.plain, handleLoss);
    this.stage.prepend(this.surface.canvas);
    this.surface.setPicture(this.picture, this.theme);
    this.resize();
  }

  /** Gives the surface another picture, or takes one that suits it better. */
  updateSurface() {
    if (this.surface && this.losses < 2 && this.plain !== isSmallPicture(this.picture)) {
      this.unmountSurface();
      this.mountSurface();
    } else this.surface?.setPicture(this.picture, this.theme);
  }

  unmountSurface() {
    const surface = this.surface;
    this.surface = null;
    surface?.release();
    surface?.canvas.remove();
  }

  resize() {
    const { clientWidth: wide, clientHeight: high } = this.stage;
    if (!wide || !high) return;
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.camera.width = wide;
    this.camera.height = high;
    if (!this.surface && this.inSight) this.mountSurface();
    for (const canvas of [this.pad, this.surface?.canvas]) {
      if (!canvas) continue;
      canvas.width = Math.round(wide * this.ratio);
      canvas.height = Math.round(high * this.ratio);
    }
    if (!this.fitted) this.fit();
    this.redraw();
  }

  /** @param {"state" | "hover" | "status" | "progress"} what */
  handleChange(what) {
    if (what === "progress") return this.showProgress();
    if (what === "status") this.status.textContent = escapeHidden(this.store.status);
    else if (what === "hover") this.redraw();
    else this.refresh();
  }

  /** Takes the state of the store. */
  refresh() {
    const { state, table } = this.store;
    const before = this.last;
    this.last = { state, table };
    if (!before || before.table !== table || REDRAWN.some((name) => before.state[name] !== state[name])) {
      this.picture = buildPicture(table, state, this.store.words);
      this.updateSurface();
      drawLegend(this.store, this.pictures, this.legendBox);
      if (!before) this.fitted = this.again;
      else if (!this.fitted) this.fit();
    }
    this.tools.updateButtons();
    this.updateNotes();
    this.redraw();
  }

  /** How far something long has come. */
  showProgress() {
    const { progress } = this.store;
    if (!progress && !this.progress.hidden) this.fitted = false; // what comes then lies elsewhere
    this.progress.hidden = !progress;
    this.progress.replaceChildren();
    this.status.textContent = progress?.said ?? "";
    if (progress)
      this.progress.append(
        progress.said,
        createElement("progress", "", "", { max: "1", value: String(progress.share) }),
      );
    this.tools.updateButtons();
  }

  updateHeading() {
    const [title, mark, date] = ["title", "mark", "as_at"].map((name) => this.store.model.get(name));
    this.head.replaceChildren();
    if (mark) this.head.append(createElement("span", "wb-mark", mark, { dir: "auto" }));
    if (title) this.head.append(createElement("strong", "", title, { dir: "auto" }));
    if (date) this.head.append(createElement("span", "wb-date", this.say("data as of {date}", { date })));
    this.head.hidden = !this.head.childElementCount;
    this.foot.textContent = this.model.get("foot") ?? "";
    this.foot.hidden = !this.foot.textContent;
  }

  /** Draws at the next frame. */
  redraw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (!this.surface || !this.camera.width) return;
      this.surface.draw(this.camera, this.ratio ?? 1);
      const context = /** @type {CanvasRenderingContext2D} */ (this.pad.getContext("2d"));
      context.setTransform(this.ratio ?? 1, 0, 0, this.ratio ?? 1, 0, 0);
      const { selection, pinned } = this.store.state;
      drawOverlay(context, this.picture, this.camera, {
        chosen: new Set(selection),
        hover: this.store.hover,
        pinned,
        theme: this.theme,
        lasso: this.lasso,
      });
      this.placeNotes();
    });
  }

  /** More pictures have come. */
  handleImageLoad() {
    this.surface?.updateIcons();
    this.redraw();
  }

  recolour() {
    this.theme = this.readTheme();
    this.pictures.background = this.theme.background;
    this.surface?.setPicture(this.picture, this.theme);
    this.redraw();
  }

  /** @returns {Theme} */
  readTheme() {
    markTheme(this.root);
    const dark = isDark();
    const style = getComputedStyle(this.root);
    const readColour = (/** @type {string} */ name, /** @type {string} */ other) =>
      style.getPropertyValue(name).trim() || other;
    return {
      background: readColour("--wb-background", dark ? "#16191d" : "#ffffff"),
      text: readColour("--wb-text", dark ? "#e6e8ea" : "#1b1f24"),
      faint: dark ? "#9aa4af" : "#59636e",
      line: dark ? "#8b949e" : "#6e7781",
      tentative: dark ? "#d4a72c" : "#9a6700",
      accent: dark ? "#56b4e9" : "#0072b2",
      font: style.fontFamily || "sans-serif",
    };
  }

  fit() {
    if (!this.camera.width || this.camera.width < 2) return;
    const chosen = new Set(this.store.state.selection);
    const some = this.fitted ? this.picture.items.filter((item) => chosen.has(item.id)) : [];
    const beside =
      getComputedStyle(this.legendBox).position === "absolute" && this.camera.width > 3 * this.legendBox.offsetWidth;
    this.camera.fit(
      computeBounds(some.length > 1 ? some : this.picture.items),
      beside ? this.legendBox.offsetWidth : 0,
    );
    this.fitted = true;
    this.redraw();
  }

  /** Brings an item into the middle. @param {string} id */
  showItem(id) {
    const item = this.picture.items[this.picture.at.get(id) ?? -1];
    if (!item) return;
    const [x, y] = this.camera.convertToScreen(item.x, item.y);
    if (x > 40 && y > 40 && x < this.camera.width - 40 && y < this.camera.height - 40) return this.redraw();
    this.camera.x = item.x;
    this.camera.y = item.y;
    this.redraw();
  }

  /** @param {boolean} on */
  setLasso(on) {
    this.lassoing = on;
    this.tools.lassoButton.setAttribute("aria-pressed", String(on));
    this.pad.style.cursor = on ? "crosshair" : "grab";
  }

  /** @param {string[]} ids @returns {Map<string, [number, number]>} */
  listPlaces(ids) {
    /** @type {Map<string, [number, number]>} */
    const found = new Map();
    for (const id of ids) {
      const item = this.picture.items[this.picture.at.get(id) ?? -1];
      if (item) found.set(id, [item.x, item.y]);
    }
    return found;
  }

  /** Shows items elsewhere while they are dragged. @param {Map<string, number[]>} places */
  moveItems(places) {
    for (const [id, [x, y]] of places) {
      const item = this.picture.items[this.picture.at.get(id) ?? -1];
      if (item) Object.assign(item, { x, y });
    }
    this.surface?.setPicture(this.picture, this.theme);
  }

  /** @param {{x: number, y: number}} at @param {string} id */
  async openMenu(at, id) {
    const { store } = this;
    const names = id.startsWith("link:")
      ? ["dismiss"]
      : id
        ? ["expand", "dismiss", "others", "neighbours", "pin", "unpin", "path", "timed", "group"]
        : ["fit", "all", "invert", "restore", "apart", "undo", "redo"];
    const able = names
      .map((name) => this.deeds[name])
      .filter(
        ({ needs = 0, kernel, isOffered = () => true }) =>
          isOffered() && store.state.selection.length >= needs && (!kernel || store.isAlive),
      );
    /** @type {[string, () => void][]} */
    const entries = able.map(({ label, keys: key, run }) => [key ? `${label}   ${key}` : label, run]);
    if (id.startsWith("group:"))
      entries.unshift(
        [this.say("Open the group"), () => store.runCommand("open_group", { id, on: true })],
        [`${this.say("Name the group…")}   F2`, () => nameGroup(this.stage, store, id)],
        [this.say.word("Ungroup", "verb"), () => store.runCommand("ungroup", { id })],
      );
    const group = store.state.groups.find((one) => one.open && one.members.includes(id));
    if (group)
      entries.unshift([this.say("Close the group"), () => store.runCommand("open_group", { id: group.id, on: false })]);
    const [x, y] = this.camera.convertToChart(at.x, at.y);
    for (const [deed, label] of id.startsWith("link:") ? [] : listForms(store))
      entries.push([`${label}…`, () => void openOfficerForm(this.stage, store, deed)]);
    if (!id)
      entries.push([
        this.say("Write a note here"),
        () => store.runCommand("note", { text: this.say.word("Note", "noun"), x, y }),
      ]);
    const shown = openMenu(this.stage, at, entries);
    if (!id || id.startsWith("link:") || id.startsWith("group:") || !store.isAlive) return;
    const counts = await store.askKernel("counts", id).catch(() => ({}));
    const entry = /** @type {HTMLElement | null} */ (shown.firstElementChild);
    if (entry?.textContent?.startsWith(this.deeds.expand.label))
      entry.textContent = `${this.say("Expand ({count} not on the chart)", { count: counts[id] ?? 0 })}   Ctrl+E`;
  }

  updateNotes() {
    const { notes, selection } = this.store.state;
    for (const gone of [...this.notes.children])
      if (!notes.some((note) => note.id === gone.getAttribute("data-id"))) gone.remove();
    for (const note of notes) {
      let box = /** @type {HTMLTextAreaElement | null} */ (
        [...this.notes.children].find((one) => one.getAttribute("data-id") === note.id) ?? null
      );
      if (!box) {
        const area = (box = createElement("textarea", "wb-note", "", {
          "data-id": note.id,
          "aria-label": this.say("Note on the chart"),
          dir: "auto",
          maxlength: "4000",
        }));
        area.addEventListener("change", () => this.store.runCommand("note", { text: area.value, id: note.id }));
        area.addEventListener("focus", () => this.store.runCommand("select", { ids: [note.id] }));
        this.notes.append(area);
      }
      if (document.activeElement !== box) box.value = escapeHidden(note.text);
      box.classList.toggle("chosen", selection.includes(note.id));
    }
  }

  placeNotes() {
    this.store.state.notes.forEach((note) => {
      const box = /** @type {HTMLElement | undefined} */ (
        [...this.notes.children].find((one) => one.getAttribute("data-id") === note.id)
      );
      if (!box) return;
      const [x, y] = this.camera.convertToScreen(note.x, note.y);
      box.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    });
  }
}
