// The drawing's view: which part of it is seen. Two fingers, the wheel, dragging, buttons and keys move it.

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const CLOSEST = 24;
const STEP = 1.6;
/** Half the breadth of a sign: on the screen, and as it is drawn. */
const SIGN = 8;
const HALF = 13;
const KEYS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class View {
  private svg: SVGSVGElement | null = null;
  private whole: Box = { x: 0, y: 0, width: 1, height: 1 };
  private seen: Box | null = null;
  private chosen = "";
  private readonly fingers = new Map<number, PointerEvent>();

  /** Take hold of the drawing that is on the page now; the part that was seen before is seen again. */
  attach(): void {
    this.svg = document.querySelector<SVGSVGElement>("#drawing");
    const frame = document.querySelector<HTMLElement>("#frame");
    if (!this.svg || !frame) return;
    const { x, y, width, height } = this.svg.viewBox.baseVal;
    this.whole = { x, y, width, height };
    this.fingers.clear();
    this.buttons(frame);
    this.hands(frame);
    this.show(this.seen ?? this.whole);
    if (this.chosen) this.mark(this.chosen);
  }

  /** Go to a commune and mark it. */
  choose(id: string): void {
    const area = this.mark(id);
    if (!area) return;
    const box = area.getBBox();
    const width = Math.min(Math.max(box.width * 5, this.whole.width / 6), this.whole.width / 1.5);
    const height = (width * this.whole.height) / this.whole.width;
    this.show({
      x: box.x + box.width / 2 - width / 2,
      y: box.y + box.height / 2 - height / 2,
      width,
      height,
    });
  }

  private mark(id: string): SVGGraphicsElement | null {
    this.svg?.querySelector(".chosen")?.classList.remove("chosen");
    const area = document.getElementById(id);
    if (!(area instanceof SVGGraphicsElement)) return null;
    this.chosen = id;
    area.classList.add("chosen");
    // What is drawn last lies above the others: its line is whole.
    area.parentElement?.append(area);
    this.say(area);
    return area;
  }

  private say(area: Element): void {
    const said = document.querySelector<HTMLElement>("#said");
    const words = area.querySelector("title")?.textContent ?? "";
    if (!said || !words) return;
    said.textContent = words;
    said.hidden = false;
  }

  private show(box: Box): void {
    const width = Math.min(Math.max(box.width, this.whole.width / CLOSEST), this.whole.width);
    const height = (width * this.whole.height) / this.whole.width;
    const x = Math.min(Math.max(box.x, this.whole.x), this.whole.x + this.whole.width - width);
    const y = Math.min(Math.max(box.y, this.whole.y), this.whole.y + this.whole.height - height);
    this.seen = { x, y, width, height };
    this.svg?.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    this.signs();
  }

  /** Signs keep their size on the screen, however wide it is and how close one looks. */
  signs(): void {
    const shown = this.svg?.getBoundingClientRect();
    const seen = this.seen ?? this.whole;
    if (!this.svg || !shown?.width || !shown.height) return;
    const steps = Math.max(seen.width / shown.width, seen.height / shown.height);
    this.svg.style.setProperty("--sign", String((steps * SIGN) / HALF));
  }

  private zoom(by: number, at: [number, number] = [0.5, 0.5]): void {
    const box = this.seen ?? this.whole;
    const width = box.width / by;
    const height = box.height / by;
    this.show({
      x: box.x + (box.width - width) * at[0],
      y: box.y + (box.height - height) * at[1],
      width,
      height,
    });
  }

  private move(right: number, down: number): void {
    const box = this.seen ?? this.whole;
    this.show({ ...box, x: box.x + right * box.width, y: box.y + down * box.height });
  }

  private buttons(frame: HTMLElement): void {
    frame.querySelector(".near")?.remove();
    const group = document.createElement("div");
    group.className = "near";
    const add = (sign: string, words: string, act: () => void): void => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = sign;
      button.title = words;
      button.setAttribute("aria-label", words);
      button.addEventListener("click", act);
      group.append(button);
    };
    add("+", frame.dataset["in"] ?? "", () => this.zoom(STEP));
    add("−", frame.dataset["out"] ?? "", () => this.zoom(1 / STEP));
    add("⛶", frame.dataset["whole"] ?? "", () => this.show(this.whole));
    frame.append(group);
  }

  private hands(frame: HTMLElement): void {
    const svg = this.svg;
    if (!svg) return;
    svg.setAttribute("tabindex", "0");
    svg.addEventListener("keydown", (event) => this.key(event));
    svg.addEventListener(
      "wheel",
      (event) => {
        // The page itself scrolls with the wheel, unless a key says that the map is meant.
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        this.zoom(event.deltaY < 0 ? STEP : 1 / STEP, this.within(event));
      },
      { passive: false },
    );
    svg.addEventListener("pointerdown", (event) => this.fingers.set(event.pointerId, event));
    svg.addEventListener("pointermove", (event) => this.drag(event));
    for (const over of ["pointerup", "pointercancel", "pointerleave"] as const) {
      svg.addEventListener(over, (event) => this.fingers.delete(event.pointerId));
    }
    svg.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target.closest(".areas path, .points g") : null;
      if (!target) return;
      if (target.id) this.mark(target.id);
      else this.say(target);
    });
    svg.addEventListener("dblclick", (event) => this.zoom(STEP, this.within(event)));
    frame.classList.add("held");
  }

  private key(event: KeyboardEvent): void {
    const way = KEYS[event.key];
    if (way) this.move(way[0] / 8, way[1] / 8);
    else if (event.key === "+" || event.key === "=") this.zoom(STEP);
    else if (event.key === "-") this.zoom(1 / STEP);
    else if (event.key === "0") this.show(this.whole);
    else return;
    event.preventDefault();
  }

  private drag(event: PointerEvent): void {
    const before = this.fingers.get(event.pointerId);
    const rect = this.svg?.getBoundingClientRect();
    if (!before || !rect?.width || !rect.height) return;
    const others = [...this.fingers.values()].filter((each) => each.pointerId !== event.pointerId);
    const other = others[0];
    if (other) {
      const apart = (each: PointerEvent): number =>
        Math.hypot(each.clientX - other.clientX, each.clientY - other.clientY) || 1;
      this.zoom(apart(event) / apart(before), this.within(event));
    } else if (event.pointerType === "mouse" || this.closer()) {
      this.move((before.clientX - event.clientX) / rect.width, (before.clientY - event.clientY) / rect.height);
    }
    this.fingers.set(event.pointerId, event);
    this.svg?.classList.toggle("closer", this.closer());
  }

  private closer(): boolean {
    return (this.seen?.width ?? this.whole.width) < this.whole.width;
  }

  private within(event: MouseEvent): [number, number] {
    const rect = this.svg?.getBoundingClientRect();
    if (!rect?.width || !rect.height) return [0.5, 0.5];
    return [(event.clientX - rect.left) / rect.width, (event.clientY - rect.top) / rect.height];
  }
}
