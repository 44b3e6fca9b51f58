// Runs the widgets of a saved page: no kernel, no other file, no request. Each bundle is a module of its own, made from
// text in the page; models are kept here, so that views stay linked.

/** @typedef {{ bundle: string, state: Record<string, any> }} Card */

const held = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("wb-data")).textContent ?? "{}");
/** @type {Map<string, Promise<any>>} */
const modules = new Map();
/** @type {Map<string, any>} */
const models = new Map();
/** @type {Map<string, Promise<any>>} */
const started = new Map();

/** Bytes and what holds them, out of JSON. @param {any} value @returns {any} */
function decodeValue(value) {
  if (Array.isArray(value)) return value.map(decodeValue);
  if (!value || typeof value !== "object") return value;
  if (typeof value["base64:"] === "string")
    return new DataView(Uint8Array.from(atob(value["base64:"]), (one) => one.charCodeAt(0)).buffer);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, decodeValue(one)]));
}

/** @param {string} bundle */
function loadBundle(bundle) {
  let module = modules.get(bundle);
  if (!module) {
    const address = URL.createObjectURL(new Blob([held.bundles[bundle]], { type: "text/javascript" }));
    module = import(address).then((made) => made.default);
    modules.set(bundle, module);
  }
  return module;
}

/** @param {string} reference */
function getModel(reference) {
  const id = String(reference).replace(/^(anywidget:|IPY_MODEL_)/, "");
  let made = models.get(id);
  if (made) return made;
  /** @type {Card} */
  const card = held.models[id];
  const state = decodeValue(card.state);
  /** @type {Map<string, Set<Function>>} */
  const heard = new Map();
  const callListeners = (/** @type {string} */ name, /** @type {any} */ value) =>
    heard.get(name)?.forEach((callback) => callback(made, value));
  made = {
    id,
    bundle: card.bundle,
    get: (/** @type {string} */ name) => state[name],
    set: (/** @type {string} */ name, /** @type {any} */ value) => {
      if (state[name] === value) return;
      state[name] = value;
      callListeners(`change:${name}`, value);
    },
    save_changes: () => {},
    send: () => {},
    on: (/** @type {string} */ name, /** @type {Function} */ callback) =>
      heard.set(name, (heard.get(name) ?? new Set()).add(callback)),
    off: (/** @type {string} */ name, /** @type {Function} */ callback) => heard.get(name)?.delete(callback),
  };
  models.set(id, made);
  return made;
}

const host = {
  getModel: async (/** @type {string} */ reference) => getModel(reference),
  getWidget: async (/** @type {string} */ reference) => {
    const one = getModel(reference);
    return {
      exports: await startWidget(one),
      render: (/** @type {{ el: HTMLElement, signal?: AbortSignal }} */ where) =>
        drawWidget(one, where.el, where.signal),
    };
  },
};

/** @param {any} one */
function startWidget(one) {
  let made = started.get(one.id);
  if (!made) {
    made = loadBundle(one.bundle).then(
      (module) => module.initialize?.({ model: one, signal: new AbortController().signal }) ?? {},
    );
    started.set(one.id, made);
  }
  return made;
}

/** @param {any} one @param {HTMLElement} el @param {AbortSignal} [signal] */
async function drawWidget(one, el, signal = new AbortController().signal) {
  await startWidget(one);
  const module = await loadBundle(one.bundle);
  return module.render?.({ model: one, el, host, signal });
}

/** What went wrong, in the place of the widget. @param {HTMLElement} el @param {any} problem */
function showProblem(el, problem) {
  const said = document.createElement("pre");
  said.className = "wb-problem";
  said.textContent = held.failed.replace("{problem}", () =>
    problem instanceof Error ? problem.message : String(problem),
  );
  el.append(said);
  console.error(problem);
}

for (const el of document.querySelectorAll("[data-wb-view]")) {
  const one = getModel(/** @type {HTMLElement} */ (el).dataset.wbView ?? "");
  const box = document.createElement("div");
  el.append(box);
  drawWidget(one, box)
    .catch((problem) => showProblem(box, problem))
    .then(() => {
      if (box.querySelector(":scope > .wb-problem"))
        el.classList.add("wb-failed"); // its picture is shown
      else el.querySelector(".wb-twin")?.remove();
    });
}
