// A file of the person's own goes with the message: chosen, under the mark of its source, and no larger than a form can
// carry.

import { seen } from "../../kit/visible_text.js";
import { ask, labelled } from "../kit/question_box.js";

export const MOST = 8 * 1024 * 1024; // bytes of a file, as parts.py has it

/**
 * @param {HTMLElement} place
 * @param {import("../../kit/words.js").Words} words
 * @param {Record<string, string>} marks code -> words
 * @param {{ take: (name: string, mark: string, data: string) => void, tell: (text: string) => void }} acts
 */
export function attach(place, words, marks, { take, tell }) {
  const { say } = words;
  const file = Object.assign(document.createElement("input"), { type: "file" });
  const mark = document.createElement("select");
  mark.append(
    new Option(say.word("select…", "state"), ""),
    ...Object.entries(marks).map(([code, label]) => new Option(seen(label), code)),
  );
  const done = async () => {
    const chosen = file.files?.[0];
    if (!chosen) return file.focus();
    if (!mark.value) return mark.focus();
    if (chosen.size > MOST)
      return tell(
        say("The file is larger than {n} MB. Add the file to the case first, then attach it.", { n: MOST >> 20 }),
      );
    take(chosen.name, mark.value, await encoded(chosen));
  };
  const fields = [labelled(say.word("File", "noun"), file), labelled(say("Mark of the source"), mark)];
  ask(place, words, {
    lead: say("The program adds the file to the case and records its hash. The maximum file size is {n} MB.", {
      n: MOST >> 20,
    }),
    act: say.word("Attach", "verb"),
    fields,
    done,
  });
}

/** Content of a file in base 64. @param {File} file @returns {Promise<string>} */
const encoded = (file) =>
  new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
