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
 * @param {() => void} changed
 * @returns {() => void} ends it
 */
export function onTheme(changed) {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: NAMES });
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    media.removeEventListener("change", changed);
  };
}

/** Whether the person asked for as little motion as possible. */
export function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * @param {Element} root
 * @returns {Theme}
 */
export function readTheme(root) {
  const dark = isDark();
  const style = getComputedStyle(root);
  const read = (/** @type {string} */ name, /** @type {string} */ other) =>
    style.getPropertyValue(name).trim() || other;
  return {
    dark,
    background: read("--wb-background", read("--jp-layout-color0", dark ? "#16191d" : "#ffffff")),
    land: dark ? "#262c34" : "#f7f5f0",
    water: dark ? "#0e1620" : "#dfe9f1",
    text: read("--wb-text", read("--jp-ui-font-color1", dark ? "#e6e8ea" : "#1b1f24")),
    faint: dark ? "rgb(255 255 255 / 9%)" : "rgb(0 0 0 / 6%)",
    line: dark ? "#474f59" : "#d0d4d9",
    accent: dark ? "#56b4e9" : "#0072b2",
    font: style.fontFamily || "sans-serif",
  };
}

/**
 * Marks an element as dark or light, now and whenever the theme changes.
 * @param {HTMLElement} root
 * @param {() => void} changed
 * @returns {() => void} ends it
 */
export function followTheme(root, changed) {
  const again = () => {
    markTheme(root);
    changed();
  };
  markTheme(root);
  return onTheme(again);
}
