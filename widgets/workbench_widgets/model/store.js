// The one place in a page where a chart's state is kept. Views read it, tell it commands, and hear of every change.
//
// With a kernel Python has the last word: a command is done here at once, sent, and what Python then says is taken over
// as soon as it has answered all that was sent. Without a kernel the state here is all there is.

import { COMMANDS } from "./actions/commands.js";
import { Session } from "./actions/session.js";
import { NO_FILTERS } from "./state.js";
import { readNumbers, readTable } from "./table.js";
import { Words } from "../kit/words.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {(what: "state" | "hover" | "status" | "progress") => void} Listener */

const PATIENCE = 60_000; // milliseconds until a question counts as unanswered

export class Store {
  /** @param {any} model the CaseModel as the page has it */
  constructor(model) {
    this.model = model;
    this.words = Words.read(model);
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
    this.session = new Session(readTable(this.columns), this.readState());
    model.on("change:words", () => {
      this.words = Words.read(model);
    });
    model.on("change:version", () => this.adoptState());
    model.on("change:hover", () => this.callListeners("hover"));
    model.on("msg:custom", (/** @type {any} */ message) => this.handleMessage(message));
  }

  get table() {
    return this.session.table;
  }

  get state() {
    return this.session.state;
  }

  /** Whether a kernel answers. */
  get isAlive() {
    return Boolean(this.model.get("alive"));
  }

  /** How many steps can be undone and redone: [number, number]. */
  get depth() {
    return this.isAlive ? this.model.get("depth") : [this.session.before.length, this.session.after.length];
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
  callListeners(what) {
    for (const listener of this.listeners) listener(what);
  }

  /** @param {string} text */
  showStatus(text) {
    this.status = text;
    this.callListeners("status");
  }

  /** @param {{ said: string, share: number } | null} progress */
  setProgress(progress) {
    this.progress = progress;
    this.callListeners("progress");
  }

  /** @param {string} id */
  setHover(id) {
    if (this.hover === id) return;
    this.model.set("hover", id);
    this.model.save_changes();
  }

  /** Whether a command can be done here and now. @param {string} name */
  canRun(name) {
    return this.isAlive || Object.hasOwn(COMMANDS, name) || name === "undo" || name === "redo";
  }

  /**
   * Carries out a command.
   * @param {string} name
   * @param {Record<string, any>} given
   */
  runCommand(name, given = {}) {
    try {
      if (!this.canRun(name)) throw new Error(this.refusal);
      if (!this.isAlive || Object.hasOwn(COMMANDS, name)) this.session.runCommand(name, given);
    } catch (problem) {
      this.showStatus(problem instanceof Error ? problem.message : String(problem));
      return;
    }
    if (this.isAlive) {
      this.sent += 1;
      this.model.send({ kind: "do", do: name, given, client: this.client, number: this.sent });
    }
    this.callListeners("state");
    if (this.session.lost)
      this.showStatus(
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
  askKernel(question, ...given) {
    if (!this.isAlive) return Promise.reject(new Error(this.refusal));
    const number = Math.floor(Math.random() * 2 ** 40);
    const answer = new Promise((resolve, reject) => {
      const { say } = this.words;
      const handleTimeout = () =>
        reject(
          new Error(
            say(`The notebook kernel is not responding. It may be busy, or it may have stopped. Wait and try
              again, or restart the kernel and run the cell again.`),
          ),
        );
      this.questions.set(number, { resolve, reject, timer: setTimeout(handleTimeout, PATIENCE) });
    });
    this.model.send({ kind: "ask", ask: question, given, client: this.client, number });
    return answer;
  }

  /** @param {any} message */
  handleMessage(message) {
    if ("progress" in message) return this.setProgress({ said: message.said, share: message.progress });
    const waiting = message.to === this.client ? this.questions.get(message.answer) : undefined;
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.questions.delete(message.answer);
    if ("problem" in message) waiting.reject(new Error(message.problem));
    else waiting.resolve(message.found);
  }

  /** Takes over what Python says, once it has answered everything that was sent. */
  adoptState() {
    if (this.sent && (this.model.get("answered")[this.client] ?? 0) < this.sent) return;
    const columns = this.model.get("table");
    if (columns !== this.columns) {
      this.columns = columns;
      this.session.table = readTable(columns);
    }
    this.session.state = this.readState();
    if (this.progress) this.setProgress(null);
    this.callListeners("state");
    this.showStatus(this.model.get("status"));
  }

  /** @returns {State} */
  readState() {
    const shape = this.model.get("shape");
    return {
      nodes: readNumbers(Uint8Array, this.model.get("nodes")),
      links: readNumbers(Uint8Array, this.model.get("links")),
      positions: readNumbers(Float32Array, this.model.get("positions")),
      pinned: readNumbers(Uint8Array, this.model.get("pinned")),
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
