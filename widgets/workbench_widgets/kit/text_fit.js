// A name in the width that there is for it.

const LONGEST = 500; // characters that are measured at all: a name of a megabyte would hold the page up

/**
 * A name cut to a width, with an ellipsis.
 * @param {{ measureText(text: string): { width: number } }} pen
 * @param {string} text
 * @param {number} width
 */
export function cutText(pen, text, width) {
  if (text.length <= LONGEST && pen.measureText(text).width <= width) return text;
  const letters = [...text.slice(0, LONGEST)];
  let [low, high] = [0, letters.length];
  while (low < high) {
    const half = (low + high + 1) >> 1;
    if (pen.measureText(`${letters.slice(0, half).join("")}…`).width <= width) low = half;
    else high = half - 1;
  }
  return `${letters.slice(0, low).join("")}…`;
}
