// A message field by field, as its blank form has them: what is empty is left out. Pure.

import { getOwn } from "../../kit/safe_records.js";

/** @typedef {import("../forms/fields.js").Field} Field */
/** @typedef {[string, string][]} Facts */
/**
 * @typedef {{ facts: Facts, texts: { name: string, label: string, text: string }[], cards: [string, Facts][] }} Told
 */

const SHORT = 24; // characters up to which a second value goes into the heading of a card

/**
 * @param {{ fields: Field[] }[]} sections
 * @param {Record<string, any>} values
 * @param {string} yes
 * @returns {Told}
 */
export function readFields(sections, values, yes) {
  /** @type {Told} */
  const found = { facts: [], texts: [], cards: [] };
  for (const field of sections.flatMap(({ fields }) => fields)) {
    const value = getOwn(values, field.name);
    if (isEmpty(value)) continue;
    if (field.kind === "long") found.texts.push({ name: field.name, label: field.label, text: String(value) });
    else if (field.kind === "part" || field.kind === "parts") found.cards.push(...listCards(field, value, yes));
    else found.facts.push([field.label, formatValue(field, value, yes)]);
  }
  return found;
}

/** @param {any} value */
function isEmpty(value) {
  return (
    value === undefined || value === null || value === "" || value === false || (Array.isArray(value) && !value.length)
  );
}

/**
 * A card of each part, with the first of its values in the heading.
 * @param {Field} field
 * @param {any} value
 * @param {string} yes
 * @returns {[string, Facts][]}
 */
function listCards(field, value, yes) {
  return [value].flat().flatMap((each) => {
    const some = listFacts(field.fields, each, yes);
    if (!some.length) return [];
    const [first, second = ""] = some.map(([, text]) => text);
    const title = [first, second.length <= SHORT ? second : ""].filter(Boolean).join(" ");
    return [/** @type {[string, Facts]} */ ([`${field.label}: ${title}`, some])];
  });
}

/** @param {Field[]} fields @param {Record<string, any>} values @param {string} yes @returns {Facts} */
function listFacts(fields, values, yes) {
  return fields.flatMap((field) => {
    const value = getOwn(values ?? {}, field.name);
    if (isEmpty(value)) return [];
    if (field.kind !== "part" && field.kind !== "parts")
      return [/** @type {[string, string]} */ ([field.label, formatValue(field, value, yes)])];
    return [value].flat().map(
      (each) =>
        /** @type {[string, string]} */ ([
          field.label,
          listFacts(field.fields, each, yes)
            .map(([, text]) => text)
            .join(", "),
        ]),
    );
  });
}

/**
 * A value as it is read: codes in words, lists with commas.
 * @param {Field} field
 * @param {any} value
 * @param {string} yes
 * @returns {string}
 */
function formatValue(field, value, yes) {
  if (Array.isArray(value)) return value.map((each) => formatValue(field, each, yes)).join(", ");
  return value === true ? yes : (getOwn(field.choices, String(value)) ?? String(value));
}
