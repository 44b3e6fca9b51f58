// A message to read: its head, its texts with the entities that they name, and what a machine or a rule says of it.

import { getOwn } from "../../kit/safe_records.js";
import { escapeHidden } from "../../kit/visible_text.js";
import { askAbout, askReason } from "../kit/question_box.js";
import { buildIssueCard } from "../forms/issues.js";
import { listCategoryChips, formatCategories } from "./lines.js";
import { createBanner, createButton, buildFacts, createElement, createText } from "../kit/elements.js";
import { splitParagraphs } from "./paragraphs.js";
import { readFields } from "./message_fields.js";
import { decodeText } from "../kit/control_text.js";

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
 * @property {(form: string) => import("../forms/form.js").Blank} getBlank
 * @property {(id: string) => Line | undefined} findLine
 * @property {(id: string) => void} openMessage
 * @property {(entity: string) => void} showLinks
 * @property {(kind: string) => void} replyToMessage
 * @property {(category: string) => void} correctCategory
 * @property {(question: "done" | "reopen", because: string) => void} settleMessage
 */

/** A message with everything that can be done with it. @param {Desk} desk @param {Message} message */
export function buildMessage(desk, message) {
  const line = desk.findLine(message.id);
  const box = createElement("article", "wd-reading");
  box.append(createText("h3", "wd-title", line?.subject ?? ""));
  if (message.mark) box.append(createBanner(message.mark));
  if (desk.alive) box.append(...buildActions(desk, message));
  if (message.addressees.length) box.append(buildDeliveries(desk, message.addressees));
  box.append(...buildContent(desk, message));
  if (line) box.append(...buildReasons(desk, line, message));
  if (message.issues.length)
    box.append(
      buildSection(
        desk.words.say("Results of the rule check for this message"),
        message.issues.map((issue) => buildIssueCard(desk.words, issue)),
      ),
    );
  if (message.thread.length > 1)
    box.append(buildSection(desk.words.say.word("Thread", "noun"), [buildThread(desk, message)]));
  if (message.mark) box.append(createBanner(message.mark));
  return box;
}

/**
 * What became of a message at each addressee.
 * @param {{ words: import("../../kit/words.js").Words }} desk
 * @param {[string, string][]} addressees
 */
export function buildDeliveries(desk, addressees) {
  return buildSection(desk.words.say.word("Addressees", "noun"), [buildFacts(addressees)]);
}

/** What the addressee of a draft will see, and nothing else. @param {Desk} desk @param {Message} message */
export function buildPreview(desk, message) {
  const box = createElement("article", "wd-preview");
  box.append(
    createBanner(message.mark),
    ...buildContent({ ...desk, alive: false }, message),
    createBanner(message.mark),
  );
  return box;
}

/** What stands in the message, field by field. @param {Desk} desk @param {Message} message */
function buildContent(desk, { form, values, mentions }) {
  const found = readFields(desk.getBlank(form).sections, values, desk.words.say.word("yes", "state"));
  const texts = found.texts.map(({ name, label, text }) => buildText(desk, label, text, getOwn(mentions, name) ?? []));
  return [buildFacts(found.facts), ...texts, ...buildCards(found.cards)];
}

/**
 * What can be done with it: answers; while it waits that it is done, and then that it is not.
 * @param {Desk} desk
 * @param {Message} message
 */
function buildActions(desk, { replies: kinds, settles }) {
  const bar = createElement("div", "wd-actions");
  const asking = createElement("div", "");
  kinds.forEach((kind, at) =>
    bar.append(
      createButton(desk.words.say.term("answers", kind), () => desk.replyToMessage(kind), at ? "" : "wd-primary"),
    ),
  );
  if (settles)
    bar.append(
      createButton(
        askAbout(desk.words, settles).name,
        () => askReason(asking, desk.words, settles, (why) => desk.settleMessage(settles, why)),
        "wd-settle",
      ),
    );
  return bar.childElementCount ? [bar, asking] : [];
}

/** @param {Desk} desk @param {string} label @param {string} text @param {any[]} mentions */
function buildText(desk, label, text, mentions) {
  const section = createElement("section", "wd-text");
  section.append(createElement("h4", "", label));
  for (const line of splitParagraphs(text, mentions)) {
    const paragraph = createElement("p", "");
    paragraph.dir = "auto";
    paragraph.append(
      ...line.map(({ text: part, mark }) =>
        mark ? buildEntity(desk, part, mark) : document.createTextNode(escapeHidden(part)),
      ),
    );
    section.append(paragraph);
  }
  return section;
}

/** An entity in a text: a click tells what links it. @param {Desk} desk @param {string} text @param {any} mark */
function buildEntity(desk, text, { id, kind, sure }) {
  const icon = getOwn(desk.icons, kind) ?? desk.icons[""];
  const name = `wd-named${sure ? "" : " wd-unsure"}`;
  const made = desk.alive ? createButton(text, () => desk.showLinks(id), name) : createElement("span", name, text);
  if (desk.alive) made.classList.remove("wd-button");
  made.title = escapeHidden(icon?.label ?? kind);
  made.style.setProperty("--kind", icon?.colour ?? "#57606a");
  made.dir = "auto";
  return made;
}

/** @param {[string, [string, string][]][]} some */
function buildCards(some) {
  return some.map(([title, what]) => {
    const box = createElement("section", "wd-card");
    box.append(createText("h4", "", title), buildFacts(what));
    return box;
  });
}

/**
 * Why it stands where it stands, and what it is about.
 * @param {Desk} desk
 * @param {Line} line
 * @param {Message} message
 */
function buildReasons(desk, line, { priority, why }) {
  const { say } = desk.words;
  const found = [];
  const offered = desk.alive && line.direction === "in" && Object.keys(desk.categories).length > 0;
  if (line.category || line.stated || offered)
    found.push(buildSection(say.word("Category", "noun"), buildCategory(desk, line, why)));
  if (priority.length) {
    const list = createElement("ul", "wd-sum");
    for (const [what, counts] of priority) {
      const row = createElement("li", "");
      row.append(createText("span", "", what), createText("b", "", counts));
      list.append(row);
    }
    found.push(
      buildSection(say("Reason for this priority"), [
        list,
        createElement("p", "wd-small", say("This is the priority of the message, never of a person.")),
      ]),
    );
  }
  return found;
}

/** @param {Desk} desk @param {Line} line @param {string} why */
function buildCategory(desk, line, why) {
  const { say } = desk.words;
  const bar = createElement("div", "wd-actions");
  const chips = listCategoryChips(desk.words, (codes) => formatCategories(desk.categories, codes), line);
  bar.append(...chips.map(([name, text]) => createElement("span", `wd-chip ${name}`, text)));
  if (!line.category)
    bar.append(createElement("span", "", say("The program is not sure enough to suggest a category.")));
  if (desk.alive) {
    const offered = line.category || line.stated;
    if (offered && !line.decided)
      bar.append(createButton(say.word("Accept", "verb"), () => desk.correctCategory(offered)));
    bar.append(buildCategoryMenu(desk, line));
  }
  return why ? [bar, createText("p", "wd-small", say("Words that led to this category: {why}", { why }))] : [bar];
}

/** @param {Desk} desk @param {Line} line */
function buildCategoryMenu(desk, line) {
  const select = /** @type {HTMLSelectElement} */ (createElement("select", "wd-select"));
  select.setAttribute("aria-label", desk.words.say("Correct to…"));
  select.append(new Option(desk.words.say("Correct to…"), ""));
  for (const [code, label] of Object.entries(desk.categories))
    if (code !== line.category) select.append(new Option(escapeHidden(label), escapeHidden(code)));
  select.onchange = () => select.value && desk.correctCategory(decodeText(select.value));
  return select;
}

/** @param {Desk} desk @param {Message} message */
function buildThread(desk, message) {
  const list = createElement("ol", "wd-thread");
  for (const id of message.thread) {
    const line = desk.findLine(id);
    if (!line) continue;
    const row = createElement("li", "");
    const open = createButton(line.subject || line.id, () => desk.openMessage(id), "wd-link");
    open.dir = "auto";
    open.disabled = id === message.id;
    row.append(
      createElement("span", "wd-when", desk.words.formatMoment(line.at)),
      createText("bdi", "", line.direction === "in" ? line.sender : desk.words.say("to {who}", { who: line.receiver })),
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
export function buildSection(heading, content) {
  const section = createElement("section", "wd-part");
  section.append(createElement("h4", "", heading), ...content);
  return section;
}
