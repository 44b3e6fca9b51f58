// What a stranger's text may do to a page: nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeHidden } from "./visible_text.js";

test("what cannot be seen stands as its code point", () => {
  assert.equal(escapeHidden("a\u202eb\u0007"), "a⟨U+202E⟩b⟨U+0007⟩");
  assert.equal(escapeHidden("half \ud800 sign"), "half \ufffd sign");
  assert.equal(escapeHidden(`a${"\u0301".repeat(6)}b`), `a${"\u0301".repeat(4)}⟨U+0301⟩⟨U+0301⟩b`);
  for (const text of ["e\u0323\u0302", "בְּרֵאשִׁ֖ית", "two\nlines\tand a tab", "سالم", "👍🏽", ""])
    assert.equal(escapeHidden(text), text);
});
