// Names the box around this widget and keeps the notebook's shortcuts out of it.

const BOX = ".widget-box, .jupyter-widget-box";

/**
 * The notebook looks for the mark on the element that has the focus, before it looks further up.
 * @param {Event} event
 */
function suppressShortcuts(event) {
  if (event.target instanceof HTMLElement) event.target.dataset.lmSuppressShortcuts = "true";
}

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  let waiting = 0;
  /** @type {HTMLElement | null} */
  let box = null;
  const findBox = () => {
    box = el.parentElement?.closest(BOX) ?? null;
    if (!box) {
      waiting = requestAnimationFrame(findBox);
      return;
    }
    box.dataset.lmSuppressShortcuts = "true";
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", model.get("label"));
    box.addEventListener("focusin", suppressShortcuts);
  };
  findBox();
  return () => {
    cancelAnimationFrame(waiting);
    box?.removeEventListener("focusin", suppressShortcuts);
  };
}

export default { render };
