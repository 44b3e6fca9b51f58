// Lines and icons of a chart by WebGL 2: one draw call each, straight from numbers, in one context. Of a large chart it
// draws points and hairlines only, which a machine without a graphics card can still move.

import { computeLinePoints, computeLineWidth } from "./chart_items.js";

/** @typedef {import("./chart_items.js").Drawn} Drawn */
/** @typedef {import("../camera.js").Camera} Camera */
/** @typedef {import("./icons.js").Pictures} Pictures */
/** @typedef {{ line: string, tentative: string }} Theme */

const CELL = 96; // pixels of an icon in the atlas
const ACROSS = 16; // icons in a row of the atlas
const VIEW =
  "uniform vec2 size; uniform vec3 view; vec2 seen(vec2 p) { return (p - view.xy) * view.z; } " +
  "vec4 clip(vec2 s) { return vec4(s / size * 2.0 * vec2(1, -1), 0, 1); }";
const HEAD = `#version 300 es\nprecision highp float;\n`;

const LINE_VERTEX = `${HEAD}${VIEW}
in vec2 corner; in vec4 ends; in vec4 colour; in vec3 style; out vec4 ink; out vec3 place; out float dash;
void main() {
  vec2 a = seen(ends.xy), b = seen(ends.zw), d = b - a;
  float len = max(length(d), 0.001), wide = style.x * 0.5 + 1.0;
  vec2 n = vec2(-d.y, d.x) / len;
  gl_Position = clip(mix(a, b, corner.x) + n * corner.y * wide);
  ink = colour; dash = style.y; place = vec3(style.z * view.z + corner.x * len, corner.y * wide, style.x * 0.5);
}`;
const LINE_FRAGMENT = `${HEAD}in vec4 ink; in vec3 place; in float dash; out vec4 shown;
void main() {
  if (dash > 1.5) { if (mod(place.x, 6.0) > 2.4) discard; }
  else if (dash > 0.5) { if (mod(place.x, 13.0) > 8.0) discard; }
  shown = vec4(ink.rgb, ink.a * clamp(place.z + 0.6 - abs(place.y), 0.0, 1.0));
}`;
const ARROW_VERTEX = `${HEAD}${VIEW}
uniform float radius; in vec2 corner; in vec4 ends; in vec4 colour; in vec3 style; out vec4 ink;
void main() {
  vec2 a = seen(ends.xy), b = seen(ends.zw), d = normalize(b - a + vec2(0.0001, 0.0));
  float high = (7.0 + style.x * 1.4) * clamp(view.z * 1.4, 0.5, 1.0);
  vec2 tip = b - d * radius;
  gl_Position = clip(tip - d * corner.x * high + vec2(-d.y, d.x) * corner.y * high * 0.42);
  ink = colour;
}`;
const PLAIN_FRAGMENT = `${HEAD}in vec4 ink; out vec4 shown; void main() { shown = ink; }`;
const ICON_VERTEX = `${HEAD}${VIEW}
uniform float radius; uniform float across; in vec2 corner; in vec2 point; in float cell; out vec2 at;
void main() {
  gl_Position = clip(seen(point) + corner * radius * 1.2);
  at = (vec2(mod(cell, across), floor(cell / across)) + corner * 0.5 + 0.5) / across;
}`;
const ICON_FRAGMENT =
  `${HEAD}uniform sampler2D atlas; in vec2 at; out vec4 shown; ` + "void main() { shown = texture(atlas, at); }";
const DOT_VERTEX = `${HEAD}${VIEW}
uniform float radius; in vec2 point; in vec4 colour; out vec4 ink;
void main() { gl_Position = clip(seen(point)); gl_PointSize = radius; ink = colour; }`;
const DOT_FRAGMENT = `${HEAD}uniform bool spot; in vec4 ink; out vec4 shown; // a line has no gl_PointCoord
void main() { if (spot && length(gl_PointCoord - 0.5) > 0.5) discard; shown = ink; }`;

/** @param {string} colour #rrggbb @returns {number[]} */
export function parseColour(colour) {
  const value = Number.parseInt(colour.slice(1, 7), 16);
  return Number.isNaN(value) ? [128, 128, 128] : [value >> 16, (value >> 8) & 255, value & 255];
}

const SPARE = 4;
const ATTRIBUTES = 4; // that a program has at most
/** Surfaces that charts out of sight gave back, of all charts of the page. @type {GlSurface[]} */
// prettier-ignore
const spare = (/** @type {any} */ (globalThis).wbSpareSurfaces ??= []);

/** A surface that lies ready, or a new one. @param {Pictures} pictures */
export function getGlSurface(pictures) {
  for (let one = spare.pop(); one; one = spare.pop()) {
    if (one.gl.isContextLost()) continue;
    one.reset(pictures);
    return one;
  }
  const canvas = document.createElement("canvas");
  canvas.className = "wb-under";
  return new GlSurface(canvas, pictures);
}

export class GlSurface {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Pictures} pictures
   */
  constructor(canvas, pictures) {
    // lines and icons have smooth edges of their own; four samples of each pixel would make a frame three times as dear
    const gl = canvas.getContext("webgl2", {
      antialias: false,
      alpha: true,
      premultipliedAlpha: true,
      preserveDrawingBuffer: false,
    });
    if (!gl) throw new Error("no WebGL 2");
    this.gl = gl;
    this.canvas = canvas;
    this.pictures = pictures;
    this.background = pictures.background;
    this.programs = {
      line: createProgram(gl, LINE_VERTEX, LINE_FRAGMENT),
      arrow: createProgram(gl, ARROW_VERTEX, PLAIN_FRAGMENT),
      icon: createProgram(gl, ICON_VERTEX, ICON_FRAGMENT),
      dot: createProgram(gl, DOT_VERTEX, DOT_FRAGMENT),
    };
    this.quad = createBuffer(gl, new Float32Array([0, -1, 1, -1, 0, 1, 1, 1]));
    this.square = createBuffer(gl, new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]));
    this.triangle = createBuffer(gl, new Float32Array([0, 0, 1, -1, 1, 1]));
    this.sheet = document.createElement("canvas");
    this.sheet.width = this.sheet.height = CELL * ACROSS;
    /** @type {Map<string, number>} */
    this.cells = new Map();
    /** @type {Set<string>} */
    this.missing = new Set();
    this.texture = gl.createTexture();
    /** @type {Record<string, WebGLBuffer>} */
    this.buffers = {};
    this.counts = { lines: 0, arrows: 0, items: 0 };
    this.light = false;
    /** @type {(() => void) | null} called when the browser takes the context away */
    this.onLost = null;
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.onLost?.();
    });
  }

  /**
   * Takes another picture.
   * @param {Drawn} picture
   * @param {Theme} theme
   */
  setPicture(picture, theme) {
    const { gl } = this;
    for (const one of Object.values(this.buffers)) gl.deleteBuffer(one);
    this.light = picture.light;
    // of another theme, or other styles
    const stale = this.background !== this.pictures.background || this.cells.size > (ACROSS * ACROSS) / 2;
    if (stale) this.reset(this.pictures);
    const inks = [parseColour(theme.line), parseColour(theme.tentative), parseColour(theme.tentative)];
    const segments = /** @type {number[]} */ ([]);
    const styles = /** @type {number[]} */ ([]);
    const colours = /** @type {number[]} */ ([]);
    const tips = {
      ends: /** @type {number[]} */ ([]),
      styles: /** @type {number[]} */ ([]),
      colours: /** @type {number[]} */ ([]),
    };
    for (const line of picture.lines) {
      const points = this.light
        ? [picture.items[line.a].x, picture.items[line.a].y, picture.items[line.b].x, picture.items[line.b].y]
        : computeLinePoints(picture, line);
      const thick = computeLineWidth(line);
      let along = 0;
      for (let at = 0; at + 3 < points.length; at += 2) {
        segments.push(points[at], points[at + 1], points[at + 2], points[at + 3]);
        if (this.light) continue;
        styles.push(thick, line.strength, along);
        colours.push(...inks[line.strength], 255);
        along += Math.hypot(points[at + 2] - points[at], points[at + 3] - points[at + 1]);
      }
      if (this.light) {
        colours.push(...inks[line.strength], 90, ...inks[line.strength], 90);
        continue;
      }
      const end = points.length;
      for (const [wanted, from, to] of /** @type {[boolean, number, number][]} */ ([
        [line.there, end - 4, end - 2],
        [line.back, 2, 0],
      ])) {
        if (!wanted) continue;
        tips.ends.push(points[from], points[from + 1], points[to], points[to + 1]);
        tips.styles.push(thick, 0, 0);
        tips.colours.push(...inks[line.strength], 255);
      }
    }
    const items = picture.items;
    const points = new Float32Array(2 * items.length);
    items.forEach((item, at) => points.set([item.x, item.y], 2 * at));
    this.buffers = {
      ends: createBuffer(gl, new Float32Array(segments)),
      styles: createBuffer(gl, new Float32Array(styles)),
      colours: createBuffer(gl, new Uint8Array(colours)),
      tips: createBuffer(gl, new Float32Array(tips.ends)),
      tipStyles: createBuffer(gl, new Float32Array(tips.styles)),
      tipColours: createBuffer(gl, new Uint8Array(tips.colours)),
      points: createBuffer(gl, points),
      cells: createBuffer(
        gl,
        this.light
          ? new Uint8Array(
              items.flatMap((item) => [...parseColour(item.colour || this.pictures.getColour(item.schema)), 255]),
            )
          : Float32Array.from(items, (item) => this.getCell(item)),
      ),
    };
    this.counts = { lines: segments.length / 4, arrows: tips.ends.length / 4, items: items.length };
    this.updateIcons();
  }

  /**
   * The cell of an icon in the atlas; from 256 kinds on they share one.
   * @param {import("./chart_items.js").Item} item
   */
  getCell({ schema, how, colour }) {
    const key = `${schema}\u0000${how}\u0000${colour}`;
    let cell = this.cells.get(key);
    if (cell === undefined) {
      cell = Math.min(this.cells.size, ACROSS * ACROSS - 1);
      this.cells.set(key, cell);
      this.missing.add(key);
    }
    return cell;
  }

  /** Puts pictures that have come into the atlas. */
  updateIcons() {
    const sheet = /** @type {CanvasRenderingContext2D} */ (this.sheet.getContext("2d"));
    let came = 0;
    for (const key of this.missing) {
      const [schema, how, colour] = key.split("\u0000");
      const image = this.pictures.getImage(schema, how, colour);
      if (!image) continue;
      const cell = /** @type {number} */ (this.cells.get(key));
      sheet.drawImage(image, (cell % ACROSS) * CELL, Math.floor(cell / ACROSS) * CELL, CELL, CELL);
      this.missing.delete(key);
      came += 1;
    }
    if (!came) return;
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, this.sheet);
    gl.generateMipmap(gl.TEXTURE_2D);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  }

  /** @param {Camera} camera @param {number} ratio pixels of the screen in one of CSS */
  draw(camera, ratio) {
    const { gl, buffers, counts } = this;
    if (!buffers.points) return;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    const useProgram = (/** @type {WebGLProgram} */ one) => {
      // another program's, whose buffers may be gone
      for (let at = 0; at < ATTRIBUTES; at++) gl.disableVertexAttribArray(at);
      gl.useProgram(one);
      gl.uniform2f(gl.getUniformLocation(one, "size"), camera.width, camera.height);
      gl.uniform3f(gl.getUniformLocation(one, "view"), camera.x, camera.y, camera.scale);
      gl.uniform1f(gl.getUniformLocation(one, "radius"), camera.radius);
      return one;
    };
    if (this.light) {
      let one = useProgram(this.programs.dot);
      bindAttribute(gl, one, "point", buffers.ends, 2, gl.FLOAT, 0);
      bindAttribute(gl, one, "colour", buffers.colours, 4, gl.UNSIGNED_BYTE, 0);
      gl.uniform1i(gl.getUniformLocation(one, "spot"), 0);
      gl.drawArrays(gl.LINES, 0, 2 * counts.lines);
      one = useProgram(this.programs.dot);
      gl.uniform1i(gl.getUniformLocation(one, "spot"), 1);
      gl.uniform1f(gl.getUniformLocation(one, "radius"), Math.max(2.5, camera.radius * 0.9) * ratio);
      bindAttribute(gl, one, "point", buffers.points, 2, gl.FLOAT, 0);
      bindAttribute(gl, one, "colour", buffers.cells, 4, gl.UNSIGNED_BYTE, 0);
      gl.drawArrays(gl.POINTS, 0, counts.items);
      return;
    }
    let one = useProgram(this.programs.line);
    bindAttribute(gl, one, "corner", this.quad, 2, gl.FLOAT, 0);
    bindAttribute(gl, one, "ends", buffers.ends, 4, gl.FLOAT, 1);
    bindAttribute(gl, one, "style", buffers.styles, 3, gl.FLOAT, 1);
    bindAttribute(gl, one, "colour", buffers.colours, 4, gl.UNSIGNED_BYTE, 1);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, counts.lines);
    one = useProgram(this.programs.arrow);
    bindAttribute(gl, one, "corner", this.triangle, 2, gl.FLOAT, 0);
    bindAttribute(gl, one, "ends", buffers.tips, 4, gl.FLOAT, 1);
    bindAttribute(gl, one, "style", buffers.tipStyles, 3, gl.FLOAT, 1);
    bindAttribute(gl, one, "colour", buffers.tipColours, 4, gl.UNSIGNED_BYTE, 1);
    gl.drawArraysInstanced(gl.TRIANGLES, 0, 3, counts.arrows);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    one = useProgram(this.programs.icon);
    gl.uniform1f(gl.getUniformLocation(one, "across"), ACROSS);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    bindAttribute(gl, one, "corner", this.square, 2, gl.FLOAT, 0);
    bindAttribute(gl, one, "point", buffers.points, 2, gl.FLOAT, 1);
    bindAttribute(gl, one, "cell", buffers.cells, 1, gl.FLOAT, 1);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, counts.items);
  }

  /** Begins anew, for another chart. @param {Pictures} pictures */
  reset(pictures) {
    this.pictures = pictures;
    this.background = pictures.background;
    this.cells = new Map();
    this.missing = new Set();
    this.sheet.width = CELL * ACROSS; // clears it
  }

  /** Leaves the surface to the next chart that is seen: a browser has only a few, and is slow to take one back. */
  release() {
    const { gl } = this;
    this.onLost = null;
    this.canvas.remove();
    for (const one of Object.values(this.buffers)) gl.deleteBuffer(one);
    this.buffers = {};
    if (spare.length < SPARE && !gl.isContextLost()) spare.push(this);
    else gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

/** @param {WebGL2RenderingContext} gl @param {string} vertex @param {string} fragment */
function createProgram(gl, vertex, fragment) {
  const made = gl.createProgram();
  for (const [kind, source] of /** @type {[number, string][]} */ ([
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error(`WebGL: ${gl.getProgramInfoLog(made)}`);
  return made;
}

/** @param {WebGL2RenderingContext} gl @param {ArrayBufferView<ArrayBuffer>} data */
function createBuffer(gl, data) {
  const made = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, made);
  gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
  return made;
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {WebGLProgram} one
 * @param {string} name
 * @param {WebGLBuffer} data
 * @param {number} size
 * @param {number} type
 * @param {number} divisor
 */
function bindAttribute(gl, one, name, data, size, type, divisor) {
  const at = gl.getAttribLocation(one, name);
  if (at < 0) return;
  gl.bindBuffer(gl.ARRAY_BUFFER, data);
  gl.enableVertexAttribArray(at);
  gl.vertexAttribPointer(at, size, type, type === gl.UNSIGNED_BYTE, 0, 0);
  gl.vertexAttribDivisor(at, divisor);
}
