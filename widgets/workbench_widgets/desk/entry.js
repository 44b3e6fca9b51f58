// The message desk: a widget by itself, with no model of a chart.

import "../kit/dark.css";
import "./desk.css";
import { createQuestionSender } from "../kit/questions.js";
import { mountView } from "../kit/view.js";
import { Desk } from "./view.js";

export default {
  render: (/** @type {import("../kit/view.js").Context} */ context) =>
    mountView("desk", context, (root) => new Desk(root, context.model, createQuestionSender(context.model))),
};
