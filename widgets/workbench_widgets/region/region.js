// Names the box around this widget and keeps the notebook's shortcuts out of it.

const BOX = ".widget-box, .jupyter-widget-box";

/**
 * @param {HTMLElement} box
 * @param {string} label
 */
function name(box, label) {
  box.dataset.lmSuppressShortcuts = "true";
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", label);
}

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  let waiting = 0;
  const look = () => {
    const box = el.parentElement?.closest(BOX);
    if (box instanceof HTMLElement) name(box, model.get("label"));
    else waiting = requestAnimationFrame(look);
  };
  look();
  return () => cancelAnimationFrame(waiting);
}

export default { render };
