// What rules say of a message: at its field, and in a list with counts. What is pure stands first.

import { button, make, said } from "../kit/elements.js";

/**
 * @typedef {object} Issue as parts.py has it
 * @property {string} id
 * @property {string} rule
 * @property {string} severity error, warning or info
 * @property {string} message
 * @property {string} field
 * @property {string} fix
 * @property {string} source
 * @property {string} basis
 * @property {string} quote
 * @property {number | null} start
 * @property {number | null} end
 * @property {boolean} blocks
 * @property {boolean} mendable
 * @property {boolean} reason
 * @property {boolean} overridden
 * @property {boolean} acknowledged
 */
/** @typedef {{ mend: (issue: Issue) => void, allow: (issue: Issue) => void, go: (issue: Issue) => void }} Acts */
/** @typedef {import("../../kit/words.js").Words} Words */

const SEVERITIES = ["error", "warning", "info"];

/** Whether nobody has answered for an issue yet. @param {Issue} issue */
export function open({ acknowledged, overridden }) {
  return !acknowledged && !overridden;
}

/** How many of each severity are open, as [severity, count], what weighs most first. @param {Issue[]} issues */
export function counts(issues) {
  return /** @type {[string, number][]} */ (
    SEVERITIES.map((severity) => [
      severity,
      issues.filter((issue) => issue.severity === severity && open(issue)).length,
    ]).filter(([, count]) => count)
  );
}

/**
 * Where an issue is shown: the longest place of the form in which its field lies, '' where there is none.
 * @param {string} field such as persons[0].status
 * @param {(place: string) => boolean} has
 */
export function home(field, has) {
  for (let place = field; place; place = place.replace(/(\[\d+\]|\.?[^.[\]]+)$/, "")) if (has(place)) return place;
  return "";
}

/** Issues that one reason can answer for, beside one. @param {Issue[]} issues @param {Issue} one */
export function fellows(issues, one) {
  return issues.filter((issue) => issue.id !== one.id && allowable(issue) && issue.reason);
}

/** Whether an officer can let an issue stand. @param {Issue} issue */
export function allowable(issue) {
  return issue.severity === "warning" && !issue.blocks && open(issue);
}

/**
 * The texts that a rule cites and anybody can open; sections of the working paper are none of them.
 * @param {string} source
 */
export function cited(source) {
  return source
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part && !part.startsWith("§"))
    .join("; ");
}

/**
 * An issue in the list: what is wrong, where it comes from, what to do.
 * @param {Words} words
 * @param {Issue} issue
 * @param {Acts} [acts]
 */
export function card({ say }, issue, acts) {
  const box = make(
    "div",
    `wd-issue wd-${SEVERITIES.includes(issue.severity) ? issue.severity : "info"}${open(issue) ? "" : " wd-stands"}`,
  );
  const text = acts
    ? button(issue.message, () => acts.go(issue), "wd-link wd-what")
    : said("span", "wd-what", issue.message);
  text.dir = "auto";
  box.append(make("span", "wd-severity", say.term("severities", issue.severity)), text);
  if (issue.fix) box.append(said("p", "wd-small", issue.fix));
  if (acts) box.append(actions({ say }, issue, acts));
  box.append(said("p", "wd-small wd-rule", [issue.rule, cited(issue.source), issue.basis].filter(Boolean).join(" · ")));
  return box;
}

/**
 * An issue at its field, in a line.
 * @param {Words} words
 * @param {Issue} issue
 * @param {Acts} acts
 */
export function note({ say }, issue, acts) {
  const row = make(
    "li",
    `wd-note wd-${SEVERITIES.includes(issue.severity) ? issue.severity : "info"}${open(issue) ? "" : " wd-stands"}`,
  );
  row.append(
    make("span", "wd-severity", say.term("severities", issue.severity)),
    said("span", "wd-what", issue.message),
    actions({ say }, issue, acts),
  );
  return row;
}

/** @param {{ say: Words["say"] }} words @param {Issue} issue @param {Acts} acts */
function actions({ say }, issue, acts) {
  const bar = make("span", "wd-acts");
  const outcome = issue.acknowledged ? say.word("warning kept", "state") : say("danger to life has priority");
  const allow = issue.reason ? say("Keep with reason…") : say("Keep warning");
  if (!open(issue)) bar.append(make("span", "wd-chip", outcome));
  else if (issue.mendable) bar.append(button(say.word("Fix", "verb"), () => acts.mend(issue), "wd-mend"));
  if (allowable(issue)) bar.append(button(allow, () => acts.allow(issue), "wd-allow"));
  return bar;
}

/**
 * How many issues weigh so much, in words.
 * @param {import("../../kit/words.js").Words} words
 * @param {string} severity
 * @param {number} n
 */
export function tally({ say }, severity, n) {
  if (severity === "error") return say.count("{n} error", "{n} errors", n);
  return severity === "warning" ? say.count("{n} warning", "{n} warnings", n) : say.count("{n} hint", "{n} hints", n);
}
