// A message is written: the form, its issues as one types, what the addressee will see, and sending.

import { seen } from "../../kit/visible_text.js";
import { ask, askAbout, because, line } from "../kit/question_box.js";
import { attach } from "./attachment.js";
import { exporting, written } from "./letter_export.js";
import { Form } from "../forms/form.js";
import { allowable, card, counts, fellows, open, tally } from "../forms/issues.js";
import { button, make, said } from "../kit/elements.js";
import { Outgoing } from "./send_check.js";
import { deliveries, preview } from "../messages/message_view.js";
import { went } from "./other_delivery.js";

/** @typedef {import("../forms/issues.js").Issue} Issue */
/** @typedef {import("../forms/draft.js").Draft} Draft */
/**
 * The desk that a message is written at.
 * @typedef {import("../messages/message_view.js").Desk & {
 *   announce: (text: string) => void, gone: Set<string>, sent: (text: string, before: Set<string>) => void,
 *   discarded: (text: string) => void
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
      mend: (/** @type {Issue} */ one) => this.mend(one),
      allow: (/** @type {Issue} */ one) => this.allow(one),
      go: (/** @type {Issue} */ one) => this.go(one),
    };
    this.acts = acts;
    this.form = new Form(desk.words, blank, draft, acts);
    this.element = make("section", "wd-composing");
    this.element.setAttribute("aria-label", seen(blank.label));
    this.state = make("span", "wd-state");
    this.send = button("", () => this.post(), "wd-primary wd-send");
    this.tabs = [
      button(desk.words.say.word("Form", "noun"), () => this.turn(0), "wd-tab"),
      button(desk.words.say("As the addressee sees it"), () => this.turn(1), "wd-tab"),
    ];
    this.sign = button(desk.words.say("Add second signature…"), () => this.approve(), "wd-approve");
    this.marks =
      blank.sections
        .flatMap(({ fields }) => fields)
        .find(({ name }) => name === "attachments")
        ?.fields.find(({ name }) => name === "confidentiality")?.choices ?? {};
    this.sheet = make("div", "wd-sheet");
    this.list = make("aside", "wd-issues");
    this.listed = "";
    this.asking = make("div", "wd-asking");
    this.outgoing = new Outgoing(desk.words, () => this.look());
    this.at = -1;
    this.build(blank.label);
  }

  /** @param {string} label */
  build(label) {
    const head = make("div", "wd-bar");
    const tabs = make("div", "wd-tabs");
    tabs.setAttribute("role", "group");
    tabs.append(...this.tabs);
    const { say } = this.desk.words;
    const more = make("div", "wd-actions");
    if (Object.keys(this.marks).length && !this.draft.closed)
      more.append(button(say("Attach file…"), () => this.attach(), "wd-attach"));
    more.append(
      button(say.word("Discard…", "verb"), () => this.discard(), "wd-discard"),
      button(say("Mark as sent…"), () => this.went(), "wd-went"),
      this.sign,
    );
    head.append(said("h3", "wd-title", label), this.state, ...(this.draft.closed ? [] : [tabs]), more, this.send);
    this.list.setAttribute("aria-label", this.desk.words.say("Results of the rule check"));
    this.sheet.append(this.form.element, this.list);
    this.element.append(head, this.asking, this.outgoing.element, this.sheet);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.turn(this.draft.closed ? 1 : 0);
    this.show();
  }

  /** After something about the draft changed. @param {"state" | "issues" | "values"} about */
  changed(about) {
    if (about === "values") this.form.take();
    if (about !== "state") this.form.mark();
    if (about === "issues") this.outgoing.changed();
    this.show();
  }

  show() {
    const { say } = this.desk.words;
    const { draft } = this;
    this.state.textContent = say.term("states", draft.state);
    this.state.dataset.state = draft.state;
    const blocks = draft.blocks.length;
    this.sign.hidden = !draft.approvable;
    const rest = draft.closed ? say("Send to others") : say.word("Send", "verb");
    const act = draft.letter ? say("Export for authority…") : rest;
    this.send.textContent = blocks ? say.count("{n} error blocks sending", "{n} errors block sending", blocks) : act;
    this.send.setAttribute("aria-disabled", String(!draft.ready));
    this.send.title = [...draft.waits.map(seen), ...draft.blocks.map(({ message }) => seen(message))].join("\n");
    this.issues();
  }

  /** The list of issues; where they are as before it stays, so that no click in it is lost. */
  issues() {
    const { say } = this.desk.words;
    const { issues } = this.draft;
    const waits = [...this.draft.waits];
    if (this.draft.approver) waits.unshift(say("Signed by a second officer: {who}", { who: this.draft.approver }));
    const now = JSON.stringify([issues, waits]);
    if (now === this.listed) return;
    this.listed = now;
    const told =
      counts(issues)
        .map(([severity, n]) => tally(this.desk.words, severity, n))
        .join(" · ") || say("No issues");
    const head = make("div", "wd-issues-head");
    head.append(make("h4", "", told));
    if (issues.some(open)) head.append(button(say("Next (F8)"), () => this.next(), "wd-next"));
    const several = issues.filter(allowable);
    if (several.length > 1)
      head.append(button(say("Keep {n} warnings", { n: several.length }), () => this.answer(several), "wd-all"));
    const sorted = [...issues.filter(open), ...issues.filter((issue) => !open(issue))];
    this.list.replaceChildren(
      head,
      ...waits.map((text) => said("p", "wd-wait", text)),
      ...sorted.map((issue) => card(this.desk.words, issue, this.acts)),
    );
    this.desk.announce(told);
  }

  /** @param {Issue} issue */
  go(issue) {
    this.turn(0);
    if (!this.form.go(issue)) this.desk.announce(issue.message);
  }

  /** To the next issue that is open. */
  next() {
    const some = this.draft.issues.filter(open);
    this.at = (this.at + 1) % Math.max(1, some.length);
    if (some[this.at]) this.go(some[this.at]);
  }

  /** @param {Issue} issue */
  async mend(issue) {
    await this.act("mend", issue.id);
  }

  /** @param {Issue} issue */
  allow(issue) {
    if (issue.reason) this.answer([issue], fellows(this.draft.issues, issue));
    else this.act("acknowledge", [issue.id], "");
  }

  /**
   * Ask for the reason for which issues stand, where one is asked for.
   * @param {Issue[]} issues
   * @param {Issue[]} [more]
   */
  answer(issues, more = []) {
    const { say } = this.desk.words;
    if (!issues.some(({ reason }) => reason))
      return this.act(
        "acknowledge",
        issues.map(({ id }) => id),
        "",
      );
    const box = make("div", "wd-why");
    const label = make(
      "label",
      "",
      say.count("Reason to keep the warning ({rules})", "Reason to keep these {n} warnings ({rules})", issues.length, {
        rules: issues.map(({ rule }) => rule).join(", "),
      }),
    );
    const also = Object.assign(document.createElement("input"), { type: "checkbox" });
    const rest = make(
      "label",
      "wd-also",
      say.count("also for {n} other warning ({rules})", "also for {n} other warnings ({rules})", more.length, {
        rules: more.map(({ rule }) => rule).join(", "),
      }),
    );
    const done = () => {
      const all = also.checked ? [...issues, ...more] : issues;
      if (why.value.trim())
        this.act(
          "acknowledge",
          all.map(({ id }) => id),
          why.value.trim(),
        );
      else why.focus();
    };
    const why = Object.assign(line(done), { className: "wd-input" });
    rest.prepend(also);
    label.append(why);
    box.append(
      label,
      ...(more.length ? [rest] : []),
      button(say("Keep warning"), done, "wd-primary"),
      button(say.word("Cancel", "verb"), () => this.asking.replaceChildren()),
    );
    this.asking.replaceChildren(box);
    why.focus();
  }

  /** @param {string} question @param {...any} given */
  async act(question, ...given) {
    const before = this.asking.firstChild;
    try {
      const found = await this.draft.act(question, ...given);
      if (this.asking.firstChild === before) this.asking.replaceChildren(); // what is asked since then stays
      return found;
    } catch (problem) {
      this.tell(problem);
    }
  }

  /** A file of the person's own goes with the message. */
  attach() {
    attach(this.asking, this.desk.words, this.marks, {
      take: (...given) => this.act("attach", ...given),
      tell: (text) => this.tell(text),
    });
  }

  /** Put the draft away, with the reason for the log. */
  discard() {
    because(this.asking, this.desk.words, "discard", async (why) => {
      if ((await this.act("discard", why)) !== undefined)
        this.desk.discarded(askAbout(this.desk.words, "discard").told);
    });
  }

  /** It went out by another way; or to the first thing that it waits for. */
  async went() {
    await this.draft.flush();
    if (this.first) return this.go(this.first);
    const before = this.desk.gone;
    went(this.asking, this.desk.words, this.draft.left, async (how, to) => {
      const said = await this.act("went", how, to);
      if (typeof said === "string") this.desk.sent(said, before);
    });
  }

  /** The first issue that keeps it from going out. */
  get first() {
    return this.draft.blocks[0] ?? this.draft.issues.find(allowable);
  }

  /** Sign as the second officer what another has written. */
  approve() {
    const { say } = this.desk.words;
    ask(this.asking, this.desk.words, {
      lead: say("You sign the message as it is now. Any change removes the signature."),
      act: say.word("Sign", "verb"),
      done: () => this.act("approve"),
    });
  }

  /** @param {unknown} problem */
  tell(problem) {
    const text = seen(problem instanceof Error ? problem.message : String(problem));
    this.asking.replaceChildren(said("p", "wd-problem", text));
    this.desk.announce(text);
  }

  /** Send it, or of a letter ask what to write for its authority; or go to the first thing that it waits for. */
  async post() {
    await this.draft.flush();
    if (this.first) return this.go(this.first);
    if (this.draft.letter) return this.export();
    const before = this.desk.gone;
    const said = await this.act("send");
    if (typeof said === "string") this.desk.sent(said, before);
  }

  /** Write a letter as a file for its authority, and tell where it lies. */
  export() {
    exporting(this.asking, this.desk.words, async (ending, folder, why) => {
      const product = await this.act("export", ending, folder, why);
      if (!product) return;
      this.desk.announce(written(this.asking, this.desk.words, product));
    });
  }

  /** To the form (0) or to what the addressee will see (1). @param {number} to */
  async turn(to) {
    this.tabs.forEach((tab, at) => tab.setAttribute("aria-pressed", String(at === to)));
    if (!to) return this.sheet.replaceChildren(this.form.element, this.list);
    const found = await this.act("preview");
    if (found) this.sheet.replaceChildren(...(this.draft.closed ? this.gone() : []), preview(this.desk, found));
  }

  /** What it is linked with and discloses, as far as it is kept. */
  async look() {
    try {
      return await this.draft.act("outgoing");
    } catch (problem) {
      this.desk.announce(problem instanceof Error ? problem.message : String(problem));
    }
  }

  /**
   * What is told of a draft that has gone to some: that it is changed no more, what became of it there, and what it
   * waits for.
   */
  gone() {
    const box = make("aside", "wd-gone");
    const waits = this.draft.waits.map((text) => said("p", "wd-wait", text));
    box.append(
      make(
        "p",
        "",
        this.desk.words
          .say(`The message was sent to some of its addressees. You can no longer change it. You can still send
              it to the other addressees.`),
      ),
      deliveries(this.desk, this.draft.addressees),
      ...waits,
    );
    return [box];
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "F8") this.next();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.post();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** What was typed goes to Python before another thing is opened. */
  leave() {
    return this.draft.flush();
  }
}
