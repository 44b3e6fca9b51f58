// Buttons of a decision: each click says what was due when it was made, and none is taken before the last was heard.

/**
 * @param {string} tag
 * @param {string} className
 * @param {Record<string, string>} attributes
 */
function createElement(tag, className, attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  const { label, hint } = model.get("reason");
  const because = /** @type {HTMLInputElement} */ (
    createElement("input", "wb-because", { type: "text", placeholder: label, title: hint, dir: "auto" })
  );
  because.setAttribute("aria-label", hint);
  let waiting = false;

  /** @param {string} choice @param {MouseEvent} event */
  const handlePress = (choice, event) => {
    if (waiting || event.detail > 1) return; // the second click of a double click
    waiting = true;
    updateButtons();
    model.set("because", because.value);
    model.save_changes();
    model.send({ choice, due: model.get("due") });
  };
  const buttons = model.get("choices").map((/** @type {Record<string, string>} */ choice) => {
    const button = /** @type {HTMLButtonElement} */ (
      createElement("button", "wb-choice", { type: "button", title: choice.hint })
    );
    button.textContent = choice.label;
    button.addEventListener("click", (event) => handlePress(choice.name, event));
    return button;
  });

  const updateButtons = () => {
    for (const button of buttons) button.disabled = waiting || !model.get("due");
  };
  const handleAnswer = () => {
    waiting = false;
    updateButtons();
  };
  const updateReason = () => {
    because.value = model.get("because");
  };
  model.on("change:due", updateButtons);
  model.on("change:because", updateReason);
  model.on("msg:custom", handleAnswer);
  because.addEventListener("change", () => {
    model.set("because", because.value);
    model.save_changes();
  });

  el.classList.add("wb-decision");
  el.dir = model.get("direction");
  el.dataset.lmSuppressShortcuts = "true";
  el.append(because, ...buttons);
  updateReason();
  updateButtons();
  return () => {
    model.off("change:due", updateButtons);
    model.off("change:because", updateReason);
    model.off("msg:custom", handleAnswer);
  };
}

export default { render };
