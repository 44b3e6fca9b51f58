import assert from "node:assert/strict";
import { test } from "node:test";

import { cutText } from "./text_fit.js";

const createPen = () => {
  const made = {
    measured: 0,
    measureText: (/** @type {string} */ text) => {
      made.measured += text.length;
      return { width: 6 * [...text].length };
    },
  };
  return made;
};

test("a name is cut to the width that there is", () => {
  assert.equal(cutText(createPen(), "short", 100), "short");
  assert.equal(cutText(createPen(), "much too long", 60), "much too …");
  assert.equal(cutText(createPen(), "anything", 0), "…");
});

test("a name of a megabyte costs no more than one of a line", () => {
  const one = createPen();
  assert.equal(cutText(one, "S".repeat(1_000_000), 60), `${"S".repeat(9)}…`);
  assert.ok(one.measured < 10_000);
});
