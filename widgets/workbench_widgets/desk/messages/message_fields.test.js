import assert from "node:assert/strict";
import { test } from "node:test";
import { readFields } from "./message_fields.js";

/** @param {string} name @param {string} kind @param {object} [more] @returns {any} */
const createField = (name, kind, more = {}) => ({
  name,
  label: name.toUpperCase(),
  kind,
  choices: {},
  fields: [],
  hint: "",
  ...more,
});
const PAPERS = createField("papers", "parts", { fields: [createField("kind", "text"), createField("number", "text")] });
const FIELDS = [
  createField("type", "choice", { choices: { reply: "a reply" } }),
  createField("to", "list"),
  createField("pilot", "tick"),
  createField("facts", "long"),
  createField("persons", "parts", { fields: [createField("name", "text"), createField("first", "text"), PAPERS] }),
];

test("a message is told by its form: codes in words, sentences apart, a card for each part", () => {
  const values = {
    type: "reply",
    to: ["XA", "XB"],
    pilot: true,
    facts: "What\nhappened.",
    persons: [{ name: "OLIVEIRA", first: "Marta", papers: [{ kind: "passport", number: "P1" }] }, {}],
    unknown: "x",
  };
  assert.deepEqual(readFields([{ fields: FIELDS }], values, "yes"), {
    facts: [
      ["TYPE", "a reply"],
      ["TO", "XA, XB"],
      ["PILOT", "yes"],
    ],
    texts: [{ name: "facts", label: "FACTS", text: "What\nhappened." }],
    cards: [
      [
        "PERSONS: OLIVEIRA Marta",
        [
          ["NAME", "OLIVEIRA"],
          ["FIRST", "Marta"],
          ["PAPERS", "passport, P1"],
        ],
      ],
    ],
  });
});

test("what is empty or not its own is left out", () => {
  const values = { type: "", to: [], pilot: false, facts: null, persons: [] };
  assert.deepEqual(readFields([{ fields: [...FIELDS, createField("constructor", "text")] }], values, "yes"), {
    facts: [],
    texts: [],
    cards: [],
  });
});
