// A message to read: its head, its texts with the entities that they name, and what a machine or a rule says of it.

import { own } from "../../kit/safe_records.js";
import { seen } from "../../kit/visible_text.js";
import { askAbout, because } from "../kit/question_box.js";
import { card } from "../forms/issues.js";
import { categories, worded } from "./lines.js";
import { banner, button, facts, make, said } from "../kit/elements.js";
import { paragraphs } from "./paragraphs.js";
import { told } from "./message_fields.js";
import { typed } from "../kit/control_text.js";

/** @typedef {import("./lines.js").Line} Line */
/** @typedef {import("../forms/issues.js").Issue} Issue */
/**
 * A message as it is read, as parts.py has it.
 * @typedef {object} Message
 * @property {string} id
 * @property {string} mark
 * @property {string} form
 * @property {Record<string, any>} values
 * @property {Record<string, any[]>} mentions
 * @property {[string, string][]} priority
 * @property {string} why
 * @property {Issue[]} issues
 * @property {string[]} thread
 * @property {string[]} replies
 * @property {"done" | "reopen" | ""} settles
 * @property {[string, string][]} addressees
 */
/**
 * What a message asks of its desk.
 * @typedef {object} Desk
 * @property {import("../../kit/words.js").Words} words
 * @property {boolean} alive
 * @property {Record<string, { colour: string, label: string }>} icons
 * @property {Record<string, string>} categories
 * @property {(form: string) => import("../forms/form.js").Blank} blank
 * @property {(id: string) => Line | undefined} line
 * @property {(id: string) => void} open
 * @property {(entity: string) => void} links
 * @property {(kind: string) => void} reply
 * @property {(category: string) => void} correct
 * @property {(question: "done" | "reopen", because: string) => void} settle
 */

/** A message with everything that can be done with it. @param {Desk} desk @param {Message} message */
export function reading(desk, message) {
  const line = desk.line(message.id);
  const box = make("article", "wd-reading");
  box.append(said("h3", "wd-title", line?.subject ?? ""));
  if (message.mark) box.append(banner(message.mark));
  if (desk.alive) box.append(...deeds(desk, message));
  if (message.addressees.length) box.append(deliveries(desk, message.addressees));
  box.append(...content(desk, message));
  if (line) box.append(...reasons(desk, line, message));
  if (message.issues.length)
    box.append(
      part(
        desk.words.say("Results of the rule check for this message"),
        message.issues.map((issue) => card(desk.words, issue)),
      ),
    );
  if (message.thread.length > 1) box.append(part(desk.words.say.word("Thread", "noun"), [thread(desk, message)]));
  if (message.mark) box.append(banner(message.mark));
  return box;
}

/**
 * What became of a message at each addressee.
 * @param {{ words: import("../../kit/words.js").Words }} desk
 * @param {[string, string][]} addressees
 */
export function deliveries(desk, addressees) {
  return part(desk.words.say.word("Addressees", "noun"), [facts(addressees)]);
}

/** What the addressee of a draft will see, and nothing else. @param {Desk} desk @param {Message} message */
export function preview(desk, message) {
  const box = make("article", "wd-preview");
  box.append(banner(message.mark), ...content({ ...desk, alive: false }, message), banner(message.mark));
  return box;
}

/** What stands in the message, field by field. @param {Desk} desk @param {Message} message */
function content(desk, { form, values, mentions }) {
  const found = told(desk.blank(form).sections, values, desk.words.say.word("yes", "state"));
  const texts = found.texts.map(({ name, label, text }) => words(desk, label, text, own(mentions, name) ?? []));
  return [facts(found.facts), ...texts, ...cards(found.cards)];
}

/**
 * What can be done with it: answers; while it waits that it is done, and then that it is not.
 * @param {Desk} desk
 * @param {Message} message
 */
function deeds(desk, { replies: kinds, settles }) {
  const bar = make("div", "wd-actions");
  const asking = make("div", "");
  kinds.forEach((kind, at) =>
    bar.append(button(desk.words.say.term("answers", kind), () => desk.reply(kind), at ? "" : "wd-primary")),
  );
  if (settles)
    bar.append(
      button(
        askAbout(desk.words, settles).name,
        () => because(asking, desk.words, settles, (why) => desk.settle(settles, why)),
        "wd-settle",
      ),
    );
  return bar.childElementCount ? [bar, asking] : [];
}

/** @param {Desk} desk @param {string} label @param {string} text @param {any[]} mentions */
function words(desk, label, text, mentions) {
  const section = make("section", "wd-text");
  section.append(make("h4", "", label));
  for (const line of paragraphs(text, mentions)) {
    const paragraph = make("p", "");
    paragraph.dir = "auto";
    paragraph.append(
      ...line.map(({ text: part, mark }) => (mark ? named(desk, part, mark) : document.createTextNode(seen(part)))),
    );
    section.append(paragraph);
  }
  return section;
}

/** An entity in a text: a click tells what links it. @param {Desk} desk @param {string} text @param {any} mark */
function named(desk, text, { id, kind, sure }) {
  const icon = own(desk.icons, kind) ?? desk.icons[""];
  const name = `wd-named${sure ? "" : " wd-unsure"}`;
  const made = desk.alive ? button(text, () => desk.links(id), name) : make("span", name, text);
  if (desk.alive) made.classList.remove("wd-button");
  made.title = seen(icon?.label ?? kind);
  made.style.setProperty("--kind", icon?.colour ?? "#57606a");
  made.dir = "auto";
  return made;
}

/** @param {[string, [string, string][]][]} some */
function cards(some) {
  return some.map(([title, what]) => {
    const box = make("section", "wd-card");
    box.append(said("h4", "", title), facts(what));
    return box;
  });
}

/**
 * Why it stands where it stands, and what it is about.
 * @param {Desk} desk
 * @param {Line} line
 * @param {Message} message
 */
function reasons(desk, line, { priority, why }) {
  const { say } = desk.words;
  const found = [];
  const offered = desk.alive && line.direction === "in" && Object.keys(desk.categories).length > 0;
  if (line.category || line.stated || offered)
    found.push(part(say.word("Category", "noun"), category(desk, line, why)));
  if (priority.length) {
    const list = make("ul", "wd-sum");
    for (const [what, counts] of priority) {
      const row = make("li", "");
      row.append(said("span", "", what), said("b", "", counts));
      list.append(row);
    }
    found.push(
      part(say("Reason for this priority"), [
        list,
        make("p", "wd-small", say("This is the priority of the message, never of a person.")),
      ]),
    );
  }
  return found;
}

/** @param {Desk} desk @param {Line} line @param {string} why */
function category(desk, line, why) {
  const { say } = desk.words;
  const bar = make("div", "wd-actions");
  const chips = categories(desk.words, (codes) => worded(desk.categories, codes), line);
  bar.append(...chips.map(([name, text]) => make("span", `wd-chip ${name}`, text)));
  if (!line.category) bar.append(make("span", "", say("The program is not sure enough to suggest a category.")));
  if (desk.alive) {
    const offered = line.category || line.stated;
    if (offered && !line.decided) bar.append(button(say.word("Accept", "verb"), () => desk.correct(offered)));
    bar.append(chooser(desk, line));
  }
  return why ? [bar, said("p", "wd-small", say("Words that led to this category: {why}", { why }))] : [bar];
}

/** @param {Desk} desk @param {Line} line */
function chooser(desk, line) {
  const select = /** @type {HTMLSelectElement} */ (make("select", "wd-select"));
  select.setAttribute("aria-label", desk.words.say("Correct to…"));
  select.append(new Option(desk.words.say("Correct to…"), ""));
  for (const [code, label] of Object.entries(desk.categories))
    if (code !== line.category) select.append(new Option(seen(label), seen(code)));
  select.onchange = () => select.value && desk.correct(typed(select.value));
  return select;
}

/** @param {Desk} desk @param {Message} message */
function thread(desk, message) {
  const list = make("ol", "wd-thread");
  for (const id of message.thread) {
    const line = desk.line(id);
    if (!line) continue;
    const row = make("li", "");
    const open = button(line.subject || line.id, () => desk.open(id), "wd-link");
    open.dir = "auto";
    open.disabled = id === message.id;
    row.append(
      make("span", "wd-when", desk.words.moment(line.at)),
      said("bdi", "", line.direction === "in" ? line.sender : desk.words.say("to {who}", { who: line.receiver })),
      open,
    );
    list.append(row);
  }
  return list;
}

/**
 * @param {string} heading
 * @param {HTMLElement[]} content
 */
export function part(heading, content) {
  const section = make("section", "wd-part");
  section.append(make("h4", "", heading), ...content);
  return section;
}
