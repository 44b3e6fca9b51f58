// Elements of the desk. Texts of strangers are texts, each in its own direction, with nothing hidden in them.

import { escapeHidden } from "../../kit/visible_text.js";

/**
 * @param {string} tag
 * @param {string} name
 * @param {string} [text]
 */
export function createElement(tag, name, text = "") {
  return Object.assign(document.createElement(tag), { className: name, textContent: escapeHidden(text) });
}

/** An element whose text runs in its own direction. @param {string} tag @param {string} name @param {string} text */
export function createText(tag, name, text) {
  const made = createElement(tag, name, text);
  made.dir = "auto";
  return made;
}

/** @param {string} text @param {() => void} onClick @param {string} [name] */
export function createButton(text, onClick, name = "") {
  const made = /** @type {HTMLButtonElement} */ (createElement("button", `wd-button ${name}`.trim(), text));
  made.type = "button";
  made.onclick = onClick;
  return made;
}

/** Names and values. @param {[string, string][]} facts @param {string} [name] */
export function buildFacts(facts, name = "") {
  const list = createElement("dl", `wd-facts ${name}`.trim());
  for (const [what, value] of facts) if (value) list.append(createElement("dt", "", what), createText("dd", "", value));
  return list;
}

/** A mark as it stands above and below. @param {string} mark */
export function createBanner(mark) {
  return createText("div", "wd-mark", mark);
}
