// Pointer and keys on a chart: choose, drag, pan, zoom, lasso.

import { listItemsInside, findItemAt } from "./canvas/chart_items.js";
import { listSelectedNodes } from "./controls.js";

/** @typedef {import("./view.js").Chart} Chart */
/**
 * A button of the mouse that is down: on what, since when, and what it does.
 * @typedef {{
 *   x: number, y: number, id: string, moved: boolean, kind: "pan" | "drag" | "lasso",
 *   start: Map<string, [number, number]>, add: boolean
 * }} Press
 */

const STILL = 4; // pixels up to which a press is a click

/** @param {Chart} chart */
export function bindPointer(chart) {
  const { pad, camera, store } = chart;
  /** @type {Press | null} */
  let press = null;
  const readPoint = (/** @type {MouseEvent} */ event) => {
    const box = pad.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const findHit = (/** @type {{x: number, y: number}} */ point) => {
    const [x, y] = camera.convertToChart(point.x, point.y);
    return findItemAt(chart.picture, x, y, Math.max(camera.radius, 8) / camera.scale, 5 / camera.scale);
  };

  pad.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    chart.root.focus({ preventScroll: true });
    const point = readPoint(event);
    const id = findHit(point);
    const node = id && !id.startsWith("link:");
    const kind = chart.lassoing || (event.shiftKey && !node) ? "lasso" : node ? "drag" : "pan";
    const moving = node && store.state.selection.includes(id) ? listSelectedNodes(store) : node ? [id] : [];
    press = {
      ...point,
      id,
      moved: false,
      kind,
      add: event.shiftKey || event.ctrlKey || event.metaKey,
      start: chart.listPlaces(moving),
    };
    chart.lasso = [];
    try {
      pad.setPointerCapture(event.pointerId);
    } catch {
      // a pointer that is no longer there
    }
  });

  pad.addEventListener("pointermove", (event) => {
    const point = readPoint(event);
    if (!press) {
      const id = findHit(point);
      pad.style.cursor = id ? "pointer" : chart.lassoing ? "crosshair" : "grab";
      store.setHover(id);
      return;
    }
    if (!press.moved && Math.hypot(point.x - press.x, point.y - press.y) < STILL) return;
    press.moved = true;
    if (press.kind === "pan") {
      camera.pan(event.movementX, event.movementY);
    } else if (press.kind === "lasso") {
      chart.lasso.push([point.x, point.y]);
    } else {
      const [dx, dy] = [(point.x - press.x) / camera.scale, (point.y - press.y) / camera.scale];
      chart.moveItems(new Map([...press.start].map(([id, [x, y]]) => [id, [x + dx, y + dy]])));
    }
    chart.redraw();
  });

  const handleRelease = (/** @type {PointerEvent} */ event) => {
    if (!press) return;
    const { id, moved, kind, add, start, x, y } = press;
    press = null;
    const point = readPoint(event);
    if (!moved) store.runCommand("select", { ids: id ? [id] : [], add });
    else if (kind === "lasso") {
      const polygon = chart.lasso.map(([px, py]) => camera.convertToChart(px, py));
      store.runCommand("select", { ids: listItemsInside(chart.picture.items, polygon), add });
    } else if (kind === "drag") {
      const [dx, dy] = [(point.x - x) / camera.scale, (point.y - y) / camera.scale];
      store.runCommand("move", {
        places: Object.fromEntries([...start].map(([name, [px, py]]) => [name, [px + dx, py + dy]])),
      });
    }
    chart.lasso = [];
    chart.setLasso(false);
    chart.redraw();
  };
  pad.addEventListener("pointerup", handleRelease);
  pad.addEventListener("pointercancel", () => {
    press = null;
    chart.lasso = [];
    chart.refresh();
  });
  pad.addEventListener("pointerleave", () => store.setHover(""));

  pad.addEventListener("dblclick", (event) => {
    const id = findHit(readPoint(event));
    if (id.startsWith("group:")) store.runCommand("open_group", { id, on: true });
    else if (id && !id.startsWith("link:") && store.isAlive) store.runCommand("expand", { ids: [id] });
  });

  pad.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !chart.root.contains(document.activeElement)) return; // the page scrolls
      event.preventDefault();
      const point = readPoint(event);
      camera.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), point.x, point.y);
      chart.redraw();
    },
    { passive: false },
  );

  pad.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    const point = readPoint(event);
    const id = findHit(point);
    if (id && !store.state.selection.includes(id)) store.runCommand("select", { ids: [id] });
    chart.openMenu(point, id);
  });
}

/** @param {Chart} chart */
export function bindKeys(chart) {
  const { root, store, camera } = chart;
  const selectNext = (/** @type {number} */ by) => {
    const list = chart.picture.items;
    if (!list.length) return;
    const here = list.findIndex((item) => item.id === store.state.selection[store.state.selection.length - 1]);
    const item = list[(here + by + list.length) % list.length];
    store.runCommand("select", { ids: [item.id] });
    chart.showItem(item.id);
    store.showStatus(item.label);
  };
  /** @type {Record<string, () => void>} */
  const plain = {
    f: chart.deeds.fit.run,
    p: chart.deeds.pin.run,
    P: chart.deeds.unpin.run,
    n: chart.deeds.neighbours.run,
    g: chart.deeds.group.run,
    F2: chart.deeds.name.run,
    l: () => chart.setLasso(!chart.lassoing),
    Delete: chart.deeds.dismiss.run,
    Backspace: chart.deeds.dismiss.run,
    Escape: () => store.runCommand("select", { ids: [] }),
    "+": () => camera.zoom(1.3),
    "=": () => camera.zoom(1.3),
    "-": () => camera.zoom(1 / 1.3),
    ArrowLeft: () => camera.pan(60, 0),
    ArrowRight: () => camera.pan(-60, 0),
    ArrowUp: () => camera.pan(0, 60),
    ArrowDown: () => camera.pan(0, -60),
    ".": () => selectNext(1),
    ",": () => selectNext(-1),
    "/": () => /** @type {HTMLElement | null} */ (root.querySelector(".wb-input"))?.focus(),
  };
  /** @type {Record<string, () => void>} */
  const withControl = {
    e: chart.deeds.expand.run,
    h: chart.deeds.dismiss.run,
    H: chart.deeds.others.run,
    z: chart.deeds.undo.run,
    y: chart.deeds.redo.run,
    Z: chart.deeds.redo.run,
    a: () => store.runCommand("select", { ids: chart.picture.items.map((item) => item.id) }),
    f: chart.deeds.fit.run,
  };
  root.addEventListener("keydown", (event) => {
    if (
      event.target instanceof HTMLInputElement ||
      event.target instanceof HTMLTextAreaElement ||
      event.target instanceof HTMLSelectElement
    )
      return;
    const control = event.ctrlKey || event.metaKey;
    const run =
      control && event.altKey && event.key.toLowerCase() === "a"
        ? chart.deeds.invert.run
        : control
          ? withControl[event.key]
          : event.altKey
            ? undefined
            : plain[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
    chart.redraw();
  });
}
