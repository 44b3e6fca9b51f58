// What went out otherwise than sealed: by which way, and to which of its addressees.

import { escapeHidden } from "../../kit/visible_text.js";
import { showQuestion, createLabel, createInput } from "../kit/question_box.js";
import { createElement } from "../kit/elements.js";
import { decodeText } from "../kit/control_text.js";

/**
 * @param {HTMLElement} place
 * @param {import("../../kit/words.js").Words} words
 * @param {string[]} left addressees to whom it has not gone
 * @param {(how: string, to: string[]) => void} onDelivery
 */
export function askDelivery(place, words, left, onDelivery) {
  const { say } = words;
  const boxes = left.map((who) => ({
    who,
    box: Object.assign(document.createElement("input"), { type: "checkbox", checked: true }),
  }));
  const onDone = () => {
    const to = boxes.filter(({ box }) => box.checked).map(({ who }) => who);
    if (!how.value.trim()) return how.focus();
    if (left.length && !to.length) return boxes[0].box.focus();
    onDelivery(decodeText(how.value.trim()), to);
  };
  const how = createInput(onDone);
  const fields = [createLabel(say("How it was sent"), how)];
  if (left.length > 1) fields.push(buildAddressees(say("Sent to"), boxes));
  showQuestion(place, words, {
    lead: say(`Use this if you sent the message in another way, for example by post or e-mail. The program marks the
      message as sent and waits for replies.`),
    act: say("Mark as sent"),
    fields,
    onDone,
  });
}

/** Those who are meant. @param {string} text @param {{ who: string, box: HTMLInputElement }[]} boxes */
function buildAddressees(text, boxes) {
  const group = createElement("fieldset", "wd-whom");
  group.append(createElement("legend", "", text));
  for (const { who, box } of boxes) {
    const label = createElement("label", "wd-one");
    label.append(box, Object.assign(createElement("bdi", ""), { textContent: escapeHidden(who) }));
    group.append(label);
  }
  return group;
}
