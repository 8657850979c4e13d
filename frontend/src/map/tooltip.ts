/** What lies under the pointer, in words beside it and never outside the map. */

const GAP = 14;

export class Tooltip {
  readonly #box = document.createElement("div");

  constructor(readonly container: HTMLElement) {
    this.#box.className = "map-tooltip";
    this.#box.hidden = true;
    container.append(this.#box);
  }

  /** Show it at a point of the map: a label, and lines below it. */
  show(label: string, lines: string[], at: { x: number; y: number }): void {
    this.#box.replaceChildren(line(label, "map-tooltip-label"), ...lines.map((text) => line(text, "text-secondary")));
    this.#box.hidden = false;
    const { clientWidth, clientHeight } = this.container;
    const [width, height] = [this.#box.offsetWidth, this.#box.offsetHeight];
    const left = at.x + GAP + width > clientWidth ? at.x - GAP - width : at.x + GAP;
    const top = at.y + GAP + height > clientHeight ? at.y - GAP - height : at.y + GAP;
    this.#box.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`;
  }

  hide(): void {
    this.#box.hidden = true;
  }
}

function line(text: string, css: string): HTMLElement {
  const element = document.createElement("div");
  element.className = css;
  element.textContent = text;
  return element;
}
