// What went out otherwise than sealed: by which way, and to which of its addressees.

import { seen } from "../../kit/visible_text.js";
import { ask, labelled, line } from "../kit/question_box.js";
import { make } from "../kit/elements.js";
import { typed } from "../kit/control_text.js";

/**
 * @param {HTMLElement} place
 * @param {import("../../kit/words.js").Words} words
 * @param {string[]} left addressees to whom it has not gone
 * @param {(how: string, to: string[]) => void} take
 */
export function went(place, words, left, take) {
  const { say } = words;
  const boxes = left.map((who) => ({
    who,
    box: Object.assign(document.createElement("input"), { type: "checkbox", checked: true }),
  }));
  const done = () => {
    const to = boxes.filter(({ box }) => box.checked).map(({ who }) => who);
    if (!how.value.trim()) return how.focus();
    if (left.length && !to.length) return boxes[0].box.focus();
    take(typed(how.value.trim()), to);
  };
  const how = line(done);
  const fields = [labelled(say("How it was sent"), how)];
  if (left.length > 1) fields.push(chosen(say("Sent to"), boxes));
  ask(place, words, {
    lead: say(`Use this if you sent the message in another way, for example by post or e-mail. The program marks the
      message as sent and waits for answers.`),
    act: say("Mark as sent"),
    fields,
    done,
  });
}

/** Those who are meant. @param {string} text @param {{ who: string, box: HTMLInputElement }[]} boxes */
function chosen(text, boxes) {
  const group = make("fieldset", "wd-whom");
  group.append(make("legend", "", text));
  for (const { who, box } of boxes) {
    const label = make("label", "wd-one");
    label.append(box, Object.assign(make("bdi", ""), { textContent: seen(who) }));
    group.append(label);
  }
  return group;
}
