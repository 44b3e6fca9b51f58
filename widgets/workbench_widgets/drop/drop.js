// A drop zone: sends the files to Python piece by piece, the next piece when the last has arrived.

const PIECE = 4 * 1024 * 1024; // bytes; a notebook server closes a connection that sends more than 10 MiB at once

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

/**
 * Resolves when Python has taken a piece.
 * @param {any} model
 */
function waitForPiece(model) {
  return new Promise((resolve) => {
    const handleMessage = (/** @type {any} */ message) => {
      if (!("taken" in message)) return;
      model.off("msg:custom", handleMessage);
      resolve(message.taken);
    };
    model.on("msg:custom", handleMessage);
  });
}

/**
 * What says texts in the language of the zone, with values in their places; a line break in a text is a blank.
 * @param {any} model
 */
const createSay = (model) => (/** @type {string} */ text, /** @type {Record<string, any>} */ values) => {
  const english = text.replace(/\s*\n\s*/g, " ");
  const words = model.get("words");
  const told = Object.hasOwn(words, english) ? words[english] : english;
  return told.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ name) => String(values[name]));
};

/** That a file cannot be read. @param {ReturnType<typeof createSay>} say @param {string} name */
const describeUnread = (say, name) =>
  say(
    `{name} was not added: the browser cannot read it. Drop files only. For a folder, use \`case.add\` with its
      path.`,
    {
      name,
    },
  );

/**
 * @param {any} model
 * @param {File} file
 * @param {(text: string) => void} showStatus
 */
async function sendFile(model, file, showStatus) {
  const say = createSay(model);
  if (file.size > model.get("largest"))
    return showStatus(
      say("{name} was not added: it is too large for the browser. Use `case.add` with the path of the file.", {
        name: file.name,
      }),
    );
  for (let at = 0; at === 0 || at < file.size; at += PIECE) {
    const piece = await file.slice(at, at + PIECE).arrayBuffer();
    const share = Math.round((100 * (at + piece.byteLength)) / (file.size || 1));
    showStatus(say("Sending {name}: {share} %", { name: file.name, share }));
    const answer = waitForPiece(model);
    model.send({ name: file.name, at, size: file.size }, undefined, [piece]);
    await answer;
  }
  showStatus(say("{name} was received.", { name: file.name }));
}

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  const zone = createElement("button", "wb-drop", { type: "button", "data-lm-suppress-shortcuts": "true" });
  zone.textContent = model.get("label");
  zone.dir = model.get("direction");
  const status = createElement("div", "wb-drop-status", { role: "status", dir: model.get("direction") });
  const input = /** @type {HTMLInputElement} */ (
    createElement("input", "wb-drop-input", { type: "file", multiple: "", hidden: "" })
  );
  const say = createSay(model);
  const showStatus = (/** @type {string} */ text) => {
    status.textContent = text;
  };
  let queue = Promise.resolve();

  /** @param {Iterable<File>} files */
  const sendFiles = (files) => {
    for (const file of files) {
      const handleFailure = () => showStatus(describeUnread(say, file.name));
      queue = queue.then(() => sendFile(model, file, showStatus)).catch(handleFailure);
    }
  };
  const handleDrag = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    event.stopPropagation();
    zone.classList.toggle("over", event.type === "dragenter" || event.type === "dragover");
  };
  for (const type of ["dragenter", "dragover", "dragleave", "drop"])
    zone.addEventListener(type, /** @type {EventListener} */ (handleDrag));
  zone.addEventListener("drop", (/** @type {DragEvent} */ event) => sendFiles([...(event.dataTransfer?.files ?? [])]));
  zone.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    sendFiles([...(input.files ?? [])]);
    input.value = ""; // so that the same file can be chosen again
  });
  el.append(zone, input, status);
}

export default { render };
