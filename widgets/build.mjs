// Bundles each widget's entry (workbench_widgets/NAME/entry.js, with the style sheet it imports) into the folder that
// is named on the command line, and writes the licences of what is bundled beside it. `--watch` goes on as sources
// change.

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const PACKAGE = join(HERE, "workbench_widgets");
const [target, ...options] = process.argv.slice(2);

/** @returns {Record<string, string>} name of the bundle -> its entry */
function listEntries() {
  const names = readdirSync(PACKAGE).filter((name) => existsSync(join(PACKAGE, name, "entry.js")));
  return Object.fromEntries(names.sort().map((name) => [name, join(PACKAGE, name, "entry.js")]));
}

/**
 * The packages that went into the bundles.
 * @param {esbuild.Metafile} metafile
 */
function listPackages(metafile) {
  const found = new Set();
  for (const path of Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs))) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (match) found.add(match[1]);
  }
  return [...found].sort();
}

/**
 * The licence texts of packages; a package without one stops the build.
 * @param {string[]} names
 */
function formatLicences(names) {
  return names
    .map((name) => {
      const folder = join(HERE, "node_modules", name);
      const card = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
      const text = file ? readFileSync(join(folder, file), "utf8") : MIT.replace("{who}", getAuthor(card));
      if (!/^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|0BSD)$/.test(card.license))
        throw new Error(`${name}: the licence ${card.license} is not one of ours`);
      return `${name} ${card.version} (${card.license})\n${"=".repeat(60)}\n${text.trim()}\n`;
    })
    .join("\n\n");
}

/** @param {any} card */
function getAuthor(card) {
  return typeof card.author === "string" ? card.author : (card.author?.name ?? `the authors of ${card.name}`);
}

const MIT = `The package carries no licence file; its description says MIT.

Copyright (c) {who}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions: The above copyright notice and
this permission notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED
"AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT
HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** Leaflet names its own site on every map; no address of a network goes into a bundle. @type {esbuild.Plugin} */
const unaddressed = {
  name: "unaddressed",
  setup: (build) =>
    build.onLoad({ filter: /[\\/]leaflet[\\/]dist[\\/].*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("https://leafletjs.com", ""),
      loader: "js",
    })),
};

/**
 * Outlines of countries are a text until a map is drawn: a notebook gives a module two seconds to start.
 * @type {esbuild.Plugin}
 */
const unread = {
  name: "unread",
  setup: (build) =>
    build.onLoad({ filter: /[\\/]world-atlas[\\/].*\.json$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8"),
      loader: "text",
    })),
};

/** @type {esbuild.BuildOptions} */
const settings = {
  entryPoints: listEntries(),
  outdir: target,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  metafile: true,
  legalComments: "none", // the licence file has them
  define: { "define.amd": "false" }, // an AMD loader on the page must not take a bundled module for its own
  loader: { ".svg": "text", ".png": "dataurl" },
  logLevel: "warning",
  plugins: [unaddressed, unread],
};

mkdirSync(target, { recursive: true });
if (options.includes("--watch")) {
  const context = await esbuild.context({ ...settings, minify: false, sourcemap: "inline", logLevel: "info" });
  await context.watch();
} else {
  const { metafile } = await esbuild.build(settings);
  // for the pictures of maps
  copyFileSync(join(HERE, "node_modules/world-atlas/countries-110m.json"), join(target, "world.json"));
  writeFileSync(join(target, "LICENCES.txt"), formatLicences(listPackages(metafile)));
}
