/** A button on the map that shows the whole of it. */
import type { IControl } from "maplibre-gl";

export class ViewButton implements IControl {
  readonly #group = document.createElement("div");

  constructor(text: string, press: () => void) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "map-view-button";
    button.textContent = text;
    button.addEventListener("click", press);
    this.#group.className = "maplibregl-ctrl maplibregl-ctrl-group";
    this.#group.append(button);
  }

  onAdd(): HTMLElement {
    return this.#group;
  }

  onRemove(): void {
    this.#group.remove();
  }
}
