// What a stranger's text may do to a page: nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { seen } from "./seen.js";

test("what cannot be seen stands as its code point", () => {
  assert.equal(seen("a\u202eb\u0007"), "a⟨U+202E⟩b⟨U+0007⟩");
  assert.equal(seen("half \ud800 sign"), "half \ufffd sign");
  for (const text of ["two\nlines\tand a tab", "سالم", "👍🏽", ""]) assert.equal(seen(text), text);
});
