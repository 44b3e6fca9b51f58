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
   * @param {(about: "state" | "issues" | "values") => void} onChange
   */
  constructor(ask, found, onChange) {
    this.ask = ask;
    this.onChange = onChange;
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
    /** @type {"kept" | "typed" | "late" | "lost"} */
    this.state = "kept";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Promise<void>} */
    this.turn = Promise.resolve();
    if (Object.keys(this.waiting).length) this.saveNow();
  }

  /** @param {string} name @param {any} value */
  setValue(name, value) {
    this.values[name] = value;
    this.waiting[name] = value;
    unsent.set(this.id, this.waiting);
    if (this.state === "kept") this.setState("typed");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.saveNow(), PAUSE);
  }

  /** Have Python keep what was typed, now. */
  saveNow() {
    clearTimeout(this.timer);
    this.turn = this.turn.then(() => this.saveChanges());
    return this.turn;
  }

  async saveChanges() {
    const going = { ...this.waiting };
    if (!Object.keys(going).length) return;
    const late = setTimeout(() => this.setState("late"), PATIENCE);
    try {
      const { found } = await this.ask("change", this.id, going);
      for (const [name, value] of Object.entries(going)) if (this.waiting[name] === value) delete this.waiting[name];
      if (!Object.keys(this.waiting).length) unsent.delete(this.id);
      this.setIssues(found);
      this.mergeValues(found.values, going);
      this.setState(Object.keys(this.waiting).length ? "typed" : "kept");
    } catch (problem) {
      this.problem = problem instanceof Error ? problem.message : String(problem);
      this.setState("lost");
    } finally {
      clearTimeout(late);
    }
  }

  /**
   * Ask something of the draft, after all that was typed is kept; its issues and values are then those of the answer.
   * @param {string} question
   * @param {...any} given
   */
  async saveAndAsk(question, ...given) {
    await this.saveNow();
    if (this.state === "lost") throw new Error(this.problem);
    const { found } = await this.ask(question, this.id, ...given);
    if (found && typeof found === "object" && "waits" in found) {
      this.setIssues(found);
      if (Object.keys(found.values).length) {
        this.kept = found.values;
        this.values = { ...found.values, ...this.waiting };
        this.onChange("values");
      }
    }
    return found;
  }

  /**
   * Take what somebody else has changed in other fields meanwhile.
   * @param {Record<string, any>} values as Python keeps them
   * @param {Record<string, any>} going what was changed here
   */
  mergeValues(values, going) {
    const others = Object.keys(values).filter(
      (name) =>
        !(name in going || name in this.waiting) && JSON.stringify(values[name]) !== JSON.stringify(this.kept[name]),
    );
    this.kept = values;
    for (const name of others) this.values[name] = values[name];
    if (others.length) this.onChange("values");
  }

  /** @param {Found} found */
  setIssues({ issues, waits, ready, approvable = false, approver = "", left = [] }) {
    Object.assign(this, { issues, waits, ready, approvable, approver, left });
    this.onChange("issues");
  }

  /** @param {"kept" | "typed" | "late" | "lost"} state */
  setState(state) {
    this.state = state;
    this.onChange("state");
  }

  /** Issues and reasons that keep it from being sent. */
  get blockingIssues() {
    return this.issues.filter(({ blocks }) => blocks);
  }
}
