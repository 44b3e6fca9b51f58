// The controls of a form, one kind of field each. A control is given a value and says a new one; it never changes the
// old.

import { pieces } from "../../evidence/marks.js";
import { seen } from "../../kit/visible_text.js";
import { button, make, said } from "../kit/elements.js";
import { taken, typed } from "../kit/control_text.js";

/**
 * A field as blank.py has it.
 * @typedef {{
 *   name: string, label: string, kind: string, choices: Record<string, string>, fields: Field[], hint: string
 * }} Field
 */
/** @typedef {{ element: HTMLElement, focus: HTMLElement, field: Field, mark?: (marks: any[]) => void }} Place */
/**
 * What a control asks of its form.
 * @typedef {object} Form
 * @property {import("../../kit/words.js").Words} words
 * @property {Map<string, Place>} places by their name in the message: persons[0].status
 * @property {(place: string) => void} renew after parts came or went
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
export function field(form, field, place, value, change) {
  const grouped = field.kind === "part" || field.kind === "parts" || field.kind === "choices";
  const box = make(grouped ? "fieldset" : "div", `wd-field wd-${field.kind}`);
  const label = make(grouped ? "legend" : "label", "wd-label", field.label);
  const { element, focus, mark } = KINDS[field.kind](form, field, place, value, change);
  const notes = make("ul", "wd-at-field");
  focus.id ||= `wd-control-${++controls}`;
  notes.id = `${focus.id}-notes`;
  if (label instanceof HTMLLabelElement) label.htmlFor = focus.id;
  else focus.setAttribute("aria-label", seen(field.label));
  focus.setAttribute("aria-describedby", notes.id);
  box.append(label, element, notes);
  box.dataset.place = place;
  form.places.set(place, { element: box, focus, field, mark });
  return box;
}

/** @typedef {{ element: HTMLElement, focus: HTMLElement, mark?: (marks: any[]) => void }} Made */
/** @type {Record<string, (form: Form, field: Field, place: string, value: any, change: Change) => Made>} */
const KINDS = {
  text: (form, field, place, value, change) => line(field, value ?? "", change, (text) => text),
  date: (form, field, place, value, change) =>
    line({ ...field, hint: field.hint || form.words.say("yyyy-mm-dd") }, value ?? "", change, (text) => text.trim()),
  number: (form, field, place, value, change) =>
    line(field, value === null || value === undefined ? "" : String(value), change, number),
  long,
  list,
  tick: (form, field, place, value, change) =>
    picked(
      field,
      form,
      value ? "yes" : "no",
      { no: form.words.say.word("no", "state"), yes: form.words.say.word("yes", "state") },
      (code) => change(code === "yes"),
      false,
    ),
  yes: (form, field, place, value, change) =>
    picked(
      field,
      form,
      value === true ? "yes" : value === false ? "no" : "",
      { yes: form.words.say.word("yes", "state"), no: form.words.say.word("no", "state") },
      (code) => change(code ? code === "yes" : null),
    ),
  choice: (form, field, place, value, change) => picked(field, form, value ?? "", field.choices, change),
  choices,
  part,
  parts,
};

/** A figure, null where there is none; what is no figure is not taken. @param {string} text */
function number(text) {
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
function line(field, value, change, read) {
  const input = /** @type {HTMLInputElement} */ (make("input", "wd-input"));
  Object.assign(input, {
    type: "text",
    value: seen(value),
    placeholder: seen(field.hint),
    autocomplete: "off",
    spellcheck: false,
  });
  input.dir = "auto";
  input.oninput = () => change(read(taken(input)));
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
function long(form, field, place, value, change) {
  const box = make("div", "wd-grow");
  const area = /** @type {HTMLTextAreaElement} */ (make("textarea", "wd-input"));
  const mirror = make("div", "wd-mirror");
  mirror.setAttribute("aria-hidden", "true");
  Object.assign(area, { value: seen(value ?? ""), placeholder: seen(field.hint), rows: 3, spellcheck: false });
  area.dir = mirror.dir = "auto";
  const mark = (/** @type {any[]} */ marks) =>
    mirror.replaceChildren(
      ...pieces(typed(area.value), marks).map(({ text, mark: one }) =>
        one ? make("span", `wd-under wd-${one.kind}`, text) : document.createTextNode(seen(text)),
      ),
      "\n",
    );
  area.oninput = () => {
    const text = taken(area);
    mark([]);
    change(text);
  };
  mark([]);
  box.append(mirror, area);
  return { element: box, focus: area, mark };
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
function list(form, field, place, value, change) {
  const area = /** @type {HTMLTextAreaElement} */ (make("textarea", "wd-input wd-rows"));
  const rows = () => (area.rows = Math.min(8, Math.max(1, area.value.split("\n").length)));
  Object.assign(area, {
    value: (value ?? []).map(seen).join("\n"),
    placeholder: seen(field.hint) || form.words.say("one per line"),
    spellcheck: false,
  });
  area.dir = "auto";
  area.oninput = () => {
    const text = taken(area);
    rows();
    change(
      text
        .split("\n")
        .map((one) => one.trim())
        .filter(Boolean),
    );
  };
  rows();
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
function picked(field, form, value, codes, change, empty = true) {
  const select = /** @type {HTMLSelectElement} */ (make("select", "wd-input"));
  if (empty) select.append(new Option(form.words.say("not given"), ""));
  for (const [code, label] of Object.entries(codes)) select.append(new Option(seen(label), seen(code)));
  if (value && !Object.hasOwn(codes, value)) select.append(new Option(seen(value), seen(value)));
  select.value = seen(value);
  select.onchange = () => change(typed(select.value));
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
function choices(form, field, place, value, change) {
  const box = make("div", "wd-chosen");
  const chosen = value ?? [];
  const choose = (/** @type {string[]} */ next) => {
    change(next);
    form.renew(place);
  };
  for (const code of chosen) {
    const chip = button(
      `${Object.hasOwn(field.choices, code) ? field.choices[code] : code} ×`,
      () => choose(chosen.filter((one) => one !== code)),
      "wd-pick",
    );
    chip.title = form.words.say.word("Remove", "verb");
    chip.dir = "auto";
    box.append(chip);
  }
  const others = Object.fromEntries(Object.entries(field.choices).filter(([code]) => !chosen.includes(code)));
  const { focus } = picked(field, form, "", others, (code) => code && choose([...chosen, code]));
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
function part(form, one, place, value, change) {
  let now = { ...value };
  const box = make("div", "wd-grid");
  for (const inner of one.fields) {
    const set = (/** @type {any} */ next) => {
      now = { ...now, [inner.name]: next };
      change(now);
    };
    box.append(field(form, inner, `${place}.${inner.name}`, now[inner.name], set));
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
function parts(form, one, place, value, change) {
  let now = [...(value ?? [])];
  const box = make("div", "wd-parts");
  const keep = (/** @type {any[]} */ next) => {
    change(next);
    form.renew(place);
  };
  now.forEach((each, at) => {
    const card = make("fieldset", "wd-each");
    const set = (/** @type {any} */ next) => change((now = now.map((other, index) => (index === at ? next : other))));
    const remove = button(
      form.words.say.word("Remove", "verb"),
      () => keep(now.filter((_, index) => index !== at)),
      "wd-remove",
    );
    remove.setAttribute("aria-label", seen(form.words.say("Remove: {what}", { what: `${one.label} ${at + 1}` })));
    const { element, focus } = part(form, one, `${place}[${at}]`, each, set);
    const notes = make("ul", "wd-at-field");
    card.append(said("legend", "wd-label", `${at + 1}`), remove, element, notes);
    card.dataset.place = `${place}[${at}]`;
    form.places.set(`${place}[${at}]`, { element: card, focus, field: one });
    box.append(card);
  });
  const add = button(form.words.say.word("Add", "verb"), () => keep([...now, {}]), "wd-add");
  box.append(add);
  return { element: box, focus: add };
}
