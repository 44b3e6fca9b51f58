// Buttons of a decision: each click says what was due when it was made, and none is taken before the last was heard.

/**
 * @param {string} tag
 * @param {string} className
 * @param {Record<string, string>} attributes
 */
function made(tag, className, attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  const { label, hint } = model.get("reason");
  const because = /** @type {HTMLInputElement} */ (
    made("input", "wb-because", { type: "text", placeholder: label, title: hint, dir: "auto" })
  );
  because.setAttribute("aria-label", hint);
  let waiting = false;

  /** @param {string} choice @param {MouseEvent} event */
  const press = (choice, event) => {
    if (waiting || event.detail > 1) return; // the second click of a double click
    waiting = true;
    stand();
    model.set("because", because.value);
    model.save_changes();
    model.send({ choice, due: model.get("due") });
  };
  const buttons = model.get("choices").map((/** @type {Record<string, string>} */ choice) => {
    const button = /** @type {HTMLButtonElement} */ (
      made("button", "wb-choice", { type: "button", title: choice.hint })
    );
    button.textContent = choice.label;
    button.addEventListener("click", (event) => press(choice.name, event));
    return button;
  });

  const stand = () => {
    for (const button of buttons) button.disabled = waiting || !model.get("due");
  };
  const heard = () => {
    waiting = false;
    stand();
  };
  const reasoned = () => {
    because.value = model.get("because");
  };
  model.on("change:due", stand);
  model.on("change:because", reasoned);
  model.on("msg:custom", heard);
  because.addEventListener("change", () => {
    model.set("because", because.value);
    model.save_changes();
  });

  el.classList.add("wb-decision");
  el.dir = model.get("direction");
  el.dataset.lmSuppressShortcuts = "true";
  el.append(because, ...buttons);
  reasoned();
  stand();
  return () => {
    model.off("change:due", stand);
    model.off("change:because", reasoned);
    model.off("msg:custom", heard);
  };
}

export default { render };
