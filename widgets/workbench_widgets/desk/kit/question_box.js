// What is asked once before something is done: a box above the form, with what it needs, and a way back.

import { createButton, createElement } from "./elements.js";
import { decodeText } from "./control_text.js";

/** @typedef {"discard" | "done" | "reopen"} Deed that asks for a reason */

/**
 * @param {HTMLElement} place where it stands; emptied when it is not done
 * @param {import("../../kit/words.js").Words} words
 * @param {{ lead: string, act: string, fields?: HTMLElement[], onDone: () => void }} question
 */
export function showQuestion(place, { say }, { lead, act, fields = [], onDone }) {
  const box = createElement("div", "wd-why");
  const buttons = [
    createButton(act, onDone, "wd-primary"),
    createButton(say.word("Cancel", "verb"), () => place.replaceChildren()),
  ];
  box.append(createElement("p", "wd-lead", lead), ...fields, ...buttons);
  place.replaceChildren(box);
  /** @type {HTMLElement} */ (fields[0]?.querySelector("input, select") ?? buttons[0]).focus();
}

/**
 * Ask why something is done that the log tells.
 * @param {HTMLElement} place
 * @param {import("../../kit/words.js").Words} words
 * @param {Deed} deed
 * @param {(because: string) => void} onReason
 */
export function askReason(place, words, deed, onReason) {
  const onDone = () => (why.value.trim() ? onReason(decodeText(why.value.trim())) : why.focus());
  const why = createInput(onDone);
  const { lead, act } = askAbout(words, deed);
  showQuestion(place, words, { lead, act, fields: [createLabel(words.say.word("Reason", "noun"), why)], onDone });
}

/**
 * What is asked about a deed and told after it; `name` is on its button.
 * @param {import("../../kit/words.js").Words} words
 * @param {Deed} deed
 */
export function askAbout({ say }, deed) {
  if (deed === "done")
    return {
      name: say("Mark as done…"),
      lead: say(`Use this if the message needs no more action. If the sender sends a reminder, the message comes
                back to the inbox.`),
      act: say("Mark as done"),
      told: say("The message was marked as done."),
    };
  if (deed === "reopen")
    return {
      name: say.word("Reopen…", "verb"),
      lead: say("Use this if the message still needs action. The message goes back to the inbox."),
      act: say.word("Reopen", "verb"),
      told: say("The message is open again."),
    };
  return {
    name: say.word("Discard…", "verb"),
    lead: say(`After this, the Drafts folder no longer shows the draft. The draft stays in the case. The log shows who
      discarded the draft and why.`),
    act: say.word("Discard", "verb"),
    told: say("The draft was discarded."),
  };
}

/** A line of text of one's own, which Enter hands over. @param {() => void} onDone */
export function createInput(onDone) {
  const made = Object.assign(document.createElement("input"), { type: "text", maxLength: 500, dir: "auto" });
  made.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
    if (key === "Enter" && !ctrlKey && !metaKey) onDone();
  });
  return made;
}

/** A control with its label. @param {string} text @param {HTMLElement} control */
export function createLabel(text, control) {
  const label = createElement("label", "wd-asked", text);
  control.classList.add("wd-input");
  label.append(control);
  return label;
}
