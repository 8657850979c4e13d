/** The panel beside the map: one part of it is seen at a time. */

function panel(): HTMLElement {
  return document.getElementById("map-panel") as HTMLElement;
}

/** Show the part of the panel called `name`, which `content` fills; `closed` is called when it is put away. */
export function openPanel(name: string, content: Node[], closed: () => void, close: string): HTMLElement {
  const element = panel();
  closePanel(name);
  const part = document.createElement("div");
  part.className = "map-panel-part";
  part.dataset["part"] = name;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn-close map-panel-close";
  button.setAttribute("aria-label", close);
  button.addEventListener("click", () => closePanel());
  part.addEventListener("panel:closed", closed, { once: true });
  part.append(button, ...content);
  element.append(part);
  element.hidden = false;
  return part;
}

/** Put the panel away; with `kept`, a part of that name is replaced and its opener is not told. */
export function closePanel(kept = ""): void {
  const element = panel();
  for (const part of [...element.querySelectorAll<HTMLElement>(".map-panel-part")]) {
    part.remove();
    if (part.dataset["part"] !== kept) part.dispatchEvent(new CustomEvent("panel:closed"));
  }
  element.hidden = true;
}
