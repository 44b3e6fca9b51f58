// A drop zone: sends each file's name and bytes to Python, one message a file.

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  const zone = document.createElement("div");
  zone.className = "wb-drop";
  zone.tabIndex = 0;
  zone.setAttribute("role", "button");
  zone.dataset.lmSuppressShortcuts = "true";
  zone.textContent = model.get("label");
  const status = document.createElement("div");
  status.className = "wb-drop-status";
  status.setAttribute("aria-live", "polite");
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.hidden = true;

  /** @param {FileList | File[]} files */
  const take = async (files) => {
    for (const file of files) {
      if (file.size > model.get("largest")) {
        status.textContent = `${file.name} is too large for the browser: use case.add with its path.`;
        continue;
      }
      status.textContent = `Sending ${file.name} …`;
      model.send({ name: file.name }, undefined, [await file.arrayBuffer()]);
      status.textContent = `${file.name} sent.`;
    }
  };
  zone.addEventListener("click", () => input.click());
  zone.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      input.click();
    }
  });
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      event.stopPropagation();
      zone.classList.add("over");
    });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    zone.classList.remove("over");
    take(event.dataTransfer?.files ?? []);
  });
  input.addEventListener("change", () => take(input.files ?? []));
  el.append(zone, input, status);
}

export default { render };
