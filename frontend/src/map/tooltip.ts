/** The words for the commune pointed at, beside the pointer and never outside the map. */
import type { Commune } from "./geometry";

const GAP = 14;

export class Tooltip {
  readonly #box = document.createElement("div");

  constructor(
    readonly container: HTMLElement,
    readonly texts: { approximate: string; open: string },
  ) {
    this.#box.className = "map-tooltip";
    this.#box.hidden = true;
    container.append(this.#box);
  }

  /** Show it at a point of the map; with a link for fingers, which cannot point first and press then. */
  show(commune: Commune, at: { x: number; y: number }, withLink: boolean): void {
    this.#box.replaceChildren(line(commune.label ?? `${commune.name}: ${commune.count ?? "–"}`, "map-tooltip-label"));
    if (commune.approximate && this.texts.approximate) this.#box.append(line(this.texts.approximate, "text-secondary"));
    if (withLink && commune.url) this.#box.append(link(commune.url, this.texts.open || commune.name));
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

function link(address: string, text: string): HTMLElement {
  const element = document.createElement("a");
  element.href = address;
  element.textContent = text;
  return element;
}
