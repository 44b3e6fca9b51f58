// Names run their own way.

import assert from "node:assert/strict";
import { test } from "node:test";
import { getTextDirection } from "./direction.js";

test("the first letter says which way a name runs", () => {
  for (const text of ["سالم", "(ليلى)", "+33 ליאת", "1. محمد (Muhammad)"])
    assert.equal(getTextDirection(text), "rtl", text);
  for (const text of ["Marta", "+33 6 99", "", "Олег", "王小明 سالم"])
    assert.equal(getTextDirection(text), "ltr", text);
});
