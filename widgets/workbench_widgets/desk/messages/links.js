// What links an entity of a message: how many messages and countries name it, what the case knows, and where.

import { getOwn } from "../../kit/safe_records.js";
import { escapeHidden } from "../../kit/visible_text.js";
import { createButton, buildFacts, createElement, createText } from "../kit/elements.js";

/**
 * @typedef {object} Links as parts.py has it
 * @property {string} label
 * @property {string} kind
 * @property {number} messages
 * @property {string[]} countries
 * @property {string} said
 * @property {[string, string][]} known
 * @property {string[]} lines
 */

/**
 * @param {import("./message_view.js").Desk} desk
 * @param {Links} found
 * @param {() => void} onClose
 */
export function buildLinks(desk, { label, kind, messages, countries, said: told, known, lines }, onClose) {
  const { say } = desk.words;
  const box = createElement("aside", "wd-links");
  box.setAttribute("aria-label", escapeHidden(say("Links to {label}", { label })));
  const head = createElement("div", "wd-actions");
  const shut = createButton("×", onClose, "wd-close");
  shut.setAttribute("aria-label", say.word("Close", "verb"));
  head.append(
    createText("b", "", label),
    createElement("span", "wd-chip", getOwn(desk.icons, kind)?.label ?? kind),
    shut,
  );
  const which = countries.join(", ");
  const from = say.count("from {n} country ({which})", "from {n} countries ({which})", countries.length, { which });
  const where = messages
    ? say.count("in {n} other message", "in {n} other messages", messages) + (which && ` ${from}`)
    : told ||
      say(`Nothing else in the case that you are allowed to see contains this number or name. The program
          may have missed other spellings of a name.`);
  box.append(head, createText("p", "", where), buildFacts(known));
  const list = createElement("ul", "wd-thread");
  for (const id of lines) {
    const line = desk.findLine(id);
    if (!line) continue;
    const row = createElement("li", "");
    const open = createButton(line.subject || id, () => desk.openMessage(id), "wd-link");
    open.dir = "auto";
    row.append(createText("bdi", "", line.direction === "in" ? line.sender : line.receiver), open);
    list.append(row);
  }
  box.append(
    list,
    createElement("p", "wd-small", say("The same words may refer to another person or item. Check with the source.")),
  );
  return box;
}
