// A letter is written as a file for its authority: as what, where, and why; then where it lies, and its hash.

import { ask, labelled, line } from "../kit/question_box.js";
import { facts, make } from "../kit/elements.js";
import { typed } from "../kit/control_text.js";

const ENDINGS = [".pdf", ".html", ".eml", ".json"]; // as parts.py has them

/**
 * @param {HTMLElement} place
 * @param {import("../../kit/words.js").Words} words
 * @param {(ending: string, folder: string, because: string) => void} take
 */
export function exporting(place, words, take) {
  const { say } = words;
  const form = document.createElement("select");
  form.append(...ENDINGS.map((ending) => new Option(say(`desk.export.form${ending}`), ending)));
  const done = () =>
    why.value.trim() ? take(form.value, typed(folder.value.trim()), typed(why.value.trim())) : why.focus();
  const folder = Object.assign(line(done), { placeholder: say("desk.export.folder.hint") });
  const why = line(done);
  const fields = [
    labelled(say("desk.export.form"), form),
    labelled(say("desk.export.folder"), folder),
    labelled(say("desk.export.why"), why),
  ];
  ask(place, words, { lead: say("desk.export.lead"), act: say("desk.export.do"), fields, done });
}

/**
 * Tell where the file lies; what is told, in words.
 * @param {HTMLElement} place
 * @param {import("../../kit/words.js").Words} words
 * @param {{ path: string, sha256: string }} product
 */
export function written(place, { say }, { path, sha256 }) {
  const told = say("desk.export.told", { went: say("desk.went") });
  const box = make("div", "wd-written");
  box.append(
    make("p", "", told),
    facts([
      [say("desk.export.file"), path],
      ["SHA-256", sha256],
    ]),
  );
  for (const one of box.querySelectorAll("dd")) one.dir = "ltr"; // a path and a hash run from left to right everywhere
  place.replaceChildren(box);
  return told;
}
