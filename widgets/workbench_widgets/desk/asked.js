// What is asked once before something is done: a box above the form, with what it needs, and a way back.

import { button, make } from "./made.js";

/**
 * @param {HTMLElement} place where it stands; emptied when it is not done
 * @param {import("../kit/words.js").Words} words
 * @param {{ lead: string, act: string, fields?: HTMLElement[], done: () => void }} question
 */
export function ask(place, { say }, { lead, act, fields = [], done }) {
  const box = make("div", "wd-why");
  const buttons = [button(act, done, "wd-primary"), button(say("desk.cancel"), () => place.replaceChildren())];
  box.append(make("p", "wd-lead", lead), ...fields, ...buttons);
  place.replaceChildren(box);
  /** @type {HTMLElement} */ (fields[0]?.querySelector("input, select") ?? buttons[0]).focus();
}

/** A control with its label. @param {string} text @param {HTMLElement} control */
export function labelled(text, control) {
  const label = make("label", "wd-asked", text);
  control.classList.add("wd-input");
  label.append(control);
  return label;
}
