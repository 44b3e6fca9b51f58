// A form over a chart, that Escape and Cancel take away.

import { createElement } from "./controls.js";
import { getGroupName } from "../model/actions/commands.js";

/**
 * @typedef {{
 *   name: string, label: string, kind?: "text" | "select" | "date", options?: [string, string][], value?: string,
 *   required?: boolean
 * }} Field
 */

/**
 * Shows a form in place of one that is open.
 * @param {HTMLElement} stage
 * @param {import("../kit/words.js").Words} words
 * @param {string} label
 * @param {Field[]} fields
 * @param {string} [about] of what it speaks
 */
export function showForm(stage, { say }, label, fields, about = "") {
  stage.querySelector(".wb-form")?.remove();
  const box = createElement("form", "wb-form", "", { role: "dialog", "aria-label": label });
  box.append(createElement("strong", "wb-form-head", label));
  if (about) box.append(createElement("div", "wb-form-about", about, { dir: "auto" }));
  const inputs = new Map(fields.map((field) => [field.name, addField(box, field)]));
  const said = createElement("div", "wb-form-said", "", { role: "alert" });
  const save = createElement("button", "wb-button", say.word("Save", "verb"), { type: "submit" });
  const leave = createElement("button", "wb-button", say.word("Cancel", "verb"), { type: "button" });
  const buttons = createElement("div", "wb-form-buttons");
  buttons.append(save, leave);
  box.append(said, buttons);
  const closeForm = () => {
    box.remove();
    box.dispatchEvent(new Event("closed"));
    /** @type {HTMLElement | null} */ (stage.closest(".wb-chart"))?.focus({ preventScroll: true });
  };
  leave.addEventListener("click", closeForm);
  box.addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") closeForm();
  });
  stage.append(box);
  /** @type {HTMLElement | null} */ (box.querySelector("input, select"))?.focus();
  const readValues = () => Object.fromEntries([...inputs].map(([name, input]) => [name, input.value.trim()]));
  return { box, inputs, said, save, closeForm, readValues };
}

/** @param {HTMLElement} box @param {Field} field @returns {HTMLInputElement | HTMLSelectElement} */
function addField(box, { name, label, kind = "text", options = [], value = "", required = false }) {
  const row = createElement("label", "wb-form-row", label);
  /** @type {HTMLInputElement | HTMLSelectElement} */
  const input =
    kind === "select"
      ? createElement("select", "wb-select", "", { name })
      : createElement("input", "wb-input", "", { name, type: kind, maxlength: "500", dir: "auto" });
  if (kind === "select") input.append(...options.map(([id, text]) => createElement("option", "", text, { value: id })));
  else input.value = value;
  input.required = required;
  row.append(input);
  box.append(row);
  return input;
}

/**
 * Asks for the name of a group.
 * @param {HTMLElement} stage
 * @param {import("../model/store.js").Store} store
 * @param {string} id
 */
export function nameGroup(stage, store, id) {
  const group = store.state.groups.find((one) => one.id === id);
  if (!group) return;
  const { box, inputs, readValues, closeForm } = showForm(stage, store.words, store.words.say("Name the group"), [
    {
      name: "label",
      label: store.words.say.word("Name", "noun"),
      value: getGroupName(group, store.words),
      required: true,
    },
  ]);
  /** @type {HTMLInputElement} */ (inputs.get("label")).select();
  box.addEventListener("submit", () => {
    store.runCommand("name_group", { id, label: readValues().label });
    closeForm();
  });
}
