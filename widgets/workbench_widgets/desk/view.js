// The desk: folders and lines on one side, on the other what is open: a message to read, or a draft to write.

import { own } from "../kit/safe_records.js";
import { seen } from "../kit/visible_text.js";
import { Composing } from "./sending/composer.js";
import { Draft } from "./forms/draft.js";
import { Inbox } from "./messages/inbox.js";
import { FOLDERS, OUT, renewed, worded } from "./messages/lines.js";
import { linked } from "./messages/links.js";
import { button, make, said } from "./kit/elements.js";
import { reading } from "./messages/message_view.js";
import { typed } from "./kit/control_text.js";
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
    this.words = this.spoken();
    this.inbox = this.listed();
    this.status = make("div", "wd-status");
    this.status.setAttribute("role", "status");
    this.pane = make("div", "wd-pane");
    this.folders = make("div", "wd-folders");
    this.folders.setAttribute("role", "group");
    this.heard = {
      "msg:custom": (/** @type {any} */ message) => message?.rows && this.renew(message),
      "change:rows": () => this.refresh(),
      "change:language": () => this.build(),
      "change:blanks": () => this.build(),
      "change:opened": () => this.show(),
      comm_live_update: () => this.composing?.draft.become("lost"),
    };
    for (const [name, heard] of Object.entries(this.heard)) model.on(name, heard);
    root.classList.add("wd");
    root.dataset.lmSuppressShortcuts = "true";
    root.setAttribute("role", "region");
    root.addEventListener("keydown", (event) => this.key(event));
    this.build();
  }

  /** Everything anew, in the language that is set. */
  build() {
    this.words = this.spoken();
    const { say } = this.words;
    this.root.dir = this.words.direction;
    this.root.lang = this.words.language;
    this.root.setAttribute("aria-label", say("Message desk"));
    this.inbox.destroy();
    this.inbox = this.listed();
    this.folders.setAttribute("aria-label", say.word("Folders", "noun"));
    const body = make("div", "wd-body");
    body.append(this.inbox.element, this.pane);
    this.root.replaceChildren(this.head(), body, this.status);
    this.refresh();
    this.show();
  }

  /** Code -> words. @returns {Record<string, string>} */
  get categories() {
    return this.model.get("categories") ?? {};
  }

  spoken() {
    return Words.of(this.model);
  }

  listed() {
    const category = (/** @type {string} */ codes) => worded(this.categories, codes);
    return new Inbox({
      words: this.words,
      lines: () => this.lines,
      opened: () => this.opened,
      open: (id) => this.open(id),
      now: () => this.now(),
      category,
      more: this.alive && this.more,
    });
  }

  head() {
    const head = make("div", "wd-head");
    const name = this.model.get("title") || this.words.say("Message desk"),
      mark = this.model.get("mark");
    head.append(Object.assign(said("b", "wd-name", name), { title: seen(name) }));
    if (mark) head.append(Object.assign(said("span", "wd-chip wd-marked", mark), { title: seen(mark) }));
    head.append(this.folders);
    if (this.alive) head.append(this.composer(), this.speaker());
    return head;
  }

  /** A new message, of one of the forms. */
  composer() {
    const { say } = this.words;
    const select = /** @type {HTMLSelectElement} */ (make("select", "wd-select wd-new"));
    select.setAttribute("aria-label", say("New message…"));
    select.append(new Option(say("New message…"), ""));
    for (const [name, { label }] of Object.entries(this.model.get("blanks")))
      select.append(new Option(seen(label), seen(name)));
    select.onchange = () => {
      if (select.value) this.write("compose", typed(select.value));
      select.value = "";
    };
    return select;
  }

  /** The language of the desk. */
  speaker() {
    const select = /** @type {HTMLSelectElement} */ (make("select", "wd-select"));
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

  get opened() {
    return this.model.get("opened");
  }

  /** Milliseconds: now, or where no kernel runs the moment for which the page was saved. */
  now() {
    return this.alive ? Date.now() : Date.parse(this.model.get("as_at")) || Date.now();
  }

  /** @param {string} id */
  line = (id) => this.lines.find((line) => line.id === id);

  /** The blank form of a message or draft. @param {string} form @returns {import("./forms/form.js").Blank} */
  blank = (form) => own(this.model.get("blanks"), form) ?? { label: form, sections: [] };

  /** @param {any} change lines that are other than before */
  renew(change) {
    this.model.set("rows", renewed(this.lines, change));
    this.model.set("beyond", change.beyond);
    this.refresh();
  }

  /** Whether the inbox goes on, and what asks for it. */
  more = { wanted: () => Boolean(this.model.get("beyond")), ask: () => this.told(() => this.ask("more")) };

  /** After the lines changed. */
  refresh() {
    const { say } = this.words;
    const counted = FOLDERS.flatMap((folder) => {
      const mine = this.lines.filter((line) => line.folder === folder);
      if (["done", "copies"].includes(folder) && !mine.length) return [];
      const unread = mine.filter((line) => line.unread).length;
      const tab = button(say.term("folders", folder), () => this.turn(folder), "wd-folder");
      tab.append(make("span", "wd-count", unread ? `${unread}/${mine.length}` : `${mine.length}`));
      tab.setAttribute("aria-pressed", String(folder === this.inbox.folder));
      return tab;
    });
    this.folders.replaceChildren(...counted);
    this.inbox.refresh();
  }

  /** @param {string} folder */
  turn(folder) {
    this.inbox.turn(folder);
    this.refresh();
  }

  /** What stands in place of a message while none is open. */
  get invitation() {
    const { say } = this.words;
    return say(`Select a message. Arrow keys move through the list, Enter opens a message, Escape goes back. C starts
      a new message, R replies, D marks the message as done.`);
  }

  /** @param {string} text */
  announce = (text) => {
    if (this.status.textContent !== text) this.status.textContent = seen(text);
  };

  /** Open a message or draft, '' none. @param {string} id */
  open = async (id) => {
    await this.composing?.leave();
    if (id === this.opened) return this.show();
    this.model.set("opened", id);
    this.model.save_changes();
  };

  /** What is open. */
  async show() {
    const id = this.opened;
    const number = ++this.shows;
    const latest = () => number === this.shows; // nothing else was asked for meanwhile
    this.root.classList.toggle("wd-open", Boolean(id));
    this.inbox.refresh();
    if (!id) return this.put(make("p", "wd-none", this.invitation));
    const slow = setTimeout(
      () => latest() && this.put(make("p", "wd-none", this.words.say.word("Opening…", "state"))),
      400,
    );
    try {
      const found = await this.found(id);
      clearTimeout(slow);
      if (!latest()) return;
      if (found && "waits" in found) this.compose(found);
      else if (found) this.put(reading(this, found));
      else
        this.put(
          make(
            "p",
            "wd-none",
            this.words.say(`This page does not contain the message. To read it, open
          the message desk in the notebook.`),
          ),
        );
    } catch (problem) {
      clearTimeout(slow);
      if (latest()) this.put(said("p", "wd-problem", problem instanceof Error ? problem.message : String(problem)));
    }
  }

  /** @param {string} id */
  async found(id) {
    if (!this.alive) return own(this.model.get("carried"), id);
    const folder = this.line(id)?.folder;
    return (await this.ask(folder === "drafts" || !folder ? "draft" : "read", id)).found;
  }

  /** @param {HTMLElement} content */
  put(content) {
    this.composing = null;
    this.pane.replaceChildren(this.back(), content);
    this.pane.scrollTop = 0;
  }

  back() {
    const back = button(this.words.say("Back to the list"), () => this.open(""), "wd-back");
    back.hidden = !this.opened;
    return back;
  }

  /** @param {any} found */
  compose(found) {
    const draft = new Draft(this.ask, found, (about) => made?.changed(about));
    /** @type {Composing | null} */
    let made = null;
    made = new Composing(this, this.blank(found.form), draft);
    this.put(made.element);
    this.composing = made;
    if (found.id !== this.begun) return;
    this.begun = "";
    /** @type {HTMLElement | null} */ (this.pane.querySelector(".wd-form input, .wd-form select"))?.focus({
      preventScroll: true,
    });
  }

  /** A new draft, opened. @param {string} question @param {...string} given */
  async write(question, ...given) {
    await this.composing?.leave();
    try {
      const { found } = await this.ask(question, ...given);
      this.turn("drafts");
      this.begun = found.id;
      this.model.set("opened", found.id);
      this.model.save_changes();
    } catch (problem) {
      this.announce(problem instanceof Error ? problem.message : String(problem));
    }
  }

  /** @param {string} kind */
  reply = (kind) => this.write("reply", this.opened, kind);

  /** @param {string} category */
  correct = async (category) => {
    await this.told(() => this.ask("correct", this.opened, category));
    this.show();
  };

  /** That a message is done, or open again. @param {"done" | "reopen"} question @param {string} because */
  settle = async (question, because) => {
    if (await this.told(() => this.ask(question, this.opened, because)))
      this.discarded(askAbout(this.words, question).told);
  };

  /** @param {string} entity */
  links = async (entity) => {
    const answer = await this.told(() => this.ask("links", entity));
    if (!answer) return;
    const before = this.pane.querySelector(".wd-links");
    const box = linked(this, answer.found, () => box.remove());
    if (before) before.replaceWith(box);
    else this.pane.append(box);
    /** @type {HTMLElement | null} */ (box.querySelector(".wd-close"))?.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  };

  /** Ids of the messages that have gone out. */
  get gone() {
    return new Set(this.lines.filter(({ folder }) => OUT.includes(folder)).map(({ id }) => id));
  }

  /**
   * To the folder where a message lies that has gone out, with it opened.
   * @param {string} text
   * @param {Set<string>} before messages that had gone out before it
   */
  sent = async (text, before) => {
    const line = this.lines.find(({ id, folder }) => OUT.includes(folder) && !before.has(id));
    if (line) this.turn(line.folder);
    await this.open(line?.id ?? "");
    this.announce(text);
  };

  /** @param {string} text */
  discarded = (text) => {
    this.open("");
    this.announce(text);
  };

  /** @template T @param {() => Promise<T>} work @returns {Promise<T | undefined>} */
  async told(work) {
    try {
      return await work();
    } catch (problem) {
      this.announce(problem instanceof Error ? problem.message : String(problem));
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (event.key === "Escape") this.escape();
    else if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "c" && this.alive) this.write("compose", Object.keys(this.model.get("blanks"))[0]);
    else if (event.key === "r" && this.alive && this.line(this.opened)?.folder === "inbox") this.reply("reply");
    else if (event.key === "d" && this.settles) this.settles.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** What says of the message that is read that it is done, or open again. @returns {HTMLElement | null} */
  get settles() {
    return this.pane.querySelector(".wd-settle");
  }

  /** From links to the message, from there to the list. */
  async escape() {
    const links = this.pane.querySelector(".wd-links");
    if (links) return links.remove();
    await this.open("");
    this.inbox.list.focus();
  }

  draw() {}

  destroy() {
    for (const [name, heard] of Object.entries(this.heard)) this.model.off(name, heard);
    this.composing?.leave();
    this.inbox.destroy();
    this.root.replaceChildren();
  }
}
