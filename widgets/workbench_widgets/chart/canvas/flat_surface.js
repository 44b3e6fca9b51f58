// Lines and icons of a chart on a plain canvas: of a small chart, or where a browser has no WebGL.

import { computeLinePoints, computeLineWidth } from "./chart_items.js";

/** @typedef {import("./chart_items.js").Drawn} Drawn */
/** @typedef {import("./chart_items.js").Line} Line */
/** @typedef {import("../camera.js").Camera} Camera */
/** @typedef {import("./icons.js").Pictures} Pictures */

const DASHES = [[], [8, 5], [2, 4]];

export class FlatSurface {
  /** @param {Pictures} pictures */
  constructor(pictures) {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "wb-under";
    this.pictures = pictures;
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { willReadFrequently: true }));
    /** @type {Drawn | null} */
    this.picture = null;
    this.theme = { line: "#6e7781", tentative: "#9a6700" };
    /** @type {Map<HTMLImageElement, HTMLCanvasElement>} icons in the size in which they are drawn now */
    this.stamps = new Map();
    this.size = 0;
  }

  /** @param {Drawn} picture @param {{ line: string, tentative: string }} theme */
  setPicture(picture, theme) {
    this.picture = picture;
    this.theme = theme;
  }

  updateIcons() {}

  release() {}

  /** @param {Camera} camera @param {number} ratio */
  draw(camera, ratio) {
    const { context, picture } = this;
    if (!picture) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, camera.width, camera.height);
    for (const line of picture.lines) this.drawLine(camera, picture, line);
    context.setLineDash([]);
    if (picture.light) this.drawPoints(camera, picture);
    else this.drawIcons(camera, picture, ratio);
  }

  /**
   * A line and its arrows. One stroke each: a path of many takes longer than all of them.
   * @param {Camera} camera
   * @param {Drawn} picture
   * @param {Line} line
   */
  drawLine(camera, picture, line) {
    const { context, theme } = this;
    const points = computeLinePoints(picture, picture.light ? { ...line, bend: 0 } : line);
    context.setLineDash(DASHES[line.strength]);
    context.strokeStyle = context.fillStyle = line.strength ? theme.tentative : theme.line;
    context.lineWidth = picture.light ? 0.6 : computeLineWidth(line);
    context.beginPath();
    for (let at = 0; at < points.length; at += 2) context.lineTo(...camera.convertToScreen(points[at], points[at + 1]));
    context.stroke();
    if (picture.light) return;
    const end = points.length;
    if (line.there) this.drawArrow(camera, line, points[end - 4], points[end - 3], points[end - 2], points[end - 1]);
    if (line.back) this.drawArrow(camera, line, points[2], points[3], points[0], points[1]);
  }

  /** @param {Camera} camera @param {Drawn} picture */
  drawPoints(camera, picture) {
    for (const item of picture.items) {
      const [x, y] = camera.convertToScreen(item.x, item.y);
      this.context.fillStyle = item.colour || this.pictures.getColour(item.schema);
      this.context.fillRect(x - 2, y - 2, 4, 4);
    }
  }

  /** @param {Camera} camera @param {Drawn} picture @param {number} ratio */
  drawIcons(camera, picture, ratio) {
    const reach = camera.radius * 1.2;
    if (this.size !== reach * ratio) this.stamps.clear();
    this.size = reach * ratio;
    for (const item of picture.items) {
      const [x, y] = camera.convertToScreen(item.x, item.y);
      if (x < -reach || y < -reach || x > camera.width + reach || y > camera.height + reach) continue;
      const image = this.pictures.getImage(item.schema, item.how, item.colour);
      if (image) this.context.drawImage(this.scaleIcon(image), x - reach, y - reach, 2 * reach, 2 * reach);
    }
  }

  /**
   * An icon in the size in which it is drawn: it is read from its description only once.
   * @param {HTMLImageElement} image
   */
  scaleIcon(image) {
    let made = this.stamps.get(image);
    if (!made) {
      made = document.createElement("canvas");
      made.width = made.height = Math.ceil(2 * this.size);
      made.getContext("2d", { willReadFrequently: true })?.drawImage(image, 0, 0, made.width, made.height);
      this.stamps.set(image, made);
    }
    return made;
  }

  /** @param {Camera} camera @param {Line} line @param {number[]} ends */
  drawArrow(camera, line, ...ends) {
    const [[ax, ay], [bx, by]] = [camera.convertToScreen(ends[0], ends[1]), camera.convertToScreen(ends[2], ends[3])];
    const length = Math.hypot(bx - ax, by - ay) || 1;
    const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
    const high = (7 + computeLineWidth(line) * 1.4) * Math.max(0.5, Math.min(1, camera.scale * 1.4));
    const [tx, ty] = [bx - ux * camera.radius, by - uy * camera.radius];
    const [px, py] = [tx - ux * high, ty - uy * high];
    this.context.beginPath();
    this.context.moveTo(tx, ty);
    this.context.lineTo(px - uy * high * 0.42, py + ux * high * 0.42);
    this.context.lineTo(px + uy * high * 0.42, py - ux * high * 0.42);
    this.context.fill();
  }
}
