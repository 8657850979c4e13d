/** How a class of points looks: a shape in its colour, and many of them together as a ring of their shares. */

const LINE = "#1c2b36";
/** Shares of a ring are drawn in twelfths: so few pictures serve for all rings. */
const PARTS = 12;

/** The outline of a shape around (0, 0) with about the area of a circle of `r`. */
function outline(ctx: CanvasRenderingContext2D, shape: string, r: number): void {
  const corners: Record<string, [number, number][]> = {
    square: [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]],
    diamond: [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]],
    triangle: [[0, -1.2], [1.15, 0.9], [-1.15, 0.9]],
    cross: [
      [-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4], [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4],
      [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4],
    ],
    star: Array.from({ length: 10 }, (_, i): [number, number] => {
      const away = i % 2 ? 0.55 : 1.25;
      return [away * Math.sin((i * Math.PI) / 5), -away * Math.cos((i * Math.PI) / 5)];
    }),
  };
  ctx.beginPath();
  const points = corners[shape];
  if (!points) ctx.arc(0, 0, r, 0, 2 * Math.PI);
  else for (const [x, y] of points) ctx.lineTo(x * r, y * r);
  ctx.closePath();
}

/** Draw a shape at (x, y). */
export function drawShape(ctx: CanvasRenderingContext2D, shape: string, colour: string, x: number, y: number, r: number): void {
  ctx.save();
  ctx.translate(x, y);
  outline(ctx, shape, r);
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.lineJoin = "round";
  ctx.lineWidth = 1;
  ctx.strokeStyle = LINE;
  ctx.stroke();
  ctx.restore();
}

/** Draw a box of an area, as in a legend. */
export function drawBox(ctx: CanvasRenderingContext2D, colour: string, x: number, y: number, r: number): void {
  ctx.save();
  ctx.fillStyle = colour;
  ctx.strokeStyle = "#7b8794";
  ctx.fillRect(x - r, y - r, 2 * r, 2 * r);
  ctx.strokeRect(x - r + 0.5, y - r + 0.5, 2 * r - 1, 2 * r - 1);
  ctx.restore();
}

/** Draw a stretch of a line. */
export function drawStretch(ctx: CanvasRenderingContext2D, colour: string, x: number, y: number, r: number): void {
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 3;
  ctx.beginPath();
  ctx.moveTo(x - r, y);
  ctx.lineTo(x + r, y);
  ctx.stroke();
  ctx.restore();
}

function canvasOf(size: number, ratio: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * ratio;
  const ctx = canvas.getContext("2d", { willReadFrequently: true });
  if (!ctx) throw new Error("no canvas");
  ctx.scale(ratio, ratio);
  return ctx;
}

export function shapeImage(shape: string, colour: string, ratio: number): ImageData {
  const ctx = canvasOf(20, ratio);
  drawShape(ctx, shape, colour, 10, 10, 6);
  return ctx.getImageData(0, 0, 20 * ratio, 20 * ratio);
}

/** Counts as twelfths of a ring; whatever is there has at least one. */
export function shares(counts: number[]): number[] {
  const all = counts.reduce((a, b) => a + b, 0);
  const parts = counts.map((n) => (n ? Math.max(1, Math.round((PARTS * n) / all)) : 0));
  const most = parts.indexOf(Math.max(...parts));
  parts[most] = (parts[most] ?? 0) + PARTS - parts.reduce((a, b) => a + b, 0);
  return parts;
}

/** The radius of a ring of so many, in pixels. */
export function ringRadius(count: number): number {
  return count < 10 ? 13 : count < 100 ? 16 : count < 1000 ? 20 : 24;
}

export function ringImage(parts: number[], colours: string[], radius: number, ratio: number): ImageData {
  const size = 2 * radius + 4;
  const ctx = canvasOf(size, ratio);
  ctx.translate(size / 2, size / 2);
  let from = -Math.PI / 2;
  parts.forEach((part, at) => {
    if (!part) return;
    const to = from + (2 * Math.PI * part) / PARTS;
    ctx.beginPath();
    ctx.moveTo(0, 0);
    ctx.arc(0, 0, radius, from, to);
    ctx.closePath();
    ctx.fillStyle = colours[at] ?? "#8a97a5";
    ctx.fill();
    from = to;
  });
  ctx.beginPath();
  ctx.arc(0, 0, radius, 0, 2 * Math.PI);
  ctx.lineWidth = 1;
  ctx.strokeStyle = LINE;
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(0, 0, radius * 0.68, 0, 2 * Math.PI);
  ctx.fillStyle = "rgba(255, 255, 255, 0.94)";
  ctx.fill();
  return ctx.getImageData(0, 0, size * ratio, size * ratio);
}
