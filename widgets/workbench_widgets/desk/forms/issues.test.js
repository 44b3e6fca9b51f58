import assert from "node:assert/strict";
import { test } from "node:test";
import { allowable, cited, counts, fellows, home, open } from "./issues.js";

/** @param {string} id @param {object} [more] @returns {any} */
const issue = (id, more = {}) => ({
  id,
  rule: id,
  severity: "warning",
  message: "",
  field: "",
  fix: "",
  source: "",
  basis: "",
  quote: "",
  start: null,
  end: null,
  blocks: false,
  mendable: false,
  reason: false,
  overridden: false,
  acknowledged: false,
  ...more,
});

test("counts tell what is open, errors first", () => {
  const some = [
    issue("a"),
    issue("b", { acknowledged: true }),
    issue("c", { severity: "error", blocks: true }),
    issue("d", { severity: "info" }),
    issue("e", { overridden: true }),
  ];
  assert.deepEqual(counts(some), [
    ["error", 1],
    ["warning", 1],
    ["info", 1],
  ]);
  assert.deepEqual(
    some.filter(open).map(({ id }) => id),
    ["a", "c", "d"],
  );
});

test("an issue is at home at the closest field that the form has", () => {
  const form = new Set(["persons", "persons[0]", "persons[0].phones", "subject"]);
  const has = (/** @type {string} */ place) => form.has(place);
  assert.equal(home("subject", has), "subject");
  assert.equal(home("persons[0].phones[2]", has), "persons[0].phones");
  assert.equal(home("persons[0].documents[1].number", has), "persons[0]");
  assert.equal(home("persons[3].sex", has), "persons");
  assert.equal(home("author", has), "");
  assert.equal(home("", has), "");
});

test("only warnings can be let stand, and one reason answers for those that ask for one", () => {
  const some = [
    issue("a", { reason: true }),
    issue("b", { reason: true }),
    issue("c"),
    issue("d", { severity: "error", blocks: true }),
  ];
  assert.deepEqual(
    some.filter(allowable).map(({ id }) => id),
    ["a", "b", "c"],
  );
  assert.deepEqual(
    fellows(some, some[0]).map(({ id }) => id),
    ["b"],
  );
});

test("a rule cites what anybody can open", () => {
  assert.equal(cited("§2.4 a; UNTOC 18(15)(a)"), "UNTOC 18(15)(a)");
  assert.equal(cited("§2.2 to"), "");
});
