// Which way a name runs on a canvas, which has no `dir="auto"`.

const RIGHT = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** @param {string} text @returns {"rtl" | "ltr"} by its first letter */
export function getTextDirection(text) {
  return RIGHT.test(text) ? "rtl" : "ltr";
}
