// MapView: a view of a CaseModel. Outlines of countries are in the bundle (Natural Earth, by the package world-atlas).

import "leaflet/dist/leaflet.css";
import "./map.css";
import { feature } from "topojson-client";
import atlas from "world-atlas/countries-50m.json"; // its text (build.mjs)
import { createQuestionSender } from "../kit/questions.js";
import { readTheme } from "../kit/theme.js";
import { buildView } from "../kit/view.js";
import { readNumbers } from "../model/table.js";
import { formatTime } from "../timeline/time.js";
import { MapView } from "./view.js";

/**
 * @param {any} sent numbers as bytes; who: ids of nodes, to which `node` points
 * @param {any} table
 * @returns {import("./shapes.js").Places}
 */
function readPlaces(sent, table) {
  const rows = (sent.who ?? []).map((/** @type {string} */ id) => table.rows.get(id) ?? -1);
  const [readDoubles, readFloats] = [
    (/** @type {string} */ name) => readNumbers(Float64Array, sent[name]),
    (/** @type {string} */ name) => readNumbers(Float32Array, sent[name]),
  ];
  return {
    lon: readDoubles("lon"),
    lat: readDoubles("lat"),
    at: readDoubles("at"),
    radius: readFloats("radius"),
    azimuth: readFloats("azimuth"),
    beam: readFloats("beam"),
    strength: readNumbers(Uint8Array, sent.strength),
    node: /** @type {any} */ (Int32Array.from(readNumbers(Uint32Array, sent.node), (at) => rows[at] ?? -1)),
    labels: sent.labels ?? [],
    ids: sent.ids ?? [],
  };
}

export default buildView("map", (root, bound, model) => {
  /** @type {{ sent: any, table: any, places: import("./shapes.js").Places } | null} */
  let kept = null;
  const getPlaces = () => {
    const [sent, table] = [model.get("places") ?? {}, bound.table];
    if (kept?.sent !== sent || kept?.table !== table) kept = { sent, table, places: readPlaces(sent, table) };
    return kept.places;
  };
  const zooms = model.get("tiles");
  const askKernel = createQuestionSender(model);
  const loadTile = async (/** @type {number[]} */ ...at) => {
    const { found, data } = await askKernel("tile", ...at);
    return found ? new Blob([/** @type {any} */ (data[0])], { type: found }) : null;
  };
  const tiles = zooms?.most !== undefined && bound.store.isAlive ? { ...zooms, loadTile } : null;
  const world = JSON.parse(/** @type {any} */ (atlas));
  const ground = {
    outlines: /** @type {any} */ (feature(world, world.objects.countries)),
    layers: model.get("layers") ?? [],
    tiles,
    address: model.get("address")?.url ? model.get("address") : null,
  };
  const getTheme = () => {
    const { water, ...rest } = readTheme(root);
    return { ...rest, background: water };
  };
  const made = new MapView(
    root,
    {
      ...bound,
      getPlaces,
      getTheme,
      formatTime: (at) => formatTime(at, 1, model.get("zone") || "UTC", bound.words.language),
    },
    ground,
  );
  model.on("change:places", () => made.draw());
  return Object.assign(made, {
    refresh: () => made.draw(),
    draw: MapView.prototype.draw,
    recolour: MapView.prototype.recolour,
  });
});
