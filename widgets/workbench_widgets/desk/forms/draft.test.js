import assert from "node:assert/strict";
import { test } from "node:test";
import { Draft } from "./draft.js";

/** @param {string} id @param {any} values @returns {any} */
const found = (id, values) => ({ id, form: "message", values, issues: [], waits: [], ready: false });

/** An office that keeps what it is told, and can be gone. */
function office() {
  const kept = { subject: "", gone: false, asked: /** @type {string[]} */ ([]) };
  const ask = async (/** @type {string} */ question, /** @type {any[]} */ ...given) => {
    if (kept.gone) throw new Error("the kernel is gone");
    kept.asked.push(question);
    if (question === "change") Object.assign(kept, given[1]);
    if (question === "mend") return { found: found(given[0], { subject: "mended" }) };
    return { found: { ...found(given[0], {}), ready: true } };
  };
  return { kept, ask };
}

test("what was typed is kept before anything else is asked of the draft", async () => {
  const { kept, ask } = office();
  /** @type {string[]} */
  const heard = [];
  const draft = new Draft(ask, found("one", { subject: "" }), (about) => heard.push(about));
  draft.set("subject", "typed");
  assert.equal(draft.state, "typed");
  await draft.act("mend", "issue");
  assert.deepEqual([kept.subject, kept.asked, draft.values.subject], ["typed", ["change", "mend"], "mended"]);
  assert.ok(heard.includes("values") && draft.state === "warning kept");
});

test("what nobody kept is there for a draft that is opened again", async () => {
  const { kept, ask } = office();
  const first = new Draft(ask, found("two", { subject: "before" }), () => {});
  kept.gone = true;
  first.set("subject", "typed while it was gone");
  await first.flush();
  assert.equal(first.state, "lost");
  await assert.rejects(first.act("send"), /gone/);
  kept.gone = false;
  const again = new Draft(ask, found("two", { subject: "before" }), () => {});
  await again.flush();
  assert.deepEqual(
    [again.values.subject, kept.subject, again.state],
    ["typed while it was gone", "typed while it was gone", "warning kept"],
  );
  assert.equal(new Draft(ask, found("two", { subject: "later" }), () => {}).values.subject, "later");
});

test("what somebody else changed in another field is taken, and what is typed stays", async () => {
  const ask = async () => ({
    found: found("four", { subject: "typed", purpose: "of another", persons: [{ family_name: "A", sex: "" }] }),
  });
  /** @type {string[]} */
  const heard = [];
  const draft = new Draft(
    ask,
    found("four", { subject: "", purpose: "", persons: [{ family_name: "A", sex: "" }] }),
    (about) => heard.push(about),
  );
  draft.values.persons = [{ family_name: "A" }];
  draft.set("subject", "typed");
  await draft.flush();
  assert.deepEqual(
    [draft.values.subject, draft.values.purpose, draft.values.persons],
    ["typed", "of another", [{ family_name: "A" }]],
  );
  assert.equal(heard.filter((about) => about === "values").length, 1);
  draft.set("subject", "typed on");
  await draft.flush();
  assert.equal(heard.filter((about) => about === "values").length, 1);
});

test("what is typed while an answer is on its way stays", async () => {
  const { kept, ask } = office();
  const draft = new Draft(ask, found("three", { subject: "" }), () => {});
  draft.set("subject", "a");
  const going = draft.flush();
  draft.set("subject", "ab");
  await going;
  await draft.flush();
  assert.deepEqual([draft.values.subject, kept.subject, draft.state], ["ab", "ab", "warning kept"]);
});
