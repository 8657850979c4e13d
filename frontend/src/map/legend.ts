/** The legend of a layer, as the panel and the picture show it. */
import type { Class, Packed } from "./packed";
import { drawBox, drawShape, drawStretch } from "./symbols";
import { number, type Words } from "./words";

export interface Line {
  text: string;
  count: number;
  sign: (ctx: CanvasRenderingContext2D, x: number, y: number) => void;
}

const HIDDEN = "#dfe3e8";

/** What the legend says: a line for each class, and one for what the reader may not see where there is such. */
export function linesOf(kind: string, packed: Packed, words: Words): Line[] {
  const counts = new Map<number, number>();
  for (const one of packed.classes) counts.set(one, (counts.get(one) ?? 0) + 1);
  const lines = packed.head.legend.map((one) => ({ text: [one.span, one.word].filter(Boolean).join(" "), count: counts.get(one.value) ?? 0, sign: signOf(kind, one) }));
  const hidden = counts.get(-1);
  if (hidden) lines.push({ text: words["hidden"] ?? "", count: hidden, sign: signOf(kind, { value: -1, word: "", span: "", colour: HIDDEN, shape: "circle" }) });
  return lines;
}

function signOf(kind: string, one: Class): Line["sign"] {
  return (ctx, x, y) => {
    if (kind === "area") drawBox(ctx, one.colour, x, y, 7);
    else if (kind === "line") drawStretch(ctx, one.colour, x, y, 8);
    else drawShape(ctx, one.shape, one.colour, x, y, 6);
  };
}

export function showLegend(list: HTMLElement, kind: string, packed: Packed, words: Words): void {
  list.replaceChildren(
    ...linesOf(kind, packed, words).map(({ text, count, sign }) => {
      const line = document.createElement("li");
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 40;
      canvas.className = "map-sign";
      canvas.setAttribute("aria-hidden", "true");
      const ctx = canvas.getContext("2d");
      ctx?.scale(2, 2);
      if (ctx) sign(ctx, 10, 10);
      const words = document.createElement("span");
      words.textContent = text;
      const total = document.createElement("span");
      total.className = "map-legend-count";
      total.textContent = number(count);
      line.append(canvas, words, total);
      return line;
    }),
  );
}
