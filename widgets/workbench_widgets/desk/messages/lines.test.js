import assert from "node:assert/strict";
import { test } from "node:test";
import { listCategoryChips, filterLines, mergeLines, formatCategories } from "./lines.js";
import { Words } from "../../kit/words.js";

/** @param {string} id @param {object} [more] @returns {any} */
const createLine = (id, more = {}) => ({
  id,
  folder: "inbox",
  type: "request",
  sender: "XB-NCB",
  receiver: "",
  subject: `Fraud ${id}`,
  at: "",
  deadline: "",
  mark: "FOUO",
  band: "",
  points: 0,
  category: "fraud",
  confidence: 0.5,
  decided: false,
  unread: false,
  direction: "in",
  ...more,
});

test("a folder shows its own lines in which every word stands, without case and accents", () => {
  const lines = [createLine("a", { subject: "VÉHICULE volé" }), createLine("b"), createLine("c", { folder: "sent" })];
  assert.deepEqual(
    filterLines(lines, "inbox", "").map(({ id }) => id),
    ["a", "b"],
  );
  assert.deepEqual(
    filterLines(lines, "inbox", "vehicule fouo").map(({ id }) => id),
    ["a"],
  );
  assert.deepEqual(filterLines(lines, "sent", "vehicule"), []);
});

test("changed lines take their place, new ones theirs in the order, and what is not in the order is gone", () => {
  const lines = [createLine("a"), createLine("b")];
  const read = createLine("b", { unread: true });
  assert.deepEqual(mergeLines(lines, { rows: { b: read }, order: null }), [lines[0], read]);
  const made = createLine("d", { folder: "drafts" });
  assert.deepEqual(mergeLines(lines, { rows: { d: made }, order: ["d", "b", "unknown"] }), [made, lines[1]]);
});

test("each of several categories is told in words, an unknown one as it is", () => {
  assert.equal(
    formatCategories({ fraud: "fraud", vehicle_crime: "stolen vehicles" }, "vehicle_crime, fraud, constructor"),
    "stolen vehicles, fraud, constructor",
  );
});

test("a line tells what its sender says, beside it a suggestion that differs, and only what an officer decided", () => {
  const words = new Words({}, "en");
  const listTexts = (/** @type {object} */ more) =>
    listCategoryChips(words, (codes) => codes, createLine("a", { stated: "fraud", ...more })).map(([, text]) => text);
  assert.deepEqual(listTexts({}), ["fraud (stated by sender)"]);
  assert.deepEqual(listTexts({ category: "" }), ["fraud (stated by sender)"]);
  assert.deepEqual(listTexts({ category: "arson" }), ["fraud (stated by sender)", "arson, suggested (50 %)"]);
  assert.deepEqual(listTexts({ category: "arson", stated: "" }), ["arson, suggested (50 %)"]);
  assert.deepEqual(listTexts({ category: "arson", decided: true }), ["arson"]);
});
