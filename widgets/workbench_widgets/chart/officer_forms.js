// What a person says by hand on a chart: a form for each deed, with source and reason. The kernel keeps it, or says why
// not.

import { getOwn } from "../kit/safe_records.js";
import { listSelectedNodes, createElement } from "./controls.js";
import { showForm } from "./form.js";

/** @typedef {import("../model/store.js").Store} Store */
/**
 * @typedef {{
 *   deeds?: string[], things?: [string, string][], links?: [string, string][], properties?: Record<string, string>,
 *   source?: string
 * }} Offers
 */
/** @typedef {import("./form.js").Field} Field */
/** @typedef {import("../kit/words.js").Words} Words */
/**
 * @typedef {{
 *   least: number, most: number, formatLabel: (words: Words) => string,
 *   listFields: (store: Store, ids: string[], words: Words) => Field[],
 *   buildArguments: (values: Record<string, string>, ids: string[]) => Record<string, any>
 * }} Form
 */

/** @param {Store} store @returns {Offers} */
export const getOffers = (store) => store.model.get("offers") ?? {};

/** @param {Store} store @param {string} id */
const getLabel = (store, id) => store.table.labels[store.table.rows.get(id) ?? -1] ?? id;

/** @type {Record<string, Form>} */
const FORMS = {
  add: {
    least: 0,
    most: Infinity,
    formatLabel: ({ say }) => say("Add an entity"),
    listFields: (store, ids, { say }) => [
      { name: "schema", label: say.word("Type", "noun"), kind: "select", options: getOffers(store).things ?? [] },
      { name: "name", label: say("Name or number"), required: true },
      { name: "date", label: say("Date, if any"), kind: "date" },
    ],
    buildArguments: (values) => values,
  },
  link: {
    least: 2,
    most: 2,
    formatLabel: ({ say }) => say("Link the two selected entities"),
    listFields: (store, [one, other], { say }) => [
      { name: "schema", label: say.word("Link", "noun"), kind: "select", options: getOffers(store).links ?? [] },
      {
        name: "way",
        label: say.word("Direction", "noun"),
        kind: "select",
        options: [
          ["0", `${getLabel(store, one)} → ${getLabel(store, other)}`],
          ["1", `${getLabel(store, other)} → ${getLabel(store, one)}`],
        ],
      },
    ],
    buildArguments: ({ way, ...values }, [one, other]) => ({
      ...values,
      source: way === "1" ? other : one,
      target: way === "1" ? one : other,
    }),
  },
  merge: {
    least: 2,
    most: 20,
    formatLabel: ({ say }) => say("Merge the selected entities"),
    listFields: () => [],
    buildArguments: (values, ids) => ({ ...values, ids }),
  },
  split: {
    least: 1,
    most: 1,
    formatLabel: ({ say }) => say("Split merged entities"),
    listFields: () => [],
    buildArguments: (values, [id]) => ({ ...values, id }),
  },
  rename: {
    least: 1,
    most: 1,
    formatLabel: ({ say }) => say.word("Rename", "verb"),
    listFields: (store, [id], { say }) => [
      { name: "value", label: say.word("Name", "noun"), value: getLabel(store, id), required: true },
    ],
    buildArguments: (values, [id]) => ({ ...values, id }),
  },
  correct: {
    least: 1,
    most: 1,
    formatLabel: ({ say }) => say("Correct a value"),
    listFields: (store, ids, { say }) => [
      { name: "what", label: say("Wrong value"), kind: "select", options: [] },
      { name: "value", label: say("Corrected value"), required: true },
    ],
    buildArguments: ({ what, ...values }, [id]) => {
      const [prop, old] = JSON.parse(what || '["",""]');
      return { ...values, id, prop, old };
    },
  },
};
const SOURCED = new Set(["add", "link", "rename", "correct"]);

/** Deeds that can be done with what is chosen. @param {Store} store @returns {[string, string][]} */
export function listForms(store) {
  const count = listSelectedNodes(store).filter((id) => store.table.rows.has(id)).length;
  const known = store.isAlive ? (getOffers(store).deeds ?? []) : [];
  return Object.entries(FORMS)
    .filter(([name, { least, most }]) => known.includes(name) && count >= least && count <= most)
    .map(([name]) => [name, FORMS[name].formatLabel(store.words)]);
}

/**
 * Opens the form of a deed over the chart.
 * @param {HTMLElement} stage
 * @param {Store} store
 * @param {string} deed
 */
export function openOfficerForm(stage, store, deed) {
  const { formatLabel, listFields, buildArguments } = FORMS[deed];
  const { say } = store.words;
  const ids = listSelectedNodes(store).filter((id) => store.table.rows.has(id));
  const about = deed === "add" ? "" : ids.map((id) => getLabel(store, id)).join(" · ");
  /** @type {Field[]} */
  const last = [
    ...(SOURCED.has(deed)
      ? [{ name: "ground", label: say("Source (passage id or document id)"), value: getOffers(store).source ?? "" }]
      : []),
    { name: "because", label: say.word("Reason", "noun"), required: true },
  ];
  const { box, inputs, said, save, closeForm, readValues } = showForm(
    stage,
    store.words,
    formatLabel(store.words),
    [...listFields(store, ids, store.words), ...last],
    about,
  );
  if (deed === "correct") fillValues(store, ids[0], /** @type {HTMLSelectElement} */ (inputs.get("what")), said);
  const off = { stopListening: () => {} };
  box.addEventListener("closed", () => off.stopListening());
  box.addEventListener("submit", () => {
    const before = store.depth[0];
    save.disabled = true;
    said.textContent = say.word("Saving…", "state");
    off.stopListening();
    off.stopListening = store.listen((what) => {
      if (what !== "status") return;
      if (store.depth[0] > before || store.status.startsWith("act:")) return closeForm();
      save.disabled = false;
      said.textContent = store.status;
    });
    store.runCommand("act", { deed, given: buildArguments(readValues(), ids) });
  });
  return box;
}

/** @param {Store} store @param {string} id @param {HTMLSelectElement} select @param {HTMLElement} said */
async function fillValues(store, id, select, said) {
  try {
    const values = await store.askKernel("values", id);
    select.append(
      ...values.map((/** @type {[string, string]} */ pair) =>
        createElement("option", "", `${getOwn(getOffers(store).properties ?? {}, pair[0]) ?? pair[0]}: ${pair[1]}`, {
          value: JSON.stringify(pair),
        }),
      ),
    );
    if (!values.length) said.textContent = store.words.say("This entity has no stated value that you can correct.");
  } catch (problem) {
    said.textContent = problem instanceof Error ? problem.message : String(problem);
  }
}
