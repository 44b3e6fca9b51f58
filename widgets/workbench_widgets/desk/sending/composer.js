// A message is written: the form, its issues as one types, what the addressee will see, and sending.

import { escapeHidden } from "../../kit/visible_text.js";
import { showQuestion, askAbout, askReason, createInput } from "../kit/question_box.js";
import { askAttachment } from "./attachment.js";
import { askExport, showExport } from "./letter_export.js";
import { Form } from "../forms/form.js";
import {
  isAllowable,
  buildIssueCard,
  countOpen,
  listOthersToAllow,
  isOpen,
  formatIssueCount,
} from "../forms/issues.js";
import { createButton, createElement, createText } from "../kit/elements.js";
import { Outgoing } from "./send_check.js";
import { buildDeliveries, buildPreview } from "../messages/message_view.js";
import { askDelivery } from "./other_delivery.js";

/** @typedef {import("../forms/issues.js").Issue} Issue */
/** @typedef {import("../forms/draft.js").Draft} Draft */
/**
 * The desk that a message is written at.
 * @typedef {import("../messages/message_view.js").Desk & {
 *   showStatus: (text: string) => void, sentIds: Set<string>, showSent: (text: string, before: Set<string>) => void,
 *   showDiscarded: (text: string) => void
 * }} Desk
 */

export class Composing {
  /**
   * @param {Desk} desk
   * @param {import("../forms/form.js").Blank} blank
   * @param {Draft} draft
   */
  constructor(desk, blank, draft) {
    this.desk = desk;
    this.draft = draft;
    const acts = {
      mendIssue: (/** @type {Issue} */ one) => this.mendIssue(one),
      allowIssue: (/** @type {Issue} */ one) => this.allowIssue(one),
      goToIssue: (/** @type {Issue} */ one) => this.goToIssue(one),
    };
    this.acts = acts;
    this.form = new Form(desk.words, blank, draft, acts);
    this.element = createElement("section", "wd-composing");
    this.element.setAttribute("aria-label", escapeHidden(blank.label));
    this.state = createElement("span", "wd-state");
    this.send = createButton("", () => this.sendDraft(), "wd-primary wd-send");
    this.tabs = [
      createButton(desk.words.say.word("Form", "noun"), () => this.showTab(0), "wd-tab"),
      createButton(desk.words.say("As the addressee sees it"), () => this.showTab(1), "wd-tab"),
    ];
    this.sign = createButton(desk.words.say("Add second signature…"), () => this.approveDraft(), "wd-approve");
    this.marks =
      blank.sections
        .flatMap(({ fields }) => fields)
        .find(({ name }) => name === "attachments")
        ?.fields.find(({ name }) => name === "confidentiality")?.choices ?? {};
    this.sheet = createElement("div", "wd-sheet");
    this.list = createElement("aside", "wd-issues");
    this.listed = "";
    this.asking = createElement("div", "wd-asking");
    this.outgoing = new Outgoing(desk.words, () => this.loadOutgoing());
    this.at = -1;
    this.build(blank.label);
  }

  /** @param {string} label */
  build(label) {
    const head = createElement("div", "wd-bar");
    const tabs = createElement("div", "wd-tabs");
    tabs.setAttribute("role", "group");
    tabs.append(...this.tabs);
    const { say } = this.desk.words;
    const more = createElement("div", "wd-actions");
    if (Object.keys(this.marks).length && !this.draft.closed)
      more.append(createButton(say("Attach file…"), () => this.askAttachment(), "wd-attach"));
    more.append(
      createButton(say.word("Discard…", "verb"), () => this.discardDraft(), "wd-discard"),
      createButton(say("Mark as sent…"), () => this.recordDelivery(), "wd-went"),
      this.sign,
    );
    head.append(createText("h3", "wd-title", label), this.state, ...(this.draft.closed ? [] : [tabs]), more, this.send);
    this.list.setAttribute("aria-label", this.desk.words.say("Results of the rule check"));
    this.sheet.append(this.form.element, this.list);
    this.element.append(head, this.asking, this.outgoing.element, this.sheet);
    this.element.addEventListener("keydown", (event) => this.handleKey(event));
    this.showTab(this.draft.closed ? 1 : 0);
    this.updateState();
  }

  /** After something about the draft changed. @param {"state" | "issues" | "values"} about */
  handleChange(about) {
    if (about === "values") this.form.updateFields();
    if (about !== "state") this.form.showIssues();
    if (about === "issues") this.outgoing.handleChange();
    this.updateState();
  }

  updateState() {
    const { say } = this.desk.words;
    const { draft } = this;
    this.state.textContent = say.term("states", draft.state);
    this.state.dataset.state = draft.state;
    const blocks = draft.blockingIssues.length;
    this.sign.hidden = !draft.approvable;
    const rest = draft.closed ? say("Send to other addressees") : say.word("Send", "verb");
    const act = draft.letter ? say("Export for authority…") : rest;
    this.send.textContent = blocks ? say.count("{n} error blocks sending", "{n} errors block sending", blocks) : act;
    this.send.setAttribute("aria-disabled", String(!draft.ready));
    this.send.title = [
      ...draft.waits.map(escapeHidden),
      ...draft.blockingIssues.map(({ message }) => escapeHidden(message)),
    ].join("\n");
    this.updateIssues();
  }

  /** The list of issues; where they are as before it stays, so that no click in it is lost. */
  updateIssues() {
    const { say } = this.desk.words;
    const { issues } = this.draft;
    const waits = [...this.draft.waits];
    if (this.draft.approver) waits.unshift(say("Signed by a second officer: {who}", { who: this.draft.approver }));
    const now = JSON.stringify([issues, waits]);
    if (now === this.listed) return;
    this.listed = now;
    const told =
      countOpen(issues)
        .map(([severity, n]) => formatIssueCount(this.desk.words, severity, n))
        .join(" · ") || say("No issues");
    const head = createElement("div", "wd-issues-head");
    head.append(createElement("h4", "", told));
    if (issues.some(isOpen)) head.append(createButton(say("Next issue (F8)"), () => this.goToNextIssue(), "wd-next"));
    const several = issues.filter(isAllowable);
    if (several.length > 1)
      head.append(
        createButton(say("Keep {n} warnings", { n: several.length }), () => this.acknowledgeIssues(several), "wd-all"),
      );
    const sorted = [...issues.filter(isOpen), ...issues.filter((issue) => !isOpen(issue))];
    this.list.replaceChildren(
      head,
      ...waits.map((text) => createText("p", "wd-wait", text)),
      ...sorted.map((issue) => buildIssueCard(this.desk.words, issue, this.acts)),
    );
    this.desk.showStatus(told);
  }

  /** @param {Issue} issue */
  goToIssue(issue) {
    this.showTab(0);
    if (!this.form.goToIssue(issue)) this.desk.showStatus(issue.message);
  }

  /** To the next issue that is open. */
  goToNextIssue() {
    const some = this.draft.issues.filter(isOpen);
    this.at = (this.at + 1) % Math.max(1, some.length);
    if (some[this.at]) this.goToIssue(some[this.at]);
  }

  /** @param {Issue} issue */
  async mendIssue(issue) {
    await this.runAction("mend", issue.id);
  }

  /** @param {Issue} issue */
  allowIssue(issue) {
    if (issue.reason) this.acknowledgeIssues([issue], listOthersToAllow(this.draft.issues, issue));
    else this.runAction("acknowledge", [issue.id], "");
  }

  /**
   * Ask for the reason for which issues stand, where one is asked for.
   * @param {Issue[]} issues
   * @param {Issue[]} [more]
   */
  acknowledgeIssues(issues, more = []) {
    const { say } = this.desk.words;
    if (!issues.some(({ reason }) => reason))
      return this.runAction(
        "acknowledge",
        issues.map(({ id }) => id),
        "",
      );
    const box = createElement("div", "wd-why");
    const label = createElement(
      "label",
      "",
      say.count("Reason to keep the warning ({rules})", "Reason to keep these {n} warnings ({rules})", issues.length, {
        rules: issues.map(({ rule }) => rule).join(", "),
      }),
    );
    const also = Object.assign(document.createElement("input"), { type: "checkbox" });
    const rest = createElement(
      "label",
      "wd-also",
      say.count("also for {n} other warning ({rules})", "also for {n} other warnings ({rules})", more.length, {
        rules: more.map(({ rule }) => rule).join(", "),
      }),
    );
    const onDone = () => {
      const all = also.checked ? [...issues, ...more] : issues;
      if (why.value.trim())
        this.runAction(
          "acknowledge",
          all.map(({ id }) => id),
          why.value.trim(),
        );
      else why.focus();
    };
    const why = Object.assign(createInput(onDone), { className: "wd-input" });
    rest.prepend(also);
    label.append(why);
    box.append(
      label,
      ...(more.length ? [rest] : []),
      createButton(say("Keep warning"), onDone, "wd-primary"),
      createButton(say.word("Cancel", "verb"), () => this.asking.replaceChildren()),
    );
    this.asking.replaceChildren(box);
    why.focus();
  }

  /** @param {string} question @param {...any} given */
  async runAction(question, ...given) {
    const before = this.asking.firstChild;
    try {
      const found = await this.draft.saveAndAsk(question, ...given);
      if (this.asking.firstChild === before) this.asking.replaceChildren(); // what is asked since then stays
      return found;
    } catch (problem) {
      this.showProblem(problem);
    }
  }

  /** A file of the person's own goes with the message. */
  askAttachment() {
    askAttachment(this.asking, this.desk.words, this.marks, {
      onFile: (...given) => this.runAction("attach", ...given),
      onProblem: (text) => this.showProblem(text),
    });
  }

  /** Put the draft away, with the reason for the log. */
  discardDraft() {
    askReason(this.asking, this.desk.words, "discard", async (why) => {
      if ((await this.runAction("discard", why)) !== undefined)
        this.desk.showDiscarded(askAbout(this.desk.words, "discard").told);
    });
  }

  /** It went out by another way; or to the first thing that it waits for. */
  async recordDelivery() {
    await this.draft.saveNow();
    if (this.firstObstacle) return this.goToIssue(this.firstObstacle);
    const before = this.desk.sentIds;
    askDelivery(this.asking, this.desk.words, this.draft.left, async (how, to) => {
      const said = await this.runAction("went", how, to);
      if (typeof said === "string") this.desk.showSent(said, before);
    });
  }

  /** The first issue that keeps it from going out. */
  get firstObstacle() {
    return this.draft.blockingIssues[0] ?? this.draft.issues.find(isAllowable);
  }

  /** Sign as the second officer what another has written. */
  approveDraft() {
    const { say } = this.desk.words;
    showQuestion(this.asking, this.desk.words, {
      lead: say("You sign the message as it is now. Any change removes the signature."),
      act: say.word("Sign", "verb"),
      onDone: () => this.runAction("approve"),
    });
  }

  /** @param {unknown} problem */
  showProblem(problem) {
    const text = escapeHidden(problem instanceof Error ? problem.message : String(problem));
    this.asking.replaceChildren(createText("p", "wd-problem", text));
    this.desk.showStatus(text);
  }

  /** Send it, or of a letter ask what to write for its authority; or go to the first thing that it waits for. */
  async sendDraft() {
    await this.draft.saveNow();
    if (this.firstObstacle) return this.goToIssue(this.firstObstacle);
    if (this.draft.letter) return this.exportLetter();
    const before = this.desk.sentIds;
    const said = await this.runAction("send");
    if (typeof said === "string") this.desk.showSent(said, before);
  }

  /** Write a letter as a file for its authority, and tell where it lies. */
  exportLetter() {
    askExport(this.asking, this.desk.words, async (ending, folder, why) => {
      const product = await this.runAction("export", ending, folder, why);
      if (!product) return;
      this.desk.showStatus(showExport(this.asking, this.desk.words, product));
    });
  }

  /** To the form (0) or to what the addressee will see (1). @param {number} to */
  async showTab(to) {
    this.tabs.forEach((tab, at) => tab.setAttribute("aria-pressed", String(at === to)));
    if (!to) return this.sheet.replaceChildren(this.form.element, this.list);
    const found = await this.runAction("preview");
    if (found)
      this.sheet.replaceChildren(...(this.draft.closed ? this.buildClosedNote() : []), buildPreview(this.desk, found));
  }

  /** What it is linked with and discloses, as far as it is kept. */
  async loadOutgoing() {
    try {
      return await this.draft.saveAndAsk("outgoing");
    } catch (problem) {
      this.desk.showStatus(problem instanceof Error ? problem.message : String(problem));
    }
  }

  /**
   * What is told of a draft that has gone to some: that it is changed no more, what became of it there, and what it
   * waits for.
   */
  buildClosedNote() {
    const box = createElement("aside", "wd-gone");
    const waits = this.draft.waits.map((text) => createText("p", "wd-wait", text));
    box.append(
      createElement(
        "p",
        "",
        this.desk.words
          .say(`The message was sent to some of its addressees. You can no longer change it. You can still send
              it to the other addressees.`),
      ),
      buildDeliveries(this.desk, this.draft.addressees),
      ...waits,
    );
    return [box];
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    if (event.key === "F8") this.goToNextIssue();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.sendDraft();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** What was typed goes to Python before another thing is opened. */
  saveDraft() {
    return this.draft.saveNow();
  }
}
