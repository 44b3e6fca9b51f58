import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "./message_fields.js";

/** @param {string} name @param {string} kind @param {object} [more] @returns {any} */
const field = (name, kind, more = {}) => ({
  name,
  label: name.toUpperCase(),
  kind,
  choices: {},
  fields: [],
  hint: "",
  ...more,
});
const PAPERS = field("papers", "parts", { fields: [field("kind", "text"), field("number", "text")] });
const FIELDS = [
  field("type", "choice", { choices: { reply: "a reply" } }),
  field("to", "list"),
  field("pilot", "tick"),
  field("facts", "long"),
  field("persons", "parts", { fields: [field("name", "text"), field("first", "text"), PAPERS] }),
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
  assert.deepEqual(told([{ fields: FIELDS }], values, "yes"), {
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
  assert.deepEqual(told([{ fields: [...FIELDS, field("constructor", "text")] }], values, "yes"), {
    facts: [],
    texts: [],
    cards: [],
  });
});
