// A map in the page: places as points and heaps, what cells are said to cover, how somebody moved. Outlines of
// countries lie in the bundle; streets only where the reader gives a file or an address. What is chosen here is chosen
// on the chart.

import L from "leaflet";
import { escapeHidden } from "../kit/visible_text.js";
import { isMotionReduced } from "../kit/theme.js";
import { computeBounds, groupPlaces, listMovements, alignLongitude, placeBoxes, buildSector } from "./shapes.js";

/** @typedef {import("./shapes.js").Places} Places */
/**
 * @typedef {{
 *   background: string, land: string, text: string, faint: string, line: string, accent: string, font: string
 * }} Theme
 */
/**
 * What a map asks of the chart it belongs to.
 * @typedef {object} Chart
 * @property {() => Places} getPlaces
 * @property {(node: number) => boolean} isVisible
 * @property {(node: number) => string} getLabel
 * @property {(node: number) => string} getColour
 * @property {() => number[]} listSelected rows of nodes
 * @property {() => [number, number] | null} getTimeRange
 * @property {(nodes: number[], add: boolean) => void} selectNodes
 * @property {(node: number) => void} hoverNode
 * @property {(at: number) => string} formatTime a time in words
 * @property {() => Theme} getTheme
 * @property {import("../kit/words.js").Words} words
 */
/**
 * @typedef {{ rows: number[], nodes: number[], at: [number, number], name: string, radius: number, lit: boolean }} Spot
 */
/**
 * Pieces of a map, by how near it is looked at.
 * @typedef {{
 *   least: number, most: number, attribution: string,
 *   loadTile: (zoom: number, column: number, row: number) => Promise<Blob | null>
 * }} Tiles
 */
/**
 * @typedef {object} Ground what lies under the places
 * @property {any} outlines GeoJSON of countries
 * @property {any[]} layers GeoJSON of the reader
 * @property {Tiles | null} tiles
 * @property {{ url: string, attribution: string } | null} address
 */

const HEAP = 26; // pixels within which places are one heap
const SECTORS = 300;
const NAMES = 60;
const WAYS = 200;
const STILL = { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false };

export class MapView {
  /**
   * @param {HTMLElement} root
   * @param {Chart} chart
   * @param {Ground} ground
   */
  constructor(root, chart, ground) {
    this.root = root;
    this.chart = chart;
    this.say = chart.words.say;
    this.drawn = { ways: true, cells: true, names: true };
    this.fitted = false;
    root.classList.add("wm");
    root.dataset.lmSuppressShortcuts = "true";
    this.bar = createElement("div", "wm-bar");
    this.note = createElement("span", "wm-note");
    this.pane = createElement("div", "wm-pane");
    this.buildButtons();
    root.append(this.bar, this.pane);
    this.pane.setAttribute("role", "application");
    this.pane.setAttribute(
      "aria-label",
      this.say(`Map. Arrow keys move the map. The plus and minus keys zoom in and out. The table shows the same
        places.`),
    );
    this.map = L.map(this.pane, {
      preferCanvas: true,
      worldCopyJump: true,
      minZoom: 1,
      maxZoom: 19,
      zoomSnap: 0.5,
      attributionControl: true,
      zoomControl: false,
      scrollWheelZoom: false,
      ...(isMotionReduced() ? STILL : {}),
    });
    this.pane.dir = "ltr";
    L.control
      .zoom({ zoomInTitle: this.say.word("Zoom in", "map"), zoomOutTitle: this.say.word("Zoom out", "map") })
      .addTo(this.map);
    this.map.attributionControl.setPrefix(false);
    this.map.setView([25, 10], 1.5);
    this.pane.addEventListener("wheel", (event) => this.handleWheel(event), { passive: false });
    this.under = this.buildGround(ground);
    this.over = L.layerGroup().addTo(this.map);
    this.map.on("moveend", () => this.draw());
    this.map.on("click", () => this.chart.selectNodes([], false));
    this.observer = new ResizeObserver(() => this.handleResize());
    this.observer.observe(this.pane);
  }

  buildButtons() {
    this.bar.setAttribute("role", "toolbar");
    this.bar.setAttribute("aria-label", this.say.term("titles", "map"));
    const all = /** @type {HTMLButtonElement} */ (createElement("button", "wm-button", this.say("Fit map")));
    Object.assign(all, {
      type: "button",
      title: this.say(`Zooms to the places of the selected entities, or to all
      places`),
      onclick: () => this.fit(),
    });
    this.bar.append(all);
    for (const [name, text, about] of listSwitches(this.chart.words)) {
      const label = createElement("label", "wm-switch");
      label.title = about;
      const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
      box.onchange = () => {
        this.drawn[name] = box.checked;
        this.draw();
      };
      label.append(box, text);
      this.bar.append(label);
    }
    this.bar.append(this.note);
  }

  /** What lies under the places. @param {Ground} ground */
  buildGround({ outlines, layers, tiles, address }) {
    const theme = this.chart.getTheme();
    const style = { color: theme.line, weight: 1, fillColor: theme.land, fillOpacity: 1, interactive: false };
    const made = [
      L.geoJSON(outlines, { style: () => style, interactive: false, attribution: this.say("Map data: Natural Earth") }),
    ];
    if (tiles) made.push(/** @type {any} */ (createTileLayer(tiles)));
    if (address)
      made.push(
        /** @type {any} */ (L.tileLayer(address.url, { attribution: escapeHtml(address.attribution), maxZoom: 19 })),
      );
    for (const layer of layers)
      made.push(
        L.geoJSON(layer, {
          style: () => ({ color: theme.text, weight: 1.5, fillOpacity: 0.05 }),
          pointToLayer: (_, at) => L.circleMarker(at, { radius: 3, color: theme.text, weight: 1 }),
          onEachFeature: bindTooltip,
        }),
      );
    for (const one of made) one.addTo(this.map);
    return made;
  }

  /** In the colours of the theme as it is now. */
  recolour() {
    const theme = this.chart.getTheme();
    this.pane.style.background = theme.background;
    this.under[0].setStyle({ color: theme.line, fillColor: theme.land });
    this.draw();
  }

  /** @param {WheelEvent} event */
  handleWheel(event) {
    if (!(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.map.setZoomAround(
      this.map.mouseEventToContainerPoint(event),
      this.map.getZoom() + (event.deltaY > 0 ? -0.5 : 0.5),
    );
  }

  handleResize() {
    if (this.pane.clientWidth < 50) return;
    this.map.invalidateSize({ animate: false });
    if (this.fitted) return;
    this.fitted = true;
    this.recolour();
    this.fit();
  }

  /** Rows of places that are shown: of nodes on the chart, dated ones in the time that is chosen. */
  listRows() {
    const { at, node } = this.chart.getPlaces();
    const range = this.chart.getTimeRange();
    return [...at.keys()].filter(
      (row) =>
        this.chart.isVisible(node[row]) &&
        (!range || Number.isNaN(at[row]) || (at[row] >= range[0] && at[row] <= range[1])),
    );
  }

  fit() {
    const chosen = new Set(this.chart.listSelected());
    const rows = this.listRows();
    const mine = rows.filter((row) => chosen.has(this.chart.getPlaces().node[row]));
    const found = computeBounds(this.chart.getPlaces(), mine.length ? mine : rows);
    if (found)
      this.map.fitBounds(/** @type {any} */ (found.map(([lon, lat]) => [lat, lon])), {
        padding: [40, 40],
        maxZoom: 15,
        animate: false,
      });
    this.draw();
  }

  draw() {
    if (this.pane.clientWidth < 50) return;
    this.over.clearLayers();
    const places = this.chart.getPlaces();
    const rows = this.listRows();
    const chosen = new Set(this.chart.listSelected());
    if (this.drawn.cells) this.drawAreas(places, rows);
    if (this.drawn.ways) this.drawMovements(places, rows, chosen);
    const found = groupPlaces(places, rows, this.map.getZoom(), HEAP).map((heap) =>
      this.buildSpot(places, heap, chosen),
    );
    for (const one of [...found].reverse()) this.drawDisc(places, one);
    if (this.drawn.names) this.drawNames(found);
    this.note.textContent = rows.length
      ? this.say("Places: {places}. Entities: {entities}", {
          places: rows.length,
          entities: new Set(rows.map((row) => places.node[row])).size,
        })
      : this.say("No entity on this chart has a place.");
  }

  /** @param {Places} places @param {number[]} rows */
  drawAreas(places, rows) {
    const wide = rows.filter((row) => places.radius[row] > 0);
    /** @type {Set<string>} */
    const seen = new Set();
    for (const row of wide) {
      const { lon, lat, radius, azimuth, beam } = places;
      const key = [lon[row], lat[row], radius[row], azimuth[row], beam[row], places.node[row]].join();
      if (seen.has(key) || seen.size >= SECTORS) continue;
      seen.add(key);
      const line = buildSector([lon[row], lat[row]], { radius: radius[row], azimuth: azimuth[row], beam: beam[row] });
      const colour = this.chart.getColour(places.node[row]);
      L.polygon(
        line.map(([x, y]) => /** @type {[number, number]} */ ([y, x])),
        { color: colour, weight: 1, opacity: 0.6, fillColor: colour, fillOpacity: 0.12, interactive: false },
      ).addTo(this.over);
    }
  }

  /** @param {Places} places @param {number[]} rows @param {Set<number>} chosen */
  drawMovements(places, rows, chosen) {
    const all = [...listMovements(places, rows)].sort(
      (a, b) => Number(chosen.has(b[0])) - Number(chosen.has(a[0])) || b[1].length - a[1].length,
    );
    for (const [node, way] of all.slice(0, WAYS)) {
      const faded = chosen.size > 0 && !chosen.has(node);
      let lon = places.lon[way[0]];
      const line = way.map(
        (row) => /** @type {[number, number]} */ ([places.lat[row], (lon = alignLongitude(places.lon[row], lon))]),
      );
      const colour = this.chart.getColour(node);
      L.polyline(line, {
        color: colour,
        weight: chosen.has(node) ? 3 : 2,
        opacity: faded ? 0.25 : 0.8,
        interactive: false,
      }).addTo(this.over);
      if (!faded) this.drawArrows(line, colour);
    }
  }

  /**
   * Which way it went, in the middle of each leg that is long enough to see.
   * @param {[number, number][]} line
   * @param {string} colour
   */
  drawArrows(line, colour) {
    for (let leg = 1; leg < line.length; leg++) {
      const [from, to] = [line[leg - 1], line[leg]].map((at) => this.map.latLngToLayerPoint(at));
      const length = from.distanceTo(to);
      if (length < 40) continue;
      const [ahead, aside] = [
        to.subtract(from).divideBy(length),
        L.point(-(to.y - from.y) / length, (to.x - from.x) / length),
      ];
      const middle = from.add(to).divideBy(2);
      const corners = [
        middle.add(ahead.multiplyBy(7)),
        middle.subtract(ahead.multiplyBy(5)).add(aside.multiplyBy(5)),
        middle.subtract(ahead.multiplyBy(5)).subtract(aside.multiplyBy(5)),
      ];
      L.polygon(
        corners.map((at) => this.map.layerPointToLatLng(at)),
        { stroke: false, fillColor: colour, fillOpacity: 0.95, interactive: false },
      ).addTo(this.over);
    }
  }

  /**
   * A heap as it is drawn. @param {Places} places @param {number[]} rows @param {Set<number>} chosen
   * @returns {Spot}
   */
  buildSpot(places, rows, chosen) {
    const nodes = [...new Set(rows.map((row) => places.node[row]))];
    const at = /** @type {[number, number]} */ ([computeMean(rows, places.lat), computeMean(rows, places.lon)]);
    const name =
      nodes.length > 1
        ? this.say.count("{n} entity", "{n} entities", nodes.length)
        : places.labels[rows[0]] || this.chart.getLabel(nodes[0]);
    return {
      rows,
      nodes,
      at,
      name: [...name].slice(0, 40).join(""),
      radius: Math.min(18, 6 + 2.2 * Math.log2(rows.length)),
      lit: nodes.some((node) => chosen.has(node)),
    };
  }

  /** @param {Places} places @param {Spot} spot */
  drawDisc(places, { rows, nodes, at, radius, lit }) {
    const theme = this.chart.getTheme();
    const sure = Math.min(...rows.map((row) => places.strength[row])) === 0;
    const disc = L.circleMarker(at, {
      radius,
      color: lit ? theme.accent : theme.background,
      weight: lit ? 4 : 2,
      fillColor: nodes.length === 1 ? this.chart.getColour(nodes[0]) : theme.text,
      fillOpacity: sure ? 0.95 : 0.45,
      dashArray: sure ? undefined : "3 3",
    }).addTo(this.over);
    disc.bindTooltip(() => this.buildTooltip(places, rows, nodes), {
      direction: "top",
      className: "wm-tip",
      offset: [0, -radius],
    });
    disc.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      this.chart.selectNodes(nodes, event.originalEvent.shiftKey);
    });
    disc.on("mouseover", () => this.chart.hoverNode(nodes[0]));
    disc.on("mouseout", () => this.chart.hoverNode(-1));
    if (rows.length > 1) this.drawText(at, String(rows.length), "wm-count");
  }

  /** Names where they touch neither a disc nor another name; those of what is chosen first. @param {Spot[]} spots */
  drawNames(spots) {
    const seen = this.map.getBounds();
    const here = spots.filter(({ at }) => seen.contains(at)).sort((a, b) => Number(b.lit) - Number(a.lit));
    const boxes = here.map(({ at, name, radius }) => {
      const { x, y } = this.map.latLngToContainerPoint(at);
      const half = name.length * 3.4 + 4;
      return {
        disc: { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius },
        name: { left: x - half, top: y + radius + 2, right: x + half, bottom: y + radius + 17 },
      };
    });
    const free = placeBoxes(
      boxes.map((box) => box.name),
      boxes.map((box) => box.disc),
    );
    here
      .filter((_, index) => free[index])
      .slice(0, NAMES)
      .forEach(({ at, name, radius }) => this.drawText(at, name, "wm-name", radius));
  }

  /** @param {[number, number]} at @param {string} text @param {string} name @param {number} [below] */
  drawText(at, text, name, below = 0) {
    const label = createElement("span", name, text);
    label.dir = "auto";
    const icon = L.divIcon({ className: "wm-label", html: label, iconSize: [0, 0], iconAnchor: [0, -below] });
    L.marker(at, { icon, interactive: false, keyboard: false }).addTo(this.over);
  }

  /** What is here, line by line. @param {Places} places @param {number[]} heap @param {number[]} nodes */
  buildTooltip(places, heap, nodes) {
    const box = createElement("div", "");
    const lines = heap.slice(0, 8).map((row) => {
      const when = Number.isNaN(places.at[row]) ? "" : this.chart.formatTime(places.at[row]);
      return [this.chart.getLabel(places.node[row]), places.labels[row], when]
        .filter((text, index, all) => text && all.indexOf(text) === index)
        .join(" · ");
    });
    if (heap.length > 8) lines.push(this.say("and {count} more", { count: heap.length - 8 }));
    if (nodes.length > 1) lines.unshift(this.say.count("{n} entity", "{n} entities", nodes.length));
    for (const line of lines) box.append(Object.assign(createElement("div", "", line), { dir: "auto" }));
    return box;
  }

  destroy() {
    this.observer.disconnect();
    this.map.remove();
    this.root.replaceChildren();
  }
}

/** @param {number[]} rows @param {Float64Array} values */
function computeMean(rows, values) {
  return rows.reduce((sum, row) => sum + values[row], 0) / rows.length;
}

/** @param {string} tag @param {string} name @param {string} [text] */
function createElement(tag, name, text = "") {
  return Object.assign(document.createElement(tag), { className: name, textContent: text });
}

/** A text that Leaflet will write as HTML, so that it stays text. @param {string} text */
function escapeHtml(text) {
  return escapeHidden(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The name of what a layer of the reader holds. @param {any} feature @param {any} layer */
function bindTooltip(feature, layer) {
  const text = feature.properties?.name ?? feature.properties?.title;
  if (typeof text === "string")
    layer.bindTooltip(
      () => Object.assign(createElement("div", "", escapeHidden(text).slice(0, 300)), { dir: "auto" }),
      {
        className: "wm-tip",
      },
    );
}

/** Tiles that come as pictures from the notebook's kernel. @param {NonNullable<Ground["tiles"]>} tiles */
function createTileLayer(tiles) {
  const Layer = L.GridLayer.extend({
    createTile(/** @type {L.Coords} */ { x, y, z }, /** @type {(error: any, tile: HTMLElement) => void} */ done) {
      const picture = document.createElement("img");
      picture.alt = "";
      tiles.loadTile(z, x, y).then(
        (blob) => {
          if (!blob) return done(null, picture);
          const address = URL.createObjectURL(blob);
          picture.onload = picture.onerror = () => {
            URL.revokeObjectURL(address);
            done(null, picture);
          };
          picture.src = address;
        },
        (problem) => done(problem, picture),
      );
      return picture;
    },
  });
  return new /** @type {any} */ (Layer)({
    minNativeZoom: tiles.least,
    maxNativeZoom: tiles.most,
    maxZoom: 19,
    attribution: escapeHtml(tiles.attribution),
  });
}

/**
 * What can be shown and hidden: its name in the state, on the map, and what it shows.
 * @param {import("../kit/words.js").Words} words
 * @returns {["ways" | "cells" | "names", string, string][]}
 */
function listSwitches({ say }) {
  return [
    [
      "ways",
      say.word("Movements", "noun"),
      say(`Joins the places of each entity with lines, in time order. A line shows only that one place came after
        the other.`),
    ],
    [
      "cells",
      say.word("Areas", "noun"),
      say(`Shows the area that a network operator states for a cell, and the stated accuracy of a position. The
          area does not show how far a signal actually reached.`),
    ],
    ["names", say.word("Names", "noun"), say("Shows names next to places, if there is space")],
  ];
}
