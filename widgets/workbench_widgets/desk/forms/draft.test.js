import assert from "node:assert/strict";
import { test } from "node:test";
import { Draft } from "./draft.js";

/** @param {string} id @param {any} values @returns {any} */
const createFound = (id, values) => ({ id, form: "message", values, issues: [], waits: [], ready: false });

/** An office that keeps what it is told, and can be gone. */
function createOffice() {
  const kept = { subject: "", gone: false, asked: /** @type {string[]} */ ([]) };
  const askKernel = async (/** @type {string} */ question, /** @type {any[]} */ ...given) => {
    if (kept.gone) throw new Error("the kernel is gone");
    kept.asked.push(question);
    if (question === "change") Object.assign(kept, given[1]);
    if (question === "mend") return { found: createFound(given[0], { subject: "mended" }) };
    return { found: { ...createFound(given[0], {}), ready: true } };
  };
  return { kept, askKernel };
}

test("what was typed is kept before anything else is asked of the draft", async () => {
  const { kept, askKernel } = createOffice();
  /** @type {string[]} */
  const heard = [];
  const draft = new Draft(askKernel, createFound("one", { subject: "" }), (about) => heard.push(about));
  draft.setValue("subject", "typed");
  assert.equal(draft.state, "typed");
  await draft.saveAndAsk("mend", "issue");
  assert.deepEqual([kept.subject, kept.asked, draft.values.subject], ["typed", ["change", "mend"], "mended"]);
  assert.ok(heard.includes("values") && draft.state === "kept");
});

test("what nobody kept is there for a draft that is opened again", async () => {
  const { kept, askKernel } = createOffice();
  const first = new Draft(askKernel, createFound("two", { subject: "before" }), () => {});
  kept.gone = true;
  first.setValue("subject", "typed while it was gone");
  await first.saveNow();
  assert.equal(first.state, "lost");
  await assert.rejects(first.saveAndAsk("send"), /gone/);
  kept.gone = false;
  const again = new Draft(askKernel, createFound("two", { subject: "before" }), () => {});
  await again.saveNow();
  assert.deepEqual(
    [again.values.subject, kept.subject, again.state],
    ["typed while it was gone", "typed while it was gone", "kept"],
  );
  assert.equal(new Draft(askKernel, createFound("two", { subject: "later" }), () => {}).values.subject, "later");
});

test("what somebody else changed in another field is taken, and what is typed stays", async () => {
  const askKernel = async () => ({
    found: createFound("four", { subject: "typed", purpose: "of another", persons: [{ family_name: "A", sex: "" }] }),
  });
  /** @type {string[]} */
  const heard = [];
  const draft = new Draft(
    askKernel,
    createFound("four", { subject: "", purpose: "", persons: [{ family_name: "A", sex: "" }] }),
    (about) => heard.push(about),
  );
  draft.values.persons = [{ family_name: "A" }];
  draft.setValue("subject", "typed");
  await draft.saveNow();
  assert.deepEqual(
    [draft.values.subject, draft.values.purpose, draft.values.persons],
    ["typed", "of another", [{ family_name: "A" }]],
  );
  assert.equal(heard.filter((about) => about === "values").length, 1);
  draft.setValue("subject", "typed on");
  await draft.saveNow();
  assert.equal(heard.filter((about) => about === "values").length, 1);
});

test("what is typed while an answer is on its way stays", async () => {
  const { kept, askKernel } = createOffice();
  const draft = new Draft(askKernel, createFound("three", { subject: "" }), () => {});
  draft.setValue("subject", "a");
  const going = draft.saveNow();
  draft.setValue("subject", "ab");
  await going;
  await draft.saveNow();
  assert.deepEqual([draft.values.subject, kept.subject, draft.state], ["ab", "ab", "kept"]);
});
