// A form over a chart, that Escape and Cancel take away.

import { made } from "./controls.js";
import { called } from "../model/actions/commands.js";

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
export function form(stage, { say }, label, fields, about = "") {
  stage.querySelector(".wb-form")?.remove();
  const box = made("form", "wb-form", "", { role: "dialog", "aria-label": label });
  box.append(made("strong", "wb-form-head", label));
  if (about) box.append(made("div", "wb-form-about", about, { dir: "auto" }));
  const inputs = new Map(fields.map((field) => [field.name, put(box, field)]));
  const said = made("div", "wb-form-said", "", { role: "alert" });
  const save = made("button", "wb-button", say.word("Save", "verb"), { type: "submit" });
  const leave = made("button", "wb-button", say.word("Cancel", "verb"), { type: "button" });
  const buttons = made("div", "wb-form-buttons");
  buttons.append(save, leave);
  box.append(said, buttons);
  const close = () => {
    box.remove();
    box.dispatchEvent(new Event("closed"));
    /** @type {HTMLElement | null} */ (stage.closest(".wb-chart"))?.focus({ preventScroll: true });
  };
  leave.addEventListener("click", close);
  box.addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close();
  });
  stage.append(box);
  /** @type {HTMLElement | null} */ (box.querySelector("input, select"))?.focus();
  const values = () => Object.fromEntries([...inputs].map(([name, input]) => [name, input.value.trim()]));
  return { box, inputs, said, save, close, values };
}

/** @param {HTMLElement} box @param {Field} field @returns {HTMLInputElement | HTMLSelectElement} */
function put(box, { name, label, kind = "text", options = [], value = "", required = false }) {
  const row = made("label", "wb-form-row", label);
  /** @type {HTMLInputElement | HTMLSelectElement} */
  const input =
    kind === "select"
      ? made("select", "wb-select", "", { name })
      : made("input", "wb-input", "", { name, type: kind, maxlength: "500", dir: "auto" });
  if (kind === "select") input.append(...options.map(([id, text]) => made("option", "", text, { value: id })));
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
  const { box, inputs, values, close } = form(stage, store.words, store.words.say("Name the group"), [
    { name: "label", label: store.words.say.word("Name", "noun"), value: called(group, store.words), required: true },
  ]);
  /** @type {HTMLInputElement} */ (inputs.get("label")).select();
  box.addEventListener("submit", () => {
    store.do("name_group", { id, label: values().label });
    close();
  });
}
