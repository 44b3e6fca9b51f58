// Icons as pictures, from the descriptions that Python gives; drawn as portable/icons.py draws them.

/** @typedef {{ label: string, shape: "circle" | "square" | "tile" | "diamond", colour: string, glyph: string }} Icon */

const SHAPES = {
  circle: '<circle r="17" STYLE/>',
  square: '<rect x="-16" y="-16" width="32" height="32" rx="3" STYLE/>',
  tile: '<rect x="-16" y="-16" width="32" height="32" rx="10" STYLE/>',
  diamond: '<path d="M0-19.5L19.5 0L0 19.5L-19.5 0z" stroke-linejoin="round" STYLE/>',
};
const GREY = "#8c959f";
export const NEUTRAL = "#586573"; // where the colour of others says something else
const RING = "#d18f00";
const [PAPER, INK] = ["#ffffff", "#1b1f24"];
const BRIGHT = 150; // of 255, from which a glyph is dark

/**
 * The icon of a schema; an unknown one gets a box and its own name.
 * @param {Record<string, Icon>} icons
 * @param {string} schema
 * @returns {Icon}
 */
export function getIcon(icons, schema) {
  if (Object.hasOwn(icons, schema)) return icons[schema];
  const other = icons[""];
  return { ...other, label: schema.replace(/(?<=[a-z])(?=[A-Z])/g, " ") || other.label };
}

/**
 * The icon as SVG of 48 by 48 around its middle. Only numbers, colours and paths of our own go into it.
 * @param {Icon} drawn
 * @param {string} how variant: c custodian, s service, t tentative, m missing
 * @param {string} tint colour in place of that of the icon
 * @param {string} background of the chart, on which what is missing is an outline
 */
export function buildIconSvg(drawn, how, tint = "", background = PAPER) {
  const colour = tint || (how.includes("s") ? GREY : drawn.colour);
  const [fill, ink] = how.includes("m")
    ? [background, colour]
    : how.includes("t")
      ? [PAPER, colour]
      : [colour, tint && isBright(tint) ? INK : PAPER];
  const dash = how.includes("t") ? ' stroke-dasharray="4 3"' : "";
  const body = SHAPES[drawn.shape].replace("STYLE", `fill="${fill}" stroke="${colour}" stroke-width="2"${dash}`);
  const ring = how.includes("c") ? `<circle r="21.5" fill="none" stroke="${RING}" stroke-width="2.6"/>` : "";
  const scale = drawn.shape === "diamond" ? 0.92 : 1.05;
  const glyph =
    `<path transform="translate(${-12 * scale} ${-12 * scale}) scale(${scale})" ` +
    `fill="${ink}" fill-rule="evenodd" d="${drawn.glyph}"/>`;
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="-24 -24 48 48">' +
    `${ring}${body}${glyph}</svg>`
  );
}

/** Whether dark signs are read better on a colour than white ones. @param {string} colour #rrggbb */
function isBright(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > BRIGHT;
}

/** Pictures of icons, loaded once. */
export class Pictures {
  /**
   * @param {Record<string, Icon>} icons
   * @param {() => void} onLoad called when another picture can be drawn
   */
  constructor(icons, onLoad) {
    this.icons = icons;
    this.onLoad = onLoad;
    this.background = PAPER;
    /** @type {Map<string, HTMLImageElement>} */
    this.images = new Map();
  }

  /**
   * The picture; null while it is being loaded.
   * @param {string} schema
   * @param {string} how
   * @param {string} tint colour in place of that of the schema
   */
  getImage(schema, how, tint = "") {
    const key = this.formatKey(schema, how, tint);
    let image = this.images.get(key);
    if (!image) {
      image = new Image();
      image.onload = this.onLoad;
      const drawing = buildIconSvg(getIcon(this.icons, schema), how, tint, this.background);
      image.src = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
      this.images.set(key, image);
    }
    return image.complete && image.naturalWidth ? image : null;
  }

  /** Under which a picture is kept. @param {string} schema @param {string} how @param {string} tint */
  formatKey(schema, how, tint) {
    return `${schema} ${how} ${tint} ${how.includes("m") ? this.background : ""}`;
  }

  /** @param {string} schema */
  getColour(schema) {
    return getIcon(this.icons, schema).colour;
  }
}
