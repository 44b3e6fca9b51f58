// The colours that a canvas needs, which does not follow style sheets: Jupyter's where there are some, otherwise the
// system's.

/**
 * @typedef {{
 *   dark: boolean, background: string, land: string, water: string, text: string, faint: string, line: string,
 *   accent: string, font: string
 * }} Theme
 */

/** Whether the page is dark: as Jupyter says, as Visual Studio Code says, or as the system is set. */
export function isDark() {
  const { jpThemeLight: lit, vscodeThemeKind: kind } = document.body.dataset;
  if (lit) return lit === "false";
  if (kind) return !/light/.test(kind);
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/**
 * Marks an element as dark or light. Where no notebook gives colours, it gets some of its own.
 * @param {HTMLElement} root
 */
export function markTheme(root) {
  const dark = isDark();
  root.classList.toggle("wb-dark", dark);
  root.classList.toggle("wb-plain-dark", dark && !document.body.dataset.jpThemeLight);
}

const NAMES = ["data-jp-theme-light", "data-jp-theme-name", "data-vscode-theme-kind", "class"];

/**
 * Calls when the theme of the page changes.
 * @param {() => void} onChange
 * @returns {() => void} ends it
 */
export function watchTheme(onChange) {
  const observer = new MutationObserver(onChange);
  observer.observe(document.body, { attributes: true, attributeFilter: NAMES });
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", onChange);
  return () => {
    observer.disconnect();
    media.removeEventListener("change", onChange);
  };
}

/** Whether the person asked for as little motion as possible. */
export function isMotionReduced() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * @param {Element} root
 * @returns {Theme}
 */
export function readTheme(root) {
  const dark = isDark();
  const style = getComputedStyle(root);
  const readColour = (/** @type {string} */ name, /** @type {string} */ other) =>
    style.getPropertyValue(name).trim() || other;
  return {
    dark,
    background: readColour("--wb-background", readColour("--jp-layout-color0", dark ? "#16191d" : "#ffffff")),
    land: dark ? "#262c34" : "#f7f5f0",
    water: dark ? "#0e1620" : "#dfe9f1",
    text: readColour("--wb-text", readColour("--jp-ui-font-color1", dark ? "#e6e8ea" : "#1b1f24")),
    faint: dark ? "rgb(255 255 255 / 9%)" : "rgb(0 0 0 / 6%)",
    line: dark ? "#474f59" : "#d0d4d9",
    accent: dark ? "#56b4e9" : "#0072b2",
    font: style.fontFamily || "sans-serif",
  };
}

/**
 * Marks an element as dark or light, now and whenever the theme changes.
 * @param {HTMLElement} root
 * @param {() => void} onChange
 * @returns {() => void} ends it
 */
export function followTheme(root, onChange) {
  const handleChange = () => {
    markTheme(root);
    onChange();
  };
  markTheme(root);
  return watchTheme(handleChange);
}
