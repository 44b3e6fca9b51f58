// The controls of a form, one kind of field each. A control is given a value and says a new one; it never changes the
// old.

import { splitPieces } from "../../evidence/marks.js";
import { escapeHidden } from "../../kit/visible_text.js";
import { createButton, createElement, createText } from "../kit/elements.js";
import { readControl, decodeText } from "../kit/control_text.js";

/**
 * A field as blank.py has it.
 * @typedef {{
 *   name: string, label: string, kind: string, choices: Record<string, string>, fields: Field[], hint: string
 * }} Field
 */
/** @typedef {{ element: HTMLElement, focus: HTMLElement, field: Field, showMarks?: (marks: any[]) => void }} Place */
/**
 * What a control asks of its form.
 * @typedef {object} Form
 * @property {import("../../kit/words.js").Words} words
 * @property {Map<string, Place>} places by their name in the message: persons[0].status
 * @property {(place: string) => void} rebuildField after parts came or went
 */
/** @typedef {(value: any) => void} Change */

let controls = 0;

/**
 * A field with its label, its control and a place for its issues.
 * @param {Form} form
 * @param {Field} field
 * @param {string} place
 * @param {any} value
 * @param {Change} change
 */
export function buildField(form, field, place, value, change) {
  const grouped = field.kind === "part" || field.kind === "parts" || field.kind === "choices";
  const box = createElement(grouped ? "fieldset" : "div", `wd-field wd-${field.kind}`);
  const label = createElement(grouped ? "legend" : "label", "wd-label", field.label);
  const { element, focus, showMarks } = KINDS[field.kind](form, field, place, value, change);
  const notes = createElement("ul", "wd-at-field");
  focus.id ||= `wd-control-${++controls}`;
  notes.id = `${focus.id}-notes`;
  if (label instanceof HTMLLabelElement) label.htmlFor = focus.id;
  else focus.setAttribute("aria-label", escapeHidden(field.label));
  focus.setAttribute("aria-describedby", notes.id);
  box.append(label, element, notes);
  box.dataset.place = place;
  form.places.set(place, { element: box, focus, field, showMarks });
  return box;
}

/** @typedef {{ element: HTMLElement, focus: HTMLElement, showMarks?: (marks: any[]) => void }} Made */
/** @type {Record<string, (form: Form, field: Field, place: string, value: any, change: Change) => Made>} */
const KINDS = {
  text: (form, field, place, value, change) => buildInput(field, value ?? "", change, (text) => text),
  date: (form, field, place, value, change) =>
    buildInput({ ...field, hint: field.hint || form.words.say("yyyy-mm-dd") }, value ?? "", change, (text) =>
      text.trim(),
    ),
  number: (form, field, place, value, change) =>
    buildInput(field, value === null || value === undefined ? "" : String(value), change, parseNumber),
  long: buildLongText,
  list: buildList,
  tick: (form, field, place, value, change) =>
    buildSelect(
      field,
      form,
      value ? "yes" : "no",
      { no: form.words.say.word("no", "state"), yes: form.words.say.word("yes", "state") },
      (code) => change(code === "yes"),
      false,
    ),
  yes: (form, field, place, value, change) =>
    buildSelect(
      field,
      form,
      value === true ? "yes" : value === false ? "no" : "",
      { yes: form.words.say.word("yes", "state"), no: form.words.say.word("no", "state") },
      (code) => change(code ? code === "yes" : null),
    ),
  choice: (form, field, place, value, change) => buildSelect(field, form, value ?? "", field.choices, change),
  choices: buildChoices,
  part: buildPart,
  parts: buildParts,
};

/** A figure, null where there is none; what is no figure is not taken. @param {string} text */
function parseNumber(text) {
  const figure = Number(text.trim().replace(",", "."));
  return text.trim() && Number.isFinite(figure) ? figure : null;
}

/**
 * @param {Field} field
 * @param {string} value
 * @param {Change} change
 * @param {(text: string) => any} read
 * @returns {Made}
 */
function buildInput(field, value, change, read) {
  const input = /** @type {HTMLInputElement} */ (createElement("input", "wd-input"));
  Object.assign(input, {
    type: "text",
    value: escapeHidden(value),
    placeholder: escapeHidden(field.hint),
    autocomplete: "off",
    spellcheck: false,
  });
  input.dir = "auto";
  input.oninput = () => change(read(readControl(input)));
  return { element: input, focus: input };
}

/**
 * A text of sentences, as high as it is long, with its issues underlined.
 * @param {Form} form
 * @param {Field} field
 * @param {string} place
 * @param {string} value
 * @param {Change} change
 * @returns {Made}
 */
function buildLongText(form, field, place, value, change) {
  const box = createElement("div", "wd-grow");
  const area = /** @type {HTMLTextAreaElement} */ (createElement("textarea", "wd-input"));
  const mirror = createElement("div", "wd-mirror");
  mirror.setAttribute("aria-hidden", "true");
  Object.assign(area, {
    value: escapeHidden(value ?? ""),
    placeholder: escapeHidden(field.hint),
    rows: 3,
    spellcheck: false,
  });
  area.dir = mirror.dir = "auto";
  const showMarks = (/** @type {any[]} */ marks) =>
    mirror.replaceChildren(
      ...splitPieces(decodeText(area.value), marks).map(({ text, mark: one }) =>
        one ? createElement("span", `wd-under wd-${one.kind}`, text) : document.createTextNode(escapeHidden(text)),
      ),
      "\n",
    );
  area.oninput = () => {
    const text = readControl(area);
    showMarks([]);
    change(text);
  };
  showMarks([]);
  box.append(mirror, area);
  return { element: box, focus: area, showMarks };
}

/**
 * Several texts, one a line.
 * @param {Form} form
 * @param {Field} field
 * @param {string} place
 * @param {string[]} value
 * @param {Change} change
 * @returns {Made}
 */
function buildList(form, field, place, value, change) {
  const area = /** @type {HTMLTextAreaElement} */ (createElement("textarea", "wd-input wd-rows"));
  const updateHeight = () => (area.rows = Math.min(8, Math.max(1, area.value.split("\n").length)));
  Object.assign(area, {
    value: (value ?? []).map(escapeHidden).join("\n"),
    placeholder: escapeHidden(field.hint) || form.words.say("one per line"),
    spellcheck: false,
  });
  area.dir = "auto";
  area.oninput = () => {
    const text = readControl(area);
    updateHeight();
    change(
      text
        .split("\n")
        .map((one) => one.trim())
        .filter(Boolean),
    );
  };
  updateHeight();
  return { element: area, focus: area };
}

/**
 * One of some codes; one that is not among them stays as it was written.
 * @param {Field} field
 * @param {Form} form
 * @param {string} value
 * @param {Record<string, string>} codes
 * @param {Change} change
 * @param {boolean} [empty]
 * @returns {Made}
 */
function buildSelect(field, form, value, codes, change, empty = true) {
  const select = /** @type {HTMLSelectElement} */ (createElement("select", "wd-input"));
  if (empty) select.append(new Option(form.words.say("not given"), ""));
  for (const [code, label] of Object.entries(codes)) select.append(new Option(escapeHidden(label), escapeHidden(code)));
  if (value && !Object.hasOwn(codes, value)) select.append(new Option(escapeHidden(value), escapeHidden(value)));
  select.value = escapeHidden(value);
  select.onchange = () => change(decodeText(select.value));
  return { element: select, focus: select };
}

/**
 * Several of some codes: those that are chosen, and one to add.
 * @param {Form} form
 * @param {Field} field
 * @param {string} place
 * @param {string[]} value
 * @param {Change} change
 * @returns {Made}
 */
function buildChoices(form, field, place, value, change) {
  const box = createElement("div", "wd-chosen");
  const chosen = value ?? [];
  const setChoices = (/** @type {string[]} */ next) => {
    change(next);
    form.rebuildField(place);
  };
  for (const code of chosen) {
    const chip = createButton(
      `${Object.hasOwn(field.choices, code) ? field.choices[code] : code} ×`,
      () => setChoices(chosen.filter((one) => one !== code)),
      "wd-pick",
    );
    chip.title = form.words.say.word("Remove", "verb");
    chip.dir = "auto";
    box.append(chip);
  }
  const others = Object.fromEntries(Object.entries(field.choices).filter(([code]) => !chosen.includes(code)));
  const { focus } = buildSelect(field, form, "", others, (code) => code && setChoices([...chosen, code]));
  /** @type {HTMLSelectElement} */ (focus).options[0].text = form.words.say.word("add…", "state");
  box.append(focus);
  return { element: box, focus };
}

/**
 * A form within the form.
 * @param {Form} form
 * @param {Field} one
 * @param {string} place
 * @param {any} value
 * @param {Change} change
 * @returns {Made}
 */
function buildPart(form, one, place, value, change) {
  let now = { ...value };
  const box = createElement("div", "wd-grid");
  for (const inner of one.fields) {
    const setPart = (/** @type {any} */ next) => {
      now = { ...now, [inner.name]: next };
      change(now);
    };
    box.append(buildField(form, inner, `${place}.${inner.name}`, now[inner.name], setPart));
  }
  return { element: box, focus: /** @type {HTMLElement} */ (box.querySelector("input, textarea, select") ?? box) };
}

/**
 * Several forms within the form.
 * @param {Form} form
 * @param {Field} one
 * @param {string} place
 * @param {any[]} value
 * @param {Change} change
 * @returns {Made}
 */
function buildParts(form, one, place, value, change) {
  let now = [...(value ?? [])];
  const box = createElement("div", "wd-parts");
  const setParts = (/** @type {any[]} */ next) => {
    change(next);
    form.rebuildField(place);
  };
  now.forEach((each, at) => {
    const card = createElement("fieldset", "wd-each");
    const setPart = (/** @type {any} */ next) =>
      change((now = now.map((other, index) => (index === at ? next : other))));
    const remove = createButton(
      form.words.say.word("Remove", "verb"),
      () => setParts(now.filter((_, index) => index !== at)),
      "wd-remove",
    );
    remove.setAttribute(
      "aria-label",
      escapeHidden(form.words.say("Remove: {what}", { what: `${one.label} ${at + 1}` })),
    );
    const { element, focus } = buildPart(form, one, `${place}[${at}]`, each, setPart);
    const notes = createElement("ul", "wd-at-field");
    card.append(createText("legend", "wd-label", `${at + 1}`), remove, element, notes);
    card.dataset.place = `${place}[${at}]`;
    form.places.set(`${place}[${at}]`, { element: card, focus, field: one });
    box.append(card);
  });
  const add = createButton(form.words.say.word("Add", "verb"), () => setParts([...now, {}]), "wd-add");
  box.append(add);
  return { element: box, focus: add };
}
