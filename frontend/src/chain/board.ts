/** The canvas of the forest: moving, zooming, choosing with pointer, finger and keys, folding branches. */
import { categories, type Category } from "./colours";
import { type Axis, called, childrenOf, type Columns, daysOf, ELSEWHERE, filled, folded, type Words, written } from "./data";
import { type Layout, layOut } from "./layout";
import { across, AXIS, down, paint, radius, type Scene, type View } from "./paint";

const LEAST = 0.02;
const MOST = 80;
const MOVE = 60;
const NEAR = 12;

export class Board {
  readonly scene: Scene;
  readonly view: View = { x: 40, y: AXIS + 14, perDay: 20, perRow: 16 };
  private readonly ctx: CanvasRenderingContext2D;
  private children: number[][];
  private collapsed = new Set<number>();
  private readonly pointers = new Map<number, PointerEvent>();
  private moved = 0;
  private due = 0;
  /** Milliseconds that the last painting took. */
  took = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    columns: Columns,
    private readonly words: Words,
    private readonly axis: Axis,
    private colour: string,
    private readonly chosen: (node: number) => void,
    private readonly said: (text: string) => void,
  ) {
    this.ctx = canvas.getContext("2d") as CanvasRenderingContext2D;
    this.children = childrenOf(columns);
    const days = daysOf(columns, axis, this.children);
    const { of, list } = categories(columns, colour, words);
    this.scene = {
      columns, words, days, layout: this.laidOut(columns, days), category: of, categories: list,
      selected: -1, pointed: -1, found: new Set(),
    };
    new ResizeObserver(() => this.resized()).observe(canvas);
    this.listen();
    this.resized();
    this.whole();
  }

  private laidOut(columns: Columns, days: Float64Array): Layout {
    return layOut(columns.parent, this.children, days, this.collapsed);
  }

  private get width(): number {
    return this.canvas.clientWidth;
  }

  private get height(): number {
    return this.canvas.clientHeight;
  }

  private resized(): void {
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.max(1, Math.round(this.width * ratio));
    this.canvas.height = Math.max(1, Math.round(this.height * ratio));
    this.draw();
  }

  /** Paint with the next frame. */
  draw(): void {
    if (this.due) return;
    this.due = requestAnimationFrame(() => {
      this.due = 0;
      const began = performance.now();
      const ratio = this.canvas.width / Math.max(1, this.width);
      this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      paint(this.ctx, this.scene, this.view, this.width, this.height);
      this.took = performance.now() - began;
      this.canvas.dataset["took"] = this.took.toFixed(1);
    });
  }

  /** Show all days, and rows at a size at which nodes can be told apart; all of them where they fit. */
  whole(): void {
    const { layout } = this.scene;
    const days = Math.max(1, layout.last - layout.first);
    this.view.perDay = Math.min(MOST, Math.max(LEAST, (this.width - (this.width < 600 ? 90 : 160)) / days));
    this.view.perRow = Math.max(13, Math.min(26, (this.height - AXIS - 24) / Math.max(1, layout.rows)));
    this.view.x = 24 - layout.first * this.view.perDay;
    this.view.y = AXIS + 14;
    this.draw();
  }

  /** Show every row, however small. */
  overview(): void {
    this.whole();
    this.view.perRow = Math.min(26, (this.height - AXIS - 24) / Math.max(1, this.scene.layout.rows));
    this.draw();
  }

  zoom(factor: number, x = this.width / 2, y = this.height / 2): void {
    const { view } = this;
    const days = Math.min(MOST * 2, Math.max(LEAST, view.perDay * factor));
    const rows = Math.min(40, Math.max(0.2, view.perRow * factor));
    view.x = x - ((x - view.x) * days) / view.perDay;
    view.y = y - ((y - view.y) * rows) / view.perRow;
    view.perDay = days;
    view.perRow = rows;
    this.draw();
  }

  move(dx: number, dy: number): void {
    this.view.x += dx;
    this.view.y += dy;
    this.keepInSight();
    this.draw();
  }

  /** Some of the drawing always stays in view. */
  private keepInSight(): void {
    const { layout } = this.scene;
    const { view } = this;
    view.x = Math.min(this.width - 40 - layout.first * view.perDay, Math.max(40 - layout.last * view.perDay, view.x));
    view.y = Math.min(this.height - 40, Math.max(AXIS + 40 - layout.rows * view.perRow, view.y));
  }

  /** Draw other columns, with the eye, the choice and the folds where they were. */
  replace(columns: Columns): void {
    const place = new Map(columns.id.map((id, node) => [id, node]));
    const now = (node: number): number => place.get(this.scene.columns.id[node] || "-") ?? -1;
    const selected = now(this.scene.selected);
    this.collapsed = new Set([...this.collapsed].map(now).filter((node) => node >= 0));
    this.children = childrenOf(columns);
    const days = daysOf(columns, this.axis, this.children);
    const { of, list } = categories(columns, this.colour, this.words);
    Object.assign(this.scene, {
      columns, days, selected, layout: this.laidOut(columns, days), category: of, categories: list, pointed: -1, found: new Set(),
    });
    if (selected >= 0) {
      this.bringIntoView(selected);
      this.said(this.told(selected));
    }
    this.draw();
  }

  colourBy(colour: string): Category[] {
    this.colour = colour;
    const { of, list } = categories(this.scene.columns, colour, this.words);
    this.scene.category = of;
    this.scene.categories = list;
    this.draw();
    return list;
  }

  /** Fold a branch in, or out again. */
  fold(node: number): void {
    if (node < 0 || !this.children[node]?.length) return;
    const before = this.scene.layout.row[node] as number;
    if (!this.collapsed.delete(node)) this.collapsed.add(node);
    this.renew();
    // The branch stays where the eye is.
    this.view.y += (before - (this.scene.layout.row[node] as number)) * this.view.perRow;
    this.said(this.told(node));
  }

  /** Fold in every branch below the first case of each tree, or none. */
  foldAll(folded: boolean): void {
    this.collapsed.clear();
    if (folded) this.scene.columns.parent.forEach((above, node) => above < 0 && this.children[node]?.length && this.collapsed.add(node));
    this.renew();
    this.whole();
  }

  private renew(): void {
    this.scene.layout = this.laidOut(this.scene.columns, this.scene.days);
    if (this.scene.selected >= 0 && (this.scene.layout.row[this.scene.selected] as number) < 0) this.scene.selected = -1;
    this.draw();
  }

  /** Go to a node: what it is folded into is opened, and it comes into the middle. */
  goTo(node: number, open = true): void {
    let opened = false;
    for (let above = this.scene.columns.parent[node] ?? -1; above >= 0; above = this.scene.columns.parent[above] ?? -1) {
      opened = this.collapsed.delete(above) || opened;
    }
    if (opened) this.renew();
    this.view.perRow = Math.max(this.view.perRow, 14);
    this.view.perDay = Math.max(this.view.perDay, 8);
    this.view.x = this.width / 2 - (this.scene.days[node] as number) * this.view.perDay;
    this.view.y = this.height / 2 - (this.scene.layout.row[node] as number) * this.view.perRow;
    this.choose(node, open);
  }

  choose(node: number, open = true): void {
    this.scene.selected = node;
    if (node >= 0) {
      this.bringIntoView(node);
      this.said(this.told(node));
      if (open) this.chosen(node);
    }
    this.draw();
  }

  private bringIntoView(node: number): void {
    const x = across(this.view, this.scene.days[node] as number);
    const y = down(this.view, this.scene.layout.row[node] as number);
    if (x < 30) this.view.x += 30 - x;
    if (x > this.width - 90) this.view.x -= x - this.width + 90;
    if (y < AXIS + 20) this.view.y += AXIS + 20 - y;
    if (y > this.height - 20) this.view.y -= y - this.height + 20;
  }

  /** Nodes whose number or name holds the words, and the next of them behind `after`. */
  find(text: string, after: number): { count: number; node: number } {
    const words = folded(text).split(/\s+/).filter(Boolean);
    const { code, name, id } = this.scene.columns;
    const hits = words.length
      ? code.flatMap((_, node) => {
          const told = folded(`${code[node]} ${name[node]} ${id[node]}`);
          return words.every((word) => told.includes(word)) ? [node] : [];
        })
      : [];
    this.scene.found = new Set(hits);
    this.draw();
    return { count: hits.length, node: hits.find((node) => node > after) ?? hits[0] ?? -1 };
  }

  /** A node in words, for a reader of screens. */
  told(node: number): string {
    const { columns, words, days, layout } = this.scene;
    const name = called(columns, node, words);
    if (columns.kind[node] === ELSEWHERE) return name;
    const parent = columns.parent[node] ?? -1;
    const sure = columns.decided[node] ? words.hand : `${Math.round(100 * (columns.weight[node] ?? 0))}%`;
    const by = parent >= 0 ? `← ${called(columns, parent, words)} (${sure})` : words.nobody;
    const infected = filled(words.infected, { n: this.children[node]?.length ?? 0 });
    const folds = layout.folded[node] ? ` · ${filled(words.collapsed, { n: layout.folded[node] })}` : "";
    return `${name} · ${written(days[node] as number)} · ${by} · ${infected}${folds}`;
  }

  private at(event: { offsetX: number; offsetY: number }): number {
    const { layout, days } = this.scene;
    let best = -1;
    let least = Math.max(NEAR, radius(this.view) + 4) ** 2;
    for (let node = 0; node < days.length; node += 1) {
      const row = layout.row[node] as number;
      if (row < 0) continue;
      const dx = across(this.view, days[node] as number) - event.offsetX;
      const dy = down(this.view, row) - event.offsetY;
      const away = dx * dx + dy * dy;
      if (away < least) {
        least = away;
        best = node;
      }
    }
    return event.offsetY > AXIS ? best : -1;
  }

  private listen(): void {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.pointers.set(event.pointerId, event);
      this.moved = 0;
    });
    canvas.addEventListener("pointermove", (event) => this.pointerMoved(event));
    const up = (event: PointerEvent): void => {
      this.pointers.delete(event.pointerId);
      if (event.type === "pointerup" && this.moved < 6 && !this.pointers.size) this.choose(this.at(event));
    };
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
    canvas.addEventListener("dblclick", (event) => this.fold(this.at(event)));
    canvas.addEventListener(
      "wheel",
      (event) => {
        // A wheel alone scrolls the drawing; with Ctrl, or two fingers of a pad drawn apart, it zooms.
        event.preventDefault();
        if (event.ctrlKey || event.metaKey) this.zoom(Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY);
        else if (event.shiftKey) this.move(-event.deltaY, 0);
        else this.move(-event.deltaX, -event.deltaY);
      },
      { passive: false },
    );
    canvas.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey && this.pressed(event)) event.preventDefault();
    });
  }

  private pointerMoved(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      const pointed = this.at(event);
      if (pointed !== this.scene.pointed) {
        this.scene.pointed = pointed;
        this.canvas.title = pointed >= 0 ? this.told(pointed) : "";
        this.canvas.style.cursor = pointed >= 0 ? "pointer" : "grab";
        this.draw();
      }
      return;
    }
    const dx = event.offsetX - before.offsetX;
    const dy = event.offsetY - before.offsetY;
    const other = [...this.pointers.values()].find((pointer) => pointer.pointerId !== event.pointerId);
    if (other) {
      const apart = (one: PointerEvent): number => Math.hypot(one.offsetX - other.offsetX, one.offsetY - other.offsetY);
      this.zoom(apart(event) / Math.max(1, apart(before)), other.offsetX, other.offsetY);
    } else this.move(dx, dy);
    this.moved += Math.abs(dx) + Math.abs(dy);
    this.pointers.set(event.pointerId, event);
  }

  /** Keys: along the tree with the arrows, open with Enter, fold with the space bar, + and - zoom, Home shows all. */
  private pressed(event: KeyboardEvent): boolean {
    const { selected, columns } = this.scene;
    const shift = event.shiftKey;
    const go = (node: number | undefined): true => {
      if (node !== undefined && node >= 0) this.choose(node, false);
      return true;
    };
    switch (event.key) {
      case "ArrowLeft":
        if (shift || selected < 0) return this.move(MOVE, 0), true;
        return go(columns.parent[selected]);
      case "ArrowRight":
        if (shift) return this.move(-MOVE, 0), true;
        return go(selected < 0 ? this.inRowOrder()[0] : this.scene.layout.folded[selected] ? -1 : this.children[selected]?.[0]);
      case "ArrowUp":
      case "ArrowDown": {
        const by = event.key === "ArrowDown" ? 1 : -1;
        if (shift) return this.move(0, -by * MOVE), true;
        const order = this.inRowOrder();
        return go(selected < 0 ? order[0] : order[order.indexOf(selected) + by]);
      }
      case "Enter":
        if (selected >= 0) this.chosen(selected);
        return selected >= 0;
      case " ":
        this.fold(selected);
        return true;
      case "+":
      case "=":
        return this.zoom(1.25), true;
      case "-":
        return this.zoom(0.8), true;
      case "Home":
        return this.whole(), true;
      case "Escape":
        return this.choose(-1), true;
      default:
        return false;
    }
  }

  private inRowOrder(): number[] {
    const { row } = this.scene.layout;
    const shown = [...row.keys()].filter((node) => (row[node] as number) >= 0);
    return shown.sort((a, b) => (row[a] as number) - (row[b] as number) || (this.scene.days[a] as number) - (this.scene.days[b] as number));
  }
}
