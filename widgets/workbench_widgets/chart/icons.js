// Icons as pictures, from the descriptions that Python gives; drawn as portable/icons.py draws them.

/** @typedef {{ label: string, shape: "circle" | "square" | "tile" | "diamond", colour: string, glyph: string }} Icon */

const SHAPES = {
  circle: '<circle r="17" STYLE/>',
  square: '<rect x="-16" y="-16" width="32" height="32" rx="3" STYLE/>',
  tile: '<rect x="-16" y="-16" width="32" height="32" rx="10" STYLE/>',
  diamond: '<path d="M0-19.5L19.5 0L0 19.5L-19.5 0z" stroke-linejoin="round" STYLE/>',
};
const GREY = "#8c959f";
const RING = "#d18f00";

/**
 * The icon of a schema; an unknown one gets a box and its own name.
 * @param {Record<string, Icon>} icons
 * @param {string} schema
 * @returns {Icon}
 */
export function icon(icons, schema) {
  if (Object.hasOwn(icons, schema)) return icons[schema];
  const other = icons[""];
  return { ...other, label: schema.replace(/(?<=[a-z])(?=[A-Z])/g, " ") || other.label };
}

/**
 * The icon as SVG of 48 by 48 around its middle. Only numbers, colours and paths of our own go into it.
 * @param {Icon} drawn
 * @param {string} how variant: c custodian, s service, t tentative
 */
export function svg(drawn, how) {
  const colour = how.includes("s") ? GREY : drawn.colour;
  const [fill, ink, dash] = how.includes("t") ? ["#ffffff", colour, ' stroke-dasharray="4 3"'] : [colour, "#ffffff", ""];
  const body = SHAPES[drawn.shape].replace("STYLE", `fill="${fill}" stroke="${colour}" stroke-width="2"${dash}`);
  const ring = how.includes("c") ? `<circle r="21.5" fill="none" stroke="${RING}" stroke-width="2.6"/>` : "";
  const scale = drawn.shape === "diamond" ? 0.92 : 1.05;
  const glyph = `<path transform="translate(${-12 * scale} ${-12 * scale}) scale(${scale})" fill="${ink}" fill-rule="evenodd" d="${drawn.glyph}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="-24 -24 48 48">${ring}${body}${glyph}</svg>`;
}

/** Pictures of icons, loaded once. */
export class Pictures {
  /**
   * @param {Record<string, Icon>} icons
   * @param {() => void} loaded called when another picture can be drawn
   */
  constructor(icons, loaded) {
    this.icons = icons;
    this.loaded = loaded;
    /** @type {Map<string, HTMLImageElement>} */
    this.images = new Map();
  }

  /**
   * The picture; null while it is being loaded.
   * @param {string} schema
   * @param {string} how
   */
  get(schema, how) {
    const key = `${schema} ${how}`;
    let image = this.images.get(key);
    if (!image) {
      image = new Image();
      image.onload = this.loaded;
      image.src = `data:image/svg+xml,${encodeURIComponent(svg(icon(this.icons, schema), how))}`;
      this.images.set(key, image);
    }
    return image.complete && image.naturalWidth ? image : null;
  }

  /** @param {string} schema */
  colour(schema) {
    return icon(this.icons, schema).colour;
  }
}
