// The course of work on a chart: commands one after another, undo and redo. The same in session.py.

import { COMMANDS } from "./commands.js";
import { applyPatch, isSame } from "../state.js";

/** @typedef {import("../table.js").Table} Table */
/** @typedef {import("../state.js").State} State */
/** @typedef {{ do: string, [argument: string]: any }} Command */

const DEPTH = 200; // steps that can be undone

export class Session {
  /**
   * @param {Table} table
   * @param {State} state
   */
  constructor(table, state) {
    this.table = table;
    this.state = state;
    /** @type {State[]} */
    this.before = [];
    /** @type {State[]} */
    this.after = [];
    this.begin = state;
    /** @type {Command[]} every command since the beginning, as `replay` takes it */
    this.history = [];
    this.lost = false; // whether the last command looked for a path and there is none
  }

  /**
   * Carries out a command and logs it.
   * @param {string} name
   * @param {Record<string, any>} given
   */
  runCommand(name, given = {}) {
    if (name === "undo" || name === "redo") this.moveStep(name === "undo");
    else if (!Object.hasOwn(COMMANDS, name))
      throw new Error(`There is no command ${name} without the notebook's kernel`);
    else this.setState(this.buildPatch(name, given));
    this.history.push({ do: name, ...structuredClone(given) });
  }

  /**
   * Goes back to the beginning and does what a log says; the same log gives the same chart.
   * @param {Command[]} log
   */
  replay(log) {
    const commands = [...log];
    this.state = this.begin;
    this.before = [];
    this.after = [];
    this.history = [];
    for (const { do: name, ...given } of commands) this.runCommand(name, given);
  }

  /** @param {string} name @param {Record<string, any>} given */
  buildPatch(name, given) {
    const patch = COMMANDS[name](this.table, this.state, given);
    this.lost = name === "path" && !Object.keys(patch).length;
    return patch;
  }

  /** @param {import("../state.js").Patch} patch */
  setState(patch) {
    const after = applyPatch(this.state, patch);
    const names = /** @type {(keyof State)[]} */ (Object.keys(patch));
    if (names.some((name) => name !== "selection" && !isSame(after[name], this.state[name]))) {
      this.before = [...this.before.slice(-(DEPTH - 1)), this.state];
      this.after = [];
    }
    this.state = after;
  }

  /** @param {boolean} back */
  moveStep(back) {
    const [here, there] = back ? [this.before, this.after] : [this.after, this.before];
    const next = here.pop();
    if (!next) return;
    there.push(this.state);
    this.state = next;
  }
}
