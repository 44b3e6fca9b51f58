// Names of strangers are no names of the language.

import assert from "node:assert/strict";
import { test } from "node:test";
import { getOwn } from "./safe_records.js";

test("only what a record itself has counts", () => {
  for (const name of ["constructor", "__proto__", "toString"]) assert.equal(getOwn({}, name), undefined);
  assert.equal(getOwn(JSON.parse('{"__proto__": 1}'), "__proto__"), 1);
  assert.equal(getOwn({ a: 2 }, "a"), 2);
});
