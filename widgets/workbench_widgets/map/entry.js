// MapView: a view of a CaseModel. Outlines of countries are in the bundle (Natural Earth, by the package world-atlas).

import "leaflet/dist/leaflet.css";
import "./map.css";
import { feature } from "topojson-client";
import atlas from "world-atlas/countries-50m.json"; // its text (build.mjs)
import { asking } from "../kit/questions.js";
import { readTheme } from "../kit/theme.js";
import { view } from "../kit/view.js";
import { numbers } from "../model/table.js";
import { told } from "../timeline/time.js";
import { MapView } from "./view.js";

/**
 * @param {any} sent numbers as bytes; who: ids of nodes, to which `node` points
 * @param {any} table
 * @returns {import("./shapes.js").Places}
 */
function received(sent, table) {
  const rows = (sent.who ?? []).map((/** @type {string} */ id) => table.rows.get(id) ?? -1);
  const [f64, f32] = [
    (/** @type {string} */ name) => numbers(Float64Array, sent[name]),
    (/** @type {string} */ name) => numbers(Float32Array, sent[name]),
  ];
  return {
    lon: f64("lon"),
    lat: f64("lat"),
    at: f64("at"),
    radius: f32("radius"),
    azimuth: f32("azimuth"),
    beam: f32("beam"),
    strength: numbers(Uint8Array, sent.strength),
    node: /** @type {any} */ (Int32Array.from(numbers(Uint32Array, sent.node), (at) => rows[at] ?? -1)),
    labels: sent.labels ?? [],
    ids: sent.ids ?? [],
  };
}

export default view("map", (root, bound, model) => {
  /** @type {{ sent: any, table: any, places: import("./shapes.js").Places } | null} */
  let kept = null;
  const places = () => {
    const [sent, table] = [model.get("places") ?? {}, bound.table];
    if (kept?.sent !== sent || kept?.table !== table) kept = { sent, table, places: received(sent, table) };
    return kept.places;
  };
  const zooms = model.get("tiles");
  const ask = asking(model);
  const tile = async (/** @type {number[]} */ ...at) => {
    const { found, data } = await ask("tile", ...at);
    return found ? new Blob([/** @type {any} */ (data[0])], { type: found }) : null;
  };
  const tiles = zooms?.most !== undefined && bound.store.alive ? { ...zooms, get: tile } : null;
  const world = JSON.parse(/** @type {any} */ (atlas));
  const ground = {
    outlines: /** @type {any} */ (feature(world, world.objects.countries)),
    layers: model.get("layers") ?? [],
    tiles,
    address: model.get("address")?.url ? model.get("address") : null,
  };
  const theme = () => {
    const { water, ...rest } = readTheme(root);
    return { ...rest, background: water };
  };
  const made = new MapView(
    root,
    { ...bound, places, theme, told: (at) => told(at, 1, model.get("zone") || "UTC", bound.words.language) },
    ground,
  );
  model.on("change:places", () => made.draw());
  return Object.assign(made, {
    refresh: () => made.draw(),
    draw: MapView.prototype.draw,
    recolour: MapView.prototype.recolour,
  });
});
