/** What colours, shapes and lines mean, beside the drawing and on its picture. */
import { type Category, trace } from "./colours";
import { BEYOND, ELSEWHERE, type Words } from "./data";
import type { Scene } from "./paint";

export interface Line {
  text: string;
  /** Paint the sign with its middle at x, y. */
  sign: (ctx: CanvasRenderingContext2D, x: number, y: number) => void;
}

const EDGE = "#7d8b99";
const INK = "#1c2b36";

function node(category: Pick<Category, "colour" | "shape">, hollow = false): Line["sign"] {
  return (ctx, x, y) => {
    ctx.beginPath();
    trace(ctx, category.shape, x, y, 6);
    ctx.fillStyle = hollow ? "#fff" : category.colour;
    ctx.fill();
    ctx.lineWidth = 1.6;
    ctx.strokeStyle = category.colour;
    if (hollow) ctx.stroke();
  };
}

function edge(dash: number[], width: number, colour: string): Line["sign"] {
  return (ctx, x, y) => {
    ctx.beginPath();
    ctx.setLineDash(dash);
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.moveTo(x - 10, y);
    ctx.lineTo(x + 10, y);
    ctx.stroke();
    ctx.setLineDash([]);
  };
}

/** The lines of the legend of what is on the drawing. */
export function linesOf(scene: Scene, words: Words): Line[] {
  const { kind, decided } = scene.columns;
  const lines: Line[] = scene.categories.map((category) => ({ text: `${category.label} (${category.count})`, sign: node(category) }));
  if (kind.includes(BEYOND)) lines.push({ text: words.beyond, sign: node({ colour: EDGE, shape: "circle" }, true) });
  if (kind.includes(ELSEWHERE)) {
    lines.push({
      text: words.elsewhere,
      sign: (ctx, x, y) => {
        node({ colour: EDGE, shape: "circle" }, true)(ctx, x, y);
        ctx.fillStyle = INK;
        ctx.font = "bold 10px sans-serif";
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillText("?", x, y + 0.5);
      },
    });
  }
  lines.push({ text: words.solid, sign: edge([], 1.4, EDGE) }, { text: words.dashed, sign: edge([4, 3], 1.4, EDGE) });
  if (decided.some(Boolean)) lines.push({ text: words.hand, sign: edge([], 2.6, INK) });
  if (scene.columns.also.length) lines.push({ text: words.also, sign: edge([1, 4], 1.4, INK) });
  return lines;
}

/** Put the legend into an element, each sign painted on a small canvas of its own. */
export function showLegend(element: HTMLElement, scene: Scene, words: Words): void {
  element.replaceChildren(
    ...linesOf(scene, words).map(({ text, sign }) => {
      const item = document.createElement("li");
      const canvas = document.createElement("canvas");
      const ratio = devicePixelRatio || 1;
      canvas.width = 24 * ratio;
      canvas.height = 18 * ratio;
      canvas.className = "chain-sign";
      const ctx = canvas.getContext("2d");
      if (ctx) {
        ctx.scale(ratio, ratio);
        sign(ctx, 12, 9);
      }
      item.append(canvas, text);
      return item;
    }),
  );
}
