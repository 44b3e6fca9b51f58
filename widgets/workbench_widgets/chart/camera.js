// Which part of a chart is looked at: its middle, and how many pixels a unit of the chart takes.

const LARGEST = 4;
const SMALLEST = 0.004;
const ASIDE = 50; // pixels left free at the sides of a chart when it is fitted: half a label
const MARGIN = 34;
const COMFORT = 1.15; // a small chart is not blown up further

export class Camera {
  constructor() {
    this.x = 0;
    this.y = 0;
    this.scale = 1;
    this.width = 1;
    this.height = 1;
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {[number, number]} pixels from the top left
   */
  convertToScreen(x, y) {
    return [(x - this.x) * this.scale + this.width / 2, (y - this.y) * this.scale + this.height / 2];
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {[number, number]}
   */
  convertToChart(x, y) {
    return [(x - this.width / 2) / this.scale + this.x, (y - this.height / 2) / this.scale + this.y];
  }

  /** Radius of an icon in pixels: it shrinks more slowly than the chart. */
  get radius() {
    return Math.max(3.5, Math.min(26, 20 * Math.sqrt(this.scale)));
  }

  /**
   * @param {{left: number, top: number, right: number, bottom: number} | null} box
   * @param {number} [beside] pixels at the right that something else takes
   */
  fit(box, beside = 0) {
    if (!box) return;
    const wide = (this.width - beside - 2 * ASIDE) / Math.max(box.right - box.left, 1);
    const high = (this.height - 2 * MARGIN - 20) / Math.max(box.bottom - box.top, 1);
    this.scale = Math.max(SMALLEST, Math.min(wide, high, COMFORT));
    this.x = (box.left + box.right) / 2 + beside / 2 / this.scale;
    this.y = (box.top + box.bottom) / 2 + 10 / this.scale; // room for the labels of the lowest row
  }

  /**
   * Zooms so that the point under the pointer stays where it is.
   * @param {number} factor
   * @param {number} x
   * @param {number} y
   */
  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const [cx, cy] = this.convertToChart(x, y);
    this.scale = Math.max(SMALLEST, Math.min(LARGEST, this.scale * factor));
    const [nx, ny] = this.convertToChart(x, y);
    this.x += cx - nx;
    this.y += cy - ny;
  }

  /**
   * @param {number} dx pixels
   * @param {number} dy
   */
  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
  }
}
