// The desk: folders and lines on one side, on the other what is open: a message to read, or a draft to write.

import { getOwn } from "../kit/safe_records.js";
import { escapeHidden } from "../kit/visible_text.js";
import { Composing } from "./sending/composer.js";
import { Draft } from "./forms/draft.js";
import { Inbox } from "./messages/inbox.js";
import { FOLDERS, OUT, mergeLines, formatCategories } from "./messages/lines.js";
import { buildLinks } from "./messages/links.js";
import { createButton, createElement, createText } from "./kit/elements.js";
import { buildMessage } from "./messages/message_view.js";
import { decodeText } from "./kit/control_text.js";
import { askAbout } from "./kit/question_box.js";
import { Words } from "../kit/words.js";

/** @typedef {import("./messages/lines.js").Line} Line */

export class Desk {
  /**
   * @param {HTMLElement} root
   * @param {any} model
   * @param {import("./forms/draft.js").Ask} ask
   */
  constructor(root, model, ask) {
    this.root = root;
    this.model = model;
    this.ask = ask;
    this.alive = model.get("alive");
    this.icons = model.get("icons") ?? {};
    /** @type {Composing | null} */
    this.composing = null;
    this.shows = 0;
    /** A draft that was only just begun: it is written in at once. */
    this.begun = "";
    this.words = this.readWords();
    this.inbox = this.createInbox();
    this.status = createElement("div", "wd-status");
    this.status.setAttribute("role", "status");
    this.pane = createElement("div", "wd-pane");
    this.folders = createElement("div", "wd-folders");
    this.folders.setAttribute("role", "group");
    this.heard = {
      "msg:custom": (/** @type {any} */ message) => message?.rows && this.applyChange(message),
      "change:rows": () => this.refresh(),
      "change:language": () => this.build(),
      "change:blanks": () => this.build(),
      "change:opened": () => this.showOpened(),
      comm_live_update: () => this.composing?.draft.setState("lost"),
    };
    for (const [name, heard] of Object.entries(this.heard)) model.on(name, heard);
    root.classList.add("wd");
    root.dataset.lmSuppressShortcuts = "true";
    root.setAttribute("role", "region");
    root.addEventListener("keydown", (event) => this.handleKey(event));
    this.build();
  }

  /** Everything anew, in the language that is set. */
  build() {
    this.words = this.readWords();
    const { say } = this.words;
    this.root.dir = this.words.direction;
    this.root.lang = this.words.language;
    this.root.setAttribute("aria-label", say("Message desk"));
    this.inbox.destroy();
    this.inbox = this.createInbox();
    this.folders.setAttribute("aria-label", say.word("Folders", "noun"));
    const body = createElement("div", "wd-body");
    body.append(this.inbox.element, this.pane);
    this.root.replaceChildren(this.buildHead(), body, this.status);
    this.refresh();
    this.showOpened();
  }

  /** Code -> words. @returns {Record<string, string>} */
  get categories() {
    return this.model.get("categories") ?? {};
  }

  readWords() {
    return Words.read(this.model);
  }

  createInbox() {
    const formatCategory = (/** @type {string} */ codes) => formatCategories(this.categories, codes);
    return new Inbox({
      words: this.words,
      listLines: () => this.lines,
      getOpenedId: () => this.openedId,
      openMessage: (id) => this.openMessage(id),
      getTime: () => this.getTime(),
      formatCategory,
      more: this.alive && this.more,
    });
  }

  buildHead() {
    const head = createElement("div", "wd-head");
    const name = this.model.get("title") || this.words.say("Message desk"),
      mark = this.model.get("mark");
    head.append(Object.assign(createText("b", "wd-name", name), { title: escapeHidden(name) }));
    if (mark) head.append(Object.assign(createText("span", "wd-chip wd-marked", mark), { title: escapeHidden(mark) }));
    head.append(this.folders);
    if (this.alive) head.append(this.buildComposeMenu(), this.buildLanguageMenu());
    return head;
  }

  /** A new message, of one of the forms. */
  buildComposeMenu() {
    const { say } = this.words;
    const select = /** @type {HTMLSelectElement} */ (createElement("select", "wd-select wd-new"));
    select.setAttribute("aria-label", say("New message…"));
    select.append(new Option(say("New message…"), ""));
    for (const [name, { label }] of Object.entries(this.model.get("blanks")))
      select.append(new Option(escapeHidden(label), escapeHidden(name)));
    select.onchange = () => {
      if (select.value) this.startDraft("compose", decodeText(select.value));
      select.value = "";
    };
    return select;
  }

  /** The language of the desk. */
  buildLanguageMenu() {
    const select = /** @type {HTMLSelectElement} */ (createElement("select", "wd-select"));
    select.setAttribute("aria-label", this.words.say("Message desk language"));
    for (const code of Object.keys(this.model.get("words")).sort())
      select.append(new Option(new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code, code));
    select.value = this.words.language;
    select.onchange = () => {
      this.model.set("language", select.value);
      this.model.save_changes();
    };
    return select;
  }

  /** @returns {Line[]} */
  get lines() {
    return this.model.get("rows");
  }

  get openedId() {
    return this.model.get("opened");
  }

  /** Milliseconds: now, or where no kernel runs the moment for which the page was saved. */
  getTime() {
    return this.alive ? Date.now() : Date.parse(this.model.get("as_at")) || Date.now();
  }

  /** @param {string} id */
  findLine = (id) => this.lines.find((line) => line.id === id);

  /** The blank form of a message or draft. @param {string} form @returns {import("./forms/form.js").Blank} */
  getBlank = (form) => getOwn(this.model.get("blanks"), form) ?? { label: form, sections: [] };

  /** @param {any} change lines that are other than before */
  applyChange(change) {
    this.model.set("rows", mergeLines(this.lines, change));
    this.model.set("beyond", change.beyond);
    this.refresh();
  }

  /** Whether the inbox goes on, and what asks for it. */
  more = { isWanted: () => Boolean(this.model.get("beyond")), loadMore: () => this.runWork(() => this.ask("more")) };

  /** After the lines changed. */
  refresh() {
    const { say } = this.words;
    const counted = FOLDERS.flatMap((folder) => {
      const mine = this.lines.filter((line) => line.folder === folder);
      if (["done", "copies"].includes(folder) && !mine.length) return [];
      const unread = mine.filter((line) => line.unread).length;
      const tab = createButton(say.term("folders", folder), () => this.showFolder(folder), "wd-folder");
      tab.append(createElement("span", "wd-count", unread ? `${unread}/${mine.length}` : `${mine.length}`));
      tab.setAttribute("aria-pressed", String(folder === this.inbox.folder));
      return tab;
    });
    this.folders.replaceChildren(...counted);
    this.inbox.refresh();
  }

  /** @param {string} folder */
  showFolder(folder) {
    this.inbox.showFolder(folder);
    this.refresh();
  }

  /** What stands in place of a message while none is open. */
  get invitation() {
    const { say } = this.words;
    return say(`Select a message. Arrow keys move through the list. Enter opens a message. Escape goes back. C
      starts a new message. R replies. D marks the message as done.`);
  }

  /** @param {string} text */
  showStatus = (text) => {
    if (this.status.textContent !== text) this.status.textContent = escapeHidden(text);
  };

  /** Open a message or draft, '' none. @param {string} id */
  openMessage = async (id) => {
    await this.composing?.saveDraft();
    if (id === this.openedId) return this.showOpened();
    this.model.set("opened", id);
    this.model.save_changes();
  };

  /** What is open. */
  async showOpened() {
    const id = this.openedId;
    const number = ++this.shows;
    const isLatest = () => number === this.shows; // nothing else was asked for meanwhile
    this.root.classList.toggle("wd-open", Boolean(id));
    this.inbox.refresh();
    if (!id) return this.showContent(createElement("p", "wd-none", this.invitation));
    const slow = setTimeout(
      () => isLatest() && this.showContent(createElement("p", "wd-none", this.words.say.word("Opening…", "state"))),
      400,
    );
    try {
      const found = await this.loadMessage(id);
      clearTimeout(slow);
      if (!isLatest()) return;
      if (found && "waits" in found) this.showComposer(found);
      else if (found) this.showContent(buildMessage(this, found));
      else
        this.showContent(
          createElement(
            "p",
            "wd-none",
            this.words.say(`This page does not contain the message. To read it, open
          the message desk in the notebook.`),
          ),
        );
    } catch (problem) {
      clearTimeout(slow);
      if (isLatest())
        this.showContent(createText("p", "wd-problem", problem instanceof Error ? problem.message : String(problem)));
    }
  }

  /** @param {string} id */
  async loadMessage(id) {
    if (!this.alive) return getOwn(this.model.get("carried"), id);
    const folder = this.findLine(id)?.folder;
    return (await this.ask(folder === "drafts" || !folder ? "draft" : "read", id)).found;
  }

  /** @param {HTMLElement} content */
  showContent(content) {
    this.composing = null;
    this.pane.replaceChildren(this.createBackButton(), content);
    this.pane.scrollTop = 0;
  }

  createBackButton() {
    const back = createButton(this.words.say("Back to the list"), () => this.openMessage(""), "wd-back");
    back.hidden = !this.openedId;
    return back;
  }

  /** @param {any} found */
  showComposer(found) {
    const draft = new Draft(this.ask, found, (about) => made?.handleChange(about));
    /** @type {Composing | null} */
    let made = null;
    made = new Composing(this, this.getBlank(found.form), draft);
    this.showContent(made.element);
    this.composing = made;
    if (found.id !== this.begun) return;
    this.begun = "";
    /** @type {HTMLElement | null} */ (this.pane.querySelector(".wd-form input, .wd-form select"))?.focus({
      preventScroll: true,
    });
  }

  /** A new draft, opened. @param {string} question @param {...string} given */
  async startDraft(question, ...given) {
    await this.composing?.saveDraft();
    try {
      const { found } = await this.ask(question, ...given);
      this.showFolder("drafts");
      this.begun = found.id;
      this.model.set("opened", found.id);
      this.model.save_changes();
    } catch (problem) {
      this.showStatus(problem instanceof Error ? problem.message : String(problem));
    }
  }

  /** @param {string} kind */
  replyToMessage = (kind) => this.startDraft("reply", this.openedId, kind);

  /** @param {string} category */
  correctCategory = async (category) => {
    await this.runWork(() => this.ask("correct", this.openedId, category));
    this.showOpened();
  };

  /** That a message is done, or open again. @param {"done" | "reopen"} question @param {string} because */
  settleMessage = async (question, because) => {
    if (await this.runWork(() => this.ask(question, this.openedId, because)))
      this.showDiscarded(askAbout(this.words, question).told);
  };

  /** @param {string} entity */
  showLinks = async (entity) => {
    const answer = await this.runWork(() => this.ask("links", entity));
    if (!answer) return;
    const before = this.pane.querySelector(".wd-links");
    const box = buildLinks(this, answer.found, () => box.remove());
    if (before) before.replaceWith(box);
    else this.pane.append(box);
    /** @type {HTMLElement | null} */ (box.querySelector(".wd-close"))?.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  };

  /** Ids of the messages that have gone out. */
  get sentIds() {
    return new Set(this.lines.filter(({ folder }) => OUT.includes(folder)).map(({ id }) => id));
  }

  /**
   * To the folder where a message lies that has gone out, with it opened.
   * @param {string} text
   * @param {Set<string>} before messages that had gone out before it
   */
  showSent = async (text, before) => {
    const line = this.lines.find(({ id, folder }) => OUT.includes(folder) && !before.has(id));
    if (line) this.showFolder(line.folder);
    await this.openMessage(line?.id ?? "");
    this.showStatus(text);
  };

  /** @param {string} text */
  showDiscarded = (text) => {
    this.openMessage("");
    this.showStatus(text);
  };

  /** @template T @param {() => Promise<T>} ask @returns {Promise<T | undefined>} */
  async runWork(ask) {
    try {
      return await ask();
    } catch (problem) {
      this.showStatus(problem instanceof Error ? problem.message : String(problem));
    }
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (event.key === "Escape") this.handleEscape();
    else if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "c" && this.alive) this.startDraft("compose", Object.keys(this.model.get("blanks"))[0]);
    else if (event.key === "r" && this.alive && this.findLine(this.openedId)?.folder === "inbox")
      this.replyToMessage("reply");
    else if (event.key === "d" && this.settleButton) this.settleButton.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** What says of the message that is read that it is done, or open again. @returns {HTMLElement | null} */
  get settleButton() {
    return this.pane.querySelector(".wd-settle");
  }

  /** From links to the message, from there to the list. */
  async handleEscape() {
    const links = this.pane.querySelector(".wd-links");
    if (links) return links.remove();
    await this.openMessage("");
    this.inbox.list.focus();
  }

  draw() {}

  destroy() {
    for (const [name, heard] of Object.entries(this.heard)) this.model.off(name, heard);
    this.composing?.saveDraft();
    this.inbox.destroy();
    this.root.replaceChildren();
  }
}
