// What rules say of a message: at its field, and in a list with counts. What is pure stands first.

import { createButton, createElement, createText } from "../kit/elements.js";

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
/**
 * @typedef {{
 *   mendIssue: (issue: Issue) => void, allowIssue: (issue: Issue) => void, goToIssue: (issue: Issue) => void
 * }} Acts
 */
/** @typedef {import("../../kit/words.js").Words} Words */

const SEVERITIES = ["error", "warning", "info"];

/** Whether nobody has answered for an issue yet. @param {Issue} issue */
export function isOpen({ acknowledged, overridden }) {
  return !acknowledged && !overridden;
}

/** How many of each severity are open, as [severity, count], what weighs most first. @param {Issue[]} issues */
export function countOpen(issues) {
  return /** @type {[string, number][]} */ (
    SEVERITIES.map((severity) => [
      severity,
      issues.filter((issue) => issue.severity === severity && isOpen(issue)).length,
    ]).filter(([, count]) => count)
  );
}

/**
 * Where an issue is shown: the longest place of the form in which its field lies, '' where there is none.
 * @param {string} field such as persons[0].status
 * @param {(place: string) => boolean} hasPlace
 */
export function findPlace(field, hasPlace) {
  for (let place = field; place; place = place.replace(/(\[\d+\]|\.?[^.[\]]+)$/, "")) if (hasPlace(place)) return place;
  return "";
}

/** Issues that one reason can answer for, beside one. @param {Issue[]} issues @param {Issue} one */
export function listOthersToAllow(issues, one) {
  return issues.filter((issue) => issue.id !== one.id && isAllowable(issue) && issue.reason);
}

/** Whether an officer can let an issue stand. @param {Issue} issue */
export function isAllowable(issue) {
  return issue.severity === "warning" && !issue.blocks && isOpen(issue);
}

/**
 * The texts that a rule cites and anybody can open; sections of the working paper are none of them.
 * @param {string} source
 */
export function formatCitations(source) {
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
export function buildIssueCard({ say }, issue, acts) {
  const box = createElement(
    "div",
    `wd-issue wd-${SEVERITIES.includes(issue.severity) ? issue.severity : "info"}${isOpen(issue) ? "" : " wd-stands"}`,
  );
  const text = acts
    ? createButton(issue.message, () => acts.goToIssue(issue), "wd-link wd-what")
    : createText("span", "wd-what", issue.message);
  text.dir = "auto";
  box.append(createElement("span", "wd-severity", say.term("severities", issue.severity)), text);
  if (issue.fix) box.append(createText("p", "wd-small", issue.fix));
  if (acts) box.append(buildActions({ say }, issue, acts));
  box.append(
    createText(
      "p",
      "wd-small wd-rule",
      [issue.rule, formatCitations(issue.source), issue.basis].filter(Boolean).join(" · "),
    ),
  );
  return box;
}

/**
 * An issue at its field, in a line.
 * @param {Words} words
 * @param {Issue} issue
 * @param {Acts} acts
 */
export function buildIssueNote({ say }, issue, acts) {
  const row = createElement(
    "li",
    `wd-note wd-${SEVERITIES.includes(issue.severity) ? issue.severity : "info"}${isOpen(issue) ? "" : " wd-stands"}`,
  );
  row.append(
    createElement("span", "wd-severity", say.term("severities", issue.severity)),
    createText("span", "wd-what", issue.message),
    buildActions({ say }, issue, acts),
  );
  return row;
}

/** @param {{ say: Words["say"] }} words @param {Issue} issue @param {Acts} acts */
function buildActions({ say }, issue, acts) {
  const bar = createElement("span", "wd-acts");
  const outcome = issue.acknowledged ? say.word("warning kept", "state") : say("danger to life has priority");
  const allow = issue.reason ? say("Keep warning…") : say("Keep warning");
  if (!isOpen(issue)) bar.append(createElement("span", "wd-chip", outcome));
  else if (issue.mendable)
    bar.append(createButton(say.word("Fix automatically", "verb"), () => acts.mendIssue(issue), "wd-mend"));
  if (isAllowable(issue)) bar.append(createButton(allow, () => acts.allowIssue(issue), "wd-allow"));
  return bar;
}

/**
 * How many issues weigh so much, in words.
 * @param {import("../../kit/words.js").Words} words
 * @param {string} severity
 * @param {number} n
 */
export function formatIssueCount({ say }, severity, n) {
  if (severity === "error") return say.count("{n} error", "{n} errors", n);
  return severity === "warning" ? say.count("{n} warning", "{n} warnings", n) : say.count("{n} hint", "{n} hints", n);
}
