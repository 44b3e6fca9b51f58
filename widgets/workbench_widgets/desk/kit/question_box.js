// What is asked once before something is done: a box above the form, with what it needs, and a way back.

import { button, make } from "./elements.js";
import { typed } from "./control_text.js";

/** @typedef {"discard" | "done" | "reopen"} Deed that asks for a reason */

/**
 * @param {HTMLElement} place where it stands; emptied when it is not done
 * @param {import("../../kit/words.js").Words} words
 * @param {{ lead: string, act: string, fields?: HTMLElement[], done: () => void }} question
 */
export function ask(place, { say }, { lead, act, fields = [], done }) {
  const box = make("div", "wd-why");
  const buttons = [button(act, done, "wd-primary"), button(say.word("Cancel", "verb"), () => place.replaceChildren())];
  box.append(make("p", "wd-lead", lead), ...fields, ...buttons);
  place.replaceChildren(box);
  /** @type {HTMLElement} */ (fields[0]?.querySelector("input, select") ?? buttons[0]).focus();
}

/**
 * Ask why something is done that the log tells.
 * @param {HTMLElement} place
 * @param {import("../../kit/words.js").Words} words
 * @param {Deed} deed
 * @param {(because: string) => void} settle
 */
export function because(place, words, deed, settle) {
  const done = () => (why.value.trim() ? settle(typed(why.value.trim())) : why.focus());
  const why = line(done);
  const { lead, act } = askAbout(words, deed);
  ask(place, words, { lead, act, fields: [labelled(words.say.word("Reason", "noun"), why)], done });
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
    lead: say(`After this, the folder no longer shows the draft. The draft stays in the case. The log shows who
      discarded the draft and why.`),
    act: say.word("Discard", "verb"),
    told: say("The draft was discarded."),
  };
}

/** A line of text of one's own, which Enter hands over. @param {() => void} done */
export function line(done) {
  const made = Object.assign(document.createElement("input"), { type: "text", maxLength: 500, dir: "auto" });
  made.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
    if (key === "Enter" && !ctrlKey && !metaKey) done();
  });
  return made;
}

/** A control with its label. @param {string} text @param {HTMLElement} control */
export function labelled(text, control) {
  const label = make("label", "wd-asked", text);
  control.classList.add("wd-input");
  label.append(control);
  return label;
}
