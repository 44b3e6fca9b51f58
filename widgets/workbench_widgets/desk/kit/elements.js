// Elements of the desk. Texts of strangers are texts, each in its own direction, with nothing hidden in them.

import { seen } from "../../kit/visible_text.js";

/**
 * @param {string} tag
 * @param {string} name
 * @param {string} [text]
 */
export function make(tag, name, text = "") {
  return Object.assign(document.createElement(tag), { className: name, textContent: seen(text) });
}

/** An element whose text runs in its own direction. @param {string} tag @param {string} name @param {string} text */
export function said(tag, name, text) {
  const made = make(tag, name, text);
  made.dir = "auto";
  return made;
}

/** @param {string} text @param {() => void} work @param {string} [name] */
export function button(text, work, name = "") {
  const made = /** @type {HTMLButtonElement} */ (make("button", `wd-button ${name}`.trim(), text));
  made.type = "button";
  made.onclick = work;
  return made;
}

/** Names and values. @param {[string, string][]} facts @param {string} [name] */
export function facts(facts, name = "") {
  const list = make("dl", `wd-facts ${name}`.trim());
  for (const [what, value] of facts) if (value) list.append(make("dt", "", what), said("dd", "", value));
  return list;
}

/** A mark as it stands above and below. @param {string} mark */
export function banner(mark) {
  return said("div", "wd-mark", mark);
}
