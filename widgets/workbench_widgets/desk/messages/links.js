// What links an entity of a message: how many messages and countries name it, what the case knows, and where.

import { own } from "../../kit/safe_records.js";
import { seen } from "../../kit/visible_text.js";
import { button, facts, make, said } from "../kit/elements.js";

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
 * @param {() => void} close
 */
export function linked(desk, { label, kind, messages, countries, said: told, known, lines }, close) {
  const { say } = desk.words;
  const box = make("aside", "wd-links");
  box.setAttribute("aria-label", seen(say("Links to {label}", { label })));
  const head = make("div", "wd-actions");
  const shut = button("×", close, "wd-close");
  shut.setAttribute("aria-label", say.word("Close", "verb"));
  head.append(said("b", "", label), make("span", "wd-chip", own(desk.icons, kind)?.label ?? kind), shut);
  const which = countries.join(", ");
  const from = say.count("from {n} country ({which})", "from {n} countries ({which})", countries.length, { which });
  const where = messages
    ? say.count("in {n} other message", "in {n} other messages", messages) + (which && ` ${from}`)
    : told ||
      say(`No other material that you are allowed to see in the case contains this number or name. The program
          may have missed other spellings of a name.`);
  box.append(head, said("p", "", where), facts(known));
  const list = make("ul", "wd-thread");
  for (const id of lines) {
    const line = desk.line(id);
    if (!line) continue;
    const row = make("li", "");
    const open = button(line.subject || id, () => desk.open(id), "wd-link");
    open.dir = "auto";
    row.append(said("bdi", "", line.direction === "in" ? line.sender : line.receiver), open);
    list.append(row);
  }
  box.append(
    list,
    make("p", "wd-small", say("The same words may refer to another person or item. Check with the source.")),
  );
  return box;
}
