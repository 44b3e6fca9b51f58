// What is asked once before something is done: a box above the form, with what it needs, and a way back.

import { button, make } from "./elements.js";
import { typed } from "./control_text.js";

/**
 * @param {HTMLElement} place where it stands; emptied when it is not done
 * @param {import("../../kit/words.js").Words} words
 * @param {{ lead: string, act: string, fields?: HTMLElement[], done: () => void }} question
 */
export function ask(place, { say }, { lead, act, fields = [], done }) {
  const box = make("div", "wd-why");
  const buttons = [button(act, done, "wd-primary"), button(say("desk.cancel"), () => place.replaceChildren())];
  box.append(make("p", "wd-lead", lead), ...fields, ...buttons);
  place.replaceChildren(box);
  /** @type {HTMLElement} */ (fields[0]?.querySelector("input, select") ?? buttons[0]).focus();
}

/**
 * Ask why something is done that the log tells; its words are `desk.KEY`, and more under that.
 * @param {HTMLElement} place
 * @param {import("../../kit/words.js").Words} words
 * @param {string} key
 * @param {(because: string) => void} settle
 */
export function because(place, words, key, settle) {
  const done = () => (why.value.trim() ? settle(typed(why.value.trim())) : why.focus());
  const why = line(done);
  ask(place, words, {
    lead: words.say(`desk.${key}.lead`),
    act: words.say(`desk.${key}.do`),
    fields: [labelled(words.say(`desk.${key}.why`), why)],
    done,
  });
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
