/** Painting the forest on a canvas: days across, rows down, only what lies in view. */
import { type Category, trace } from "./colours";
import { BEYOND, called, type Columns, ELSEWHERE, type Words, written } from "./data";
import type { Layout } from "./layout";

/** Where day and row 0 stand, in pixels, and how many pixels a day and a row take. */
export interface View {
  x: number;
  y: number;
  perDay: number;
  perRow: number;
}

export interface Scene {
  columns: Columns;
  words: Words;
  layout: Layout;
  days: Float64Array;
  category: Int8Array;
  categories: Category[];
  selected: number;
  pointed: number;
  found: Set<number>;
}

export const AXIS = 28;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const INK = "#1c2b36";
const FAINT = "#e3e8ed";
const EDGE = "#7d8b99";
const STEPS = [1, 2, 7, 14, 28, 91, 182, 365];

export const across = (view: View, day: number): number => view.x + day * view.perDay;
export const down = (view: View, row: number): number => view.y + row * view.perRow;

export function radius(view: View): number {
  return Math.max(1.6, Math.min(6, view.perRow * 0.34));
}

/** Lines of days behind everything, and their dates at the top. */
function paintAxis(ctx: CanvasRenderingContext2D, scene: Scene, view: View, width: number, height: number): void {
  const step = STEPS.find((days) => days * view.perDay >= 64) ?? 365;
  const first = Math.floor(-view.x / view.perDay / step) * step;
  ctx.fillStyle = "#fff";
  ctx.fillRect(0, 0, width, AXIS);
  ctx.lineWidth = 1;
  ctx.strokeStyle = FAINT;
  ctx.fillStyle = INK;
  ctx.font = `12px ${FONT}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  const year = step >= 91 || scene.layout.last - scene.layout.first > 300;
  for (let day = first; across(view, day) < width; day += step) {
    const x = Math.round(across(view, day)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(x, 0);
    ctx.lineTo(x, height);
    ctx.stroke();
    ctx.fillText(written(day, year), x + 4, AXIS / 2);
  }
  ctx.strokeStyle = EDGE;
  ctx.beginPath();
  ctx.moveTo(0, AXIS - 0.5);
  ctx.lineTo(width, AXIS - 0.5);
  ctx.stroke();
}

/** From each infector down, and across to the one infected: solid, broken where less sure, heavy where decided. */
function paintEdges(ctx: CanvasRenderingContext2D, scene: Scene, view: View, width: number, height: number): void {
  const { columns, layout, days } = scene;
  const ways: [test: (node: number) => boolean, dash: number[], thick: number, colour: string][] = [
    [(node) => !columns.decided[node] && (columns.weight[node] ?? 0) >= 0.5, [], 1.2, EDGE],
    [(node) => !columns.decided[node] && (columns.weight[node] ?? 0) < 0.5, [4, 3], 1.1, EDGE],
    [(node) => Boolean(columns.decided[node]), [], 2.2, INK],
  ];
  for (const [test, dash, thick, colour] of ways) {
    ctx.beginPath();
    ctx.setLineDash(dash);
    ctx.lineWidth = view.perRow < 4 ? thick / 2 : thick;
    // Where thousands lie close together the lines step back behind the nodes.
    ctx.globalAlpha = view.perRow < 3 ? 0.35 : 1;
    ctx.strokeStyle = colour;
    columns.parent.forEach((parent, node) => {
      if (parent < 0 || (layout.row[node] as number) < 0 || !test(node)) return;
      const x = across(view, days[node] as number);
      const y = down(view, layout.row[node] as number);
      const fromX = across(view, days[parent] as number);
      const fromY = down(view, layout.row[parent] as number);
      if (Math.max(y, fromY) < 0 || Math.min(y, fromY) > height || Math.max(x, fromX) < 0 || Math.min(x, fromX) > width) return;
      // One who fell ill the same day or before is reached past the infector, so that the line is seen.
      const turn = x > fromX ? fromX : fromX + Math.min(8, view.perDay * 0.4);
      ctx.moveTo(fromX, fromY);
      if (turn !== fromX) ctx.lineTo(turn, fromY);
      ctx.lineTo(turn, y);
      ctx.lineTo(x, y);
    });
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  paintAlso(ctx, scene, view);
  ctx.setLineDash([]);
}

/** Further infectors that somebody named: dotted, straight from one to the other. */
function paintAlso(ctx: CanvasRenderingContext2D, scene: Scene, view: View): void {
  const { columns, layout, days } = scene;
  ctx.beginPath();
  ctx.setLineDash([1, 4]);
  ctx.lineWidth = 1.4;
  ctx.strokeStyle = INK;
  for (const [infectee, infector] of columns.also) {
    if ((layout.row[infectee] as number) < 0 || (layout.row[infector] as number) < 0) continue;
    ctx.moveTo(across(view, days[infector] as number), down(view, layout.row[infector] as number));
    ctx.lineTo(across(view, days[infectee] as number), down(view, layout.row[infectee] as number));
  }
  ctx.stroke();
}

function visible(scene: Scene, view: View, width: number, height: number): number[] {
  const { layout, days } = scene;
  const shown: number[] = [];
  for (let node = 0; node < days.length; node += 1) {
    const row = layout.row[node] as number;
    if (row < 0) continue;
    const y = down(view, row);
    const x = across(view, days[node] as number);
    if (y > AXIS - 8 && y < height + 8 && x > -80 && x < width + 8) shown.push(node);
  }
  return shown;
}

function paintNodes(ctx: CanvasRenderingContext2D, scene: Scene, view: View, shown: number[]): void {
  const { columns, layout, days } = scene;
  const r = radius(view);
  const at = (node: number): [number, number] => [across(view, days[node] as number), down(view, layout.row[node] as number)];
  scene.categories.forEach((category, number) => {
    for (const beyond of [false, true]) {
      ctx.beginPath();
      for (const node of shown) {
        if (scene.category[node] === number && (columns.kind[node] === BEYOND) === beyond) trace(ctx, category.shape, ...at(node), r);
      }
      ctx.fillStyle = beyond ? "#fff" : category.colour;
      ctx.fill();
      ctx.lineWidth = beyond ? 1.6 : 1;
      ctx.strokeStyle = beyond ? category.colour : "#fff";
      if (beyond || r > 2.5) ctx.stroke();
    }
  });
  ctx.fillStyle = "#fff";
  ctx.strokeStyle = EDGE;
  ctx.lineWidth = 1.4;
  ctx.beginPath();
  for (const node of shown) if (columns.kind[node] === ELSEWHERE) trace(ctx, "circle", ...at(node), r);
  ctx.fill();
  ctx.stroke();
  paintMarks(ctx, scene, shown, at, r);
}

/** Rings around what is selected, pointed at or found, and the number of those folded in. */
function paintMarks(
  ctx: CanvasRenderingContext2D, scene: Scene, shown: number[], at: (node: number) => [number, number], r: number,
): void {
  for (const node of shown) {
    const [x, y] = at(node);
    if (scene.found.has(node) || node === scene.selected || node === scene.pointed) {
      ctx.beginPath();
      ctx.arc(x, y, r + 4, 0, 2 * Math.PI);
      ctx.lineWidth = node === scene.selected ? 3 : 2;
      ctx.strokeStyle = node === scene.selected ? INK : "#e8a200";
      ctx.stroke();
    }
    if (scene.columns.kind[node] === ELSEWHERE && r > 3) {
      ctx.fillStyle = INK;
      ctx.font = `bold ${Math.round(r * 1.7)}px ${FONT}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText("?", x, y + 0.5);
    }
  }
}

/** Names where there is room for them: between a node and what follows it in its row. */
function paintLabels(ctx: CanvasRenderingContext2D, scene: Scene, view: View, shown: number[]): void {
  const { columns, layout, days, words } = scene;
  const r = radius(view);
  const size = Math.min(12, Math.max(9, view.perRow * 0.62));
  ctx.font = `${size}px ${FONT}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 3;
  ctx.strokeStyle = "rgb(255 255 255 / 85%)";
  const next = new Map<number, number>();
  for (const node of [...shown].sort((a, b) => (days[b] as number) - (days[a] as number))) {
    const row = layout.row[node] as number;
    const x = across(view, days[node] as number) + r + 3;
    const y = down(view, row);
    const folds = layout.folded[node] ? ` +${layout.folded[node]}` : "";
    let text = (view.perRow >= 12 ? called(columns, node, words) : "") + folds;
    const room = (next.get(row) ?? Infinity) - x - r - 4;
    next.set(row, x - r - 3);
    if (folds && ctx.measureText(text).width > room) text = folds.trim();
    if (!text || ctx.measureText(text).width > room) continue;
    const above = columns.parent.length > 1 && room < Infinity ? y - r - 1 : y;
    ctx.strokeText(text, x, above);
    ctx.fillStyle = folds ? "#0b5c7d" : INK;
    ctx.fillText(text, x, above);
  }
}

/** Paint everything that lies in view, on a ground of white. */
export function paint(ctx: CanvasRenderingContext2D, scene: Scene, view: View, width: number, height: number): void {
  ctx.fillStyle = "#fff";
  ctx.fillRect(0, 0, width, height);
  const shown = visible(scene, view, width, height);
  paintAxis(ctx, scene, view, width, height);
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, AXIS, width, height - AXIS);
  ctx.clip();
  paintEdges(ctx, scene, view, width, height);
  paintNodes(ctx, scene, view, shown);
  if (view.perRow >= 9) paintLabels(ctx, scene, view, shown);
  ctx.restore();
}
