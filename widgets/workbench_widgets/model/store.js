// The one place in a page where a chart's state is kept. Views read it, tell it commands, and hear of every change.
//
// With a kernel Python has the last word: a command is done here at once, sent, and what Python then says is taken over
// as soon as it has answered all that was sent. Without a kernel the state here is all there is.

import { COMMANDS } from "./actions/commands.js";
import { Session } from "./actions/session.js";
import { NO_FILTERS } from "./state.js";
import { numbers, table } from "./table.js";
import { Words } from "../kit/words.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {(what: "state" | "hover" | "status" | "progress") => void} Listener */

const PATIENCE = 60_000; // milliseconds until a question counts as unanswered

export class Store {
  /** @param {any} model the CaseModel as the page has it */
  constructor(model) {
    this.model = model;
    this.words = Words.of(model);
    this.client = Math.random().toString(36).slice(2);
    this.sent = 0;
    this.status = "";
    /** @type {{ said: string, share: number } | null} how far something long has come */
    this.progress = null;
    /** @type {Set<Listener>} */
    this.listeners = new Set();
    /** @type {Map<number, {resolve: (found: any) => void, reject: (problem: Error) => void, timer: any}>} */
    this.questions = new Map();
    this.columns = model.get("table");
    this.session = new Session(table(this.columns), this.read());
    model.on("change:words", () => {
      this.words = Words.of(model);
    });
    model.on("change:version", () => this.adopt());
    model.on("change:hover", () => this.tell("hover"));
    model.on("msg:custom", (/** @type {any} */ message) => this.answer(message));
  }

  get table() {
    return this.session.table;
  }

  get state() {
    return this.session.state;
  }

  /** Whether a kernel answers. */
  get alive() {
    return Boolean(this.model.get("alive"));
  }

  /** How many steps can be undone and redone: [number, number]. */
  get depth() {
    return this.alive ? this.model.get("depth") : [this.session.before.length, this.session.after.length];
  }

  get hover() {
    return this.model.get("hover");
  }

  /** @param {Listener} listener */
  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @param {"state" | "hover" | "status" | "progress"} what */
  tell(what) {
    for (const listener of this.listeners) listener(what);
  }

  /** @param {string} text */
  announce(text) {
    this.status = text;
    this.tell("status");
  }

  /** @param {{ said: string, share: number } | null} progress */
  far(progress) {
    this.progress = progress;
    this.tell("progress");
  }

  /** @param {string} id */
  point(id) {
    if (this.hover === id) return;
    this.model.set("hover", id);
    this.model.save_changes();
  }

  /** Whether a command can be done here and now. @param {string} name */
  can(name) {
    return this.alive || Object.hasOwn(COMMANDS, name) || name === "undo" || name === "redo";
  }

  /**
   * Carries out a command.
   * @param {string} name
   * @param {Record<string, any>} given
   */
  do(name, given = {}) {
    try {
      if (!this.can(name)) throw new Error(this.refusal);
      if (!this.alive || Object.hasOwn(COMMANDS, name)) this.session.do(name, given);
    } catch (problem) {
      this.announce(problem instanceof Error ? problem.message : String(problem));
      return;
    }
    if (this.alive) {
      this.sent += 1;
      this.model.send({ kind: "do", do: name, given, client: this.client, number: this.sent });
    }
    this.tell("state");
    if (this.session.lost)
      this.announce(
        this.words.say(`No path of this type connects the two entities along the
          links that are shown.`),
      );
  }

  /** What is said where something needs a kernel and there is none. */
  get refusal() {
    return this.words.say(`This function needs the notebook kernel. This page has no kernel. Open the notebook
                          and run the cell.`);
  }

  /**
   * Asks the source; fails where there is no kernel.
   * @param {"counts" | "search" | "details" | "values"} question
   * @param {any[]} given
   * @returns {Promise<any>}
   */
  ask(question, ...given) {
    if (!this.alive) return Promise.reject(new Error(this.refusal));
    const number = Math.floor(Math.random() * 2 ** 40);
    const answer = new Promise((resolve, reject) => {
      const { say } = this.words;
      const late = () =>
        reject(
          new Error(
            say(`The notebook kernel is not responding. It may be busy or stopped. Wait and try
                            again, or restart the kernel and run the cell again.`),
          ),
        );
      this.questions.set(number, { resolve, reject, timer: setTimeout(late, PATIENCE) });
    });
    this.model.send({ kind: "ask", ask: question, given, client: this.client, number });
    return answer;
  }

  /** @param {any} message */
  answer(message) {
    if ("progress" in message) return this.far({ said: message.said, share: message.progress });
    const waiting = message.to === this.client ? this.questions.get(message.answer) : undefined;
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.questions.delete(message.answer);
    if ("problem" in message) waiting.reject(new Error(message.problem));
    else waiting.resolve(message.found);
  }

  /** Takes over what Python says, once it has answered everything that was sent. */
  adopt() {
    if (this.sent && (this.model.get("answered")[this.client] ?? 0) < this.sent) return;
    const columns = this.model.get("table");
    if (columns !== this.columns) {
      this.columns = columns;
      this.session.table = table(columns);
    }
    this.session.state = this.read();
    if (this.progress) this.far(null);
    this.tell("state");
    this.announce(this.model.get("status"));
  }

  /** @returns {State} */
  read() {
    const shape = this.model.get("shape");
    return {
      nodes: numbers(Uint8Array, this.model.get("nodes")),
      links: numbers(Uint8Array, this.model.get("links")),
      positions: numbers(Float32Array, this.model.get("positions")),
      pinned: numbers(Uint8Array, this.model.get("pinned")),
      selection: [...this.model.get("selection")],
      filters: { ...NO_FILTERS, ...shape.filters },
      time_range: shape.time_range ?? null,
      groups: shape.groups ?? [],
      notes: shape.notes ?? [],
      apart: Boolean(shape.apart),
      style: shape.style ?? "",
    };
  }
}
