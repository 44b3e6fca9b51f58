// A letter is written as a file for its authority: as what, where, and why; then where it lies, and its hash.

import { showQuestion, createLabel, createInput } from "../kit/question_box.js";
import { buildFacts, createElement } from "../kit/elements.js";
import { decodeText } from "../kit/control_text.js";

/**
 * @param {HTMLElement} place
 * @param {import("../../kit/words.js").Words} words
 * @param {(ending: string, folder: string, because: string) => void} onExport
 */
export function askExport(place, words, onExport) {
  const { say } = words;
  const form = document.createElement("select");
  form.append(
    new Option(say("document (PDF)"), ".pdf"), // endings as parts.py has them
    new Option(say("page (HTML)"), ".html"),
    new Option(say("e-mail (EML)"), ".eml"),
    new Option(say("form (JSON)"), ".json"),
  );
  const onDone = () =>
    why.value.trim()
      ? onExport(form.value, decodeText(folder.value.trim()), decodeText(why.value.trim()))
      : why.focus();
  const folder = Object.assign(createInput(onDone), { placeholder: say("reports folder of the case") });
  const why = createInput(onDone);
  const fields = [
    createLabel(say.word("Format", "noun"), form),
    createLabel(say.word("Folder", "noun"), folder),
    createLabel(say("Reason (for the log)"), why),
  ];
  showQuestion(place, words, {
    lead: say(`A letter of request goes to the central authority, never as a police message. The letter is saved as a
      file. The program does not send the file.`),
    act: say("Save file"),
    fields,
    onDone,
  });
}

/**
 * Tell where the file lies; what is told, in words.
 * @param {HTMLElement} place
 * @param {import("../../kit/words.js").Words} words
 * @param {{ path: string, sha256: string }} product
 */
export function showExport(place, { say }, { path, sha256 }) {
  const told = say("The file was saved. After you have sent the file to the authority, select “{went}”.", {
    went: say("Mark as sent…"),
  });
  const box = createElement("div", "wd-written");
  box.append(
    createElement("p", "", told),
    buildFacts([
      [say.word("File", "noun"), path],
      ["SHA-256", sha256],
    ]),
  );
  for (const one of box.querySelectorAll("dd")) one.dir = "ltr"; // a path and a hash run from left to right everywhere
  place.replaceChildren(box);
  return told;
}
