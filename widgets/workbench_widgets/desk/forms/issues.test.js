import assert from "node:assert/strict";
import { test } from "node:test";
import { isAllowable, formatCitations, countOpen, listOthersToAllow, findPlace, isOpen } from "./issues.js";

/** @param {string} id @param {object} [more] @returns {any} */
const createIssue = (id, more = {}) => ({
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
    createIssue("a"),
    createIssue("b", { acknowledged: true }),
    createIssue("c", { severity: "error", blocks: true }),
    createIssue("d", { severity: "info" }),
    createIssue("e", { overridden: true }),
  ];
  assert.deepEqual(countOpen(some), [
    ["error", 1],
    ["warning", 1],
    ["info", 1],
  ]);
  assert.deepEqual(
    some.filter(isOpen).map(({ id }) => id),
    ["a", "c", "d"],
  );
});

test("an issue is at home at the closest field that the form has", () => {
  const form = new Set(["persons", "persons[0]", "persons[0].phones", "subject"]);
  const hasPlace = (/** @type {string} */ place) => form.has(place);
  assert.equal(findPlace("subject", hasPlace), "subject");
  assert.equal(findPlace("persons[0].phones[2]", hasPlace), "persons[0].phones");
  assert.equal(findPlace("persons[0].documents[1].number", hasPlace), "persons[0]");
  assert.equal(findPlace("persons[3].sex", hasPlace), "persons");
  assert.equal(findPlace("author", hasPlace), "");
  assert.equal(findPlace("", hasPlace), "");
});

test("only warnings can be let stand, and one reason answers for those that ask for one", () => {
  const some = [
    createIssue("a", { reason: true }),
    createIssue("b", { reason: true }),
    createIssue("c"),
    createIssue("d", { severity: "error", blocks: true }),
  ];
  assert.deepEqual(
    some.filter(isAllowable).map(({ id }) => id),
    ["a", "b", "c"],
  );
  assert.deepEqual(
    listOthersToAllow(some, some[0]).map(({ id }) => id),
    ["b"],
  );
});

test("a rule cites what anybody can open", () => {
  assert.equal(formatCitations("§2.4 a; UNTOC 18(15)(a)"), "UNTOC 18(15)(a)");
  assert.equal(formatCitations("§2.2 to"), "");
});
