/** The whole drawing as a picture, with its title, the day on which it was made, and the legend. */
import { filled, type Words, written } from "./data";
import { linesOf } from "./legend";
import { AXIS, paint, type Scene } from "./paint";

const WIDTH = 1_600;
const TALLEST = 12_000;
const HEAD = 64;
const LINE = 24;

/** Paint it; `subtitle` says what it was narrowed to, `today` is a day since 2020. */
export function pictureOf(scene: Scene, words: Words, subtitle: string, today: number): HTMLCanvasElement {
  const { layout } = scene;
  const lines = linesOf(scene, words);
  const perColumn = Math.ceil(lines.length / 3);
  const foot = perColumn * LINE + 24;
  const days = Math.max(1, layout.last - layout.first);
  const perRow = Math.min(22, Math.max(1.2, (TALLEST - HEAD - foot - AXIS) / Math.max(1, layout.rows)));
  const view = { x: 0, y: AXIS + 16, perDay: (WIDTH - 180) / days, perRow };
  view.x = 24 - layout.first * view.perDay;
  const drawn = Math.ceil(AXIS + 32 + layout.rows * perRow);
  const canvas = document.createElement("canvas");
  const ratio = drawn > 5_000 ? 1 : 2;
  canvas.width = WIDTH * ratio;
  canvas.height = (HEAD + drawn + foot) * ratio;
  const ctx = canvas.getContext("2d");
  if (!ctx) throw new Error("no canvas");
  ctx.scale(ratio, ratio);
  ctx.fillStyle = "#fff";
  ctx.fillRect(0, 0, WIDTH, HEAD + drawn + foot);
  ctx.fillStyle = "#1c2b36";
  ctx.textBaseline = "alphabetic";
  ctx.font = "600 22px system-ui, sans-serif";
  ctx.fillText(words.title, 24, 30);
  ctx.font = "14px system-ui, sans-serif";
  ctx.fillText(`${subtitle} · ${filled(words.drawn, { day: written(today) })}`, 24, 52);
  ctx.save();
  ctx.translate(0, HEAD);
  ctx.beginPath();
  ctx.rect(0, 0, WIDTH, drawn);
  ctx.clip();
  paint(ctx, { ...scene, selected: -1, pointed: -1, found: new Set() }, view, WIDTH, drawn);
  ctx.restore();
  lines.forEach(({ text, sign }, at) => {
    const x = 36 + Math.floor(at / perColumn) * 500;
    const y = HEAD + drawn + 18 + (at % perColumn) * LINE;
    sign(ctx, x, y);
    ctx.fillStyle = "#1c2b36";
    ctx.font = "14px system-ui, sans-serif";
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(text, x + 20, y);
  });
  return canvas;
}

/** Have the browser keep a picture under a name. */
export function keep(canvas: HTMLCanvasElement, name: string): void {
  canvas.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }, "image/png");
}
