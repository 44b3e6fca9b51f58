// A file of the person's own goes with the message: chosen, under the mark of its source, and no larger than a form can
// carry.

import { escapeHidden } from "../../kit/visible_text.js";
import { showQuestion, createLabel } from "../kit/question_box.js";

export const MOST = 8 * 1024 * 1024; // bytes of a file, as parts.py has it

/**
 * @param {HTMLElement} place
 * @param {import("../../kit/words.js").Words} words
 * @param {Record<string, string>} marks code -> words
 * @param {{ onFile: (name: string, mark: string, data: string) => void, onProblem: (text: string) => void }} acts
 */
export function askAttachment(place, words, marks, { onFile, onProblem }) {
  const { say } = words;
  const file = Object.assign(document.createElement("input"), { type: "file" });
  const mark = document.createElement("select");
  mark.append(
    new Option(say.word("select…", "state"), ""),
    ...Object.entries(marks).map(([code, label]) => new Option(escapeHidden(label), code)),
  );
  const onDone = async () => {
    const chosen = file.files?.[0];
    if (!chosen) return file.focus();
    if (!mark.value) return mark.focus();
    if (chosen.size > MOST)
      return onProblem(
        say(`The file is larger than {n} MB. Add the file to the case. Then attach it in a notebook, by its name.`, {
          n: MOST >> 20,
        }),
      );
    onFile(chosen.name, mark.value, await encodeFile(chosen));
  };
  const fields = [createLabel(say.word("File", "noun"), file), createLabel(say("Mark given by the source"), mark)];
  showQuestion(place, words, {
    lead: say("The program adds the file to the case and records its hash. The maximum file size is {n} MB.", {
      n: MOST >> 20,
    }),
    act: say.word("Attach", "verb"),
    fields,
    onDone,
  });
}

/** Content of a file in base 64. @param {File} file @returns {Promise<string>} */
const encodeFile = (file) =>
  new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
