// A draft as the page has it. Each change is kept by Python a moment after it was typed; until Python answers it is
// kept in this page, also for a desk that is opened anew after the kernel started again.

/** @typedef {import("./issues.js").Issue} Issue */
/**
 * A draft as parts.py has it.
 * @typedef {{
 *   id: string, form: string, values: Record<string, any>, issues: Issue[], waits: string[], ready: boolean,
 *   approvable?: boolean, approver?: string, left?: string[], closed?: boolean, letter?: boolean,
 *   addressees?: [string, string][]
 * }} Found
 */
/** @typedef {(question: string, ...given: any[]) => Promise<{ found: any }>} Ask */

const PAUSE = 300; // milliseconds of quiet after which a change goes to Python
const PATIENCE = 8000; // milliseconds after which no answer is told

/**
 * Changes that nobody has kept yet, by draft: shared by all desks of a page.
 * @type {Map<string, Record<string, any>>}
 */
// prettier-ignore
const unsent = (/** @type {any} */ (globalThis)[Symbol.for("workbench-desk-unsent")] ??= new Map());

export class Draft {
  /**
   * @param {Ask} ask
   * @param {Found} found
   * @param {(about: "state" | "issues" | "values") => void} changed
   */
  constructor(ask, found, changed) {
    this.ask = ask;
    this.changed = changed;
    this.id = found.id;
    this.form = found.form;
    this.waiting = { ...unsent.get(this.id) };
    this.kept = found.values;
    this.values = { ...found.values, ...this.waiting };
    /** @type {Issue[]} */
    this.issues = found.issues;
    this.waits = found.waits;
    this.ready = found.ready;
    this.approvable = found.approvable ?? false;
    this.approver = found.approver ?? "";
    this.left = found.left ?? [];
    this.closed = found.closed ?? false;
    this.letter = found.letter ?? false;
    this.addressees = found.addressees ?? [];
    /** @type {"warning kept" | "typed" | "late" | "lost"} */
    this.state = "warning kept";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Promise<void>} */
    this.turn = Promise.resolve();
    if (Object.keys(this.waiting).length) this.flush();
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    this.values[name] = value;
    this.waiting[name] = value;
    unsent.set(this.id, this.waiting);
    if (this.state === "warning kept") this.become("typed");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  /** Have Python keep what was typed, now. */
  flush() {
    clearTimeout(this.timer);
    this.turn = this.turn.then(() => this.keep());
    return this.turn;
  }

  async keep() {
    const going = { ...this.waiting };
    if (!Object.keys(going).length) return;
    const late = setTimeout(() => this.become("late"), PATIENCE);
    try {
      const { found } = await this.ask("change", this.id, going);
      for (const [name, value] of Object.entries(going)) if (this.waiting[name] === value) delete this.waiting[name];
      if (!Object.keys(this.waiting).length) unsent.delete(this.id);
      this.take(found);
      this.join(found.values, going);
      this.become(Object.keys(this.waiting).length ? "typed" : "warning kept");
    } catch (problem) {
      this.problem = problem instanceof Error ? problem.message : String(problem);
      this.become("lost");
    } finally {
      clearTimeout(late);
    }
  }

  /**
   * Ask something of the draft, after all that was typed is kept; its issues and values are then those of the answer.
   * @param {string} question
   * @param {...any} given
   */
  async act(question, ...given) {
    await this.flush();
    if (this.state === "lost") throw new Error(this.problem);
    const { found } = await this.ask(question, this.id, ...given);
    if (found && typeof found === "object" && "waits" in found) {
      this.take(found);
      if (Object.keys(found.values).length) {
        this.kept = found.values;
        this.values = { ...found.values, ...this.waiting };
        this.changed("values");
      }
    }
    return found;
  }

  /**
   * Take what somebody else has changed in other fields meanwhile.
   * @param {Record<string, any>} values as Python keeps them
   * @param {Record<string, any>} going what was changed here
   */
  join(values, going) {
    const others = Object.keys(values).filter(
      (name) =>
        !(name in going || name in this.waiting) && JSON.stringify(values[name]) !== JSON.stringify(this.kept[name]),
    );
    this.kept = values;
    for (const name of others) this.values[name] = values[name];
    if (others.length) this.changed("values");
  }

  /** @param {Found} found */
  take({ issues, waits, ready, approvable = false, approver = "", left = [] }) {
    Object.assign(this, { issues, waits, ready, approvable, approver, left });
    this.changed("issues");
  }

  /** @param {"warning kept" | "typed" | "late" | "lost"} state */
  become(state) {
    this.state = state;
    this.changed("state");
  }

  /** Issues and reasons that keep it from being sent. */
  get blocks() {
    return this.issues.filter(({ blocks }) => blocks);
  }
}
