// The message desk: a widget by itself, with no model of a chart.

import "../kit/dark.css";
import "./desk.css";
import { asking } from "../kit/questions.js";
import { mount } from "../kit/view.js";
import { Desk } from "./view.js";

export default {
  render: (/** @type {import("../kit/view.js").Context} */ context) =>
    mount("desk", context, (root) => new Desk(root, context.model, asking(context.model))),
};
