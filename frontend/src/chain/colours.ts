/** Categories of nodes, each with a colour and a shape of its own, so that none is told by its colour alone. */
import { type Columns, ELSEWHERE, filled, type Words } from "./data";

export type Shape = "circle" | "square" | "triangle" | "diamond" | "drop" | "hexagon" | "bar" | "plus";

export interface Category {
  label: string;
  colour: string;
  shape: Shape;
  count: number;
}

/** Told apart with every common kind of colour blindness (Okabe & Ito), dark enough on white. */
const COLOURS = ["#0072b2", "#d55e00", "#007a5a", "#b0468c", "#8a6d00", "#e69f00", "#6b4fa0", "#333f48"];
const SHAPES: Shape[] = ["circle", "square", "triangle", "diamond", "drop", "hexagon", "bar", "plus"];
const OTHER = "#8793a1";
const MOST = 7;

function coded(
  columns: Columns,
  by: "status" | "commune" | "setting",
  words: Words,
): { labels: string[]; of: number[] } {
  const { values, of } = columns[by];
  const known: Record<string, string> = by === "commune" ? {} : words[by];
  return { labels: values.map((value) => known[value] || value || words.unknown), of };
}

/** The categories of a colouring, the most frequent first, and that of each node; -1 for a case elsewhere. */
export function categories(columns: Columns, by: string, words: Words): { of: Int8Array; list: Category[] } {
  const generation = by === "generation";
  const { labels, of } = generation
    ? { labels: [] as string[], of: columns.generation }
    : coded(columns, by as "status" | "commune" | "setting", words);
  const counts = new Map<number, number>();
  of.forEach((value, node) => {
    if (columns.kind[node] !== ELSEWHERE) counts.set(value, (counts.get(value) ?? 0) + 1);
  });
  const values = [...counts.keys()].sort((a, b) => (generation ? a - b : (counts.get(b) ?? 0) - (counts.get(a) ?? 0)));
  const shown = values.slice(0, values.length > MOST ? MOST : MOST + 1);
  const rest = values.slice(shown.length).reduce((sum, value) => sum + (counts.get(value) ?? 0), 0);
  const list: Category[] = shown.map((value, at) => ({
    label: generation ? filled(words.generation, { n: value }) : (labels[value] ?? words.unknown),
    colour: COLOURS[at] as string,
    shape: SHAPES[at] as Shape,
    count: counts.get(value) ?? 0,
  }));
  if (rest) {
    const label = generation ? filled(words.more, { n: shown.length }) : words.others;
    list.push({ label, colour: OTHER, shape: "plus", count: rest });
  }
  const place = new Map(shown.map((value, at) => [value, at]));
  const found = Int8Array.from(of, (value, node) =>
    columns.kind[node] === ELSEWHERE ? -1 : (place.get(value) ?? list.length - 1),
  );
  return { of: found, list };
}

/** Add one shape of a radius to the path under way. */
export function trace(path: CanvasRenderingContext2D, shape: Shape, x: number, y: number, r: number): void {
  const polygon = (points: [number, number][]): void => {
    points.forEach(([dx, dy], at) => (at ? path.lineTo(x + dx * r, y + dy * r) : path.moveTo(x + dx * r, y + dy * r)));
    path.closePath();
  };
  switch (shape) {
    case "circle":
      path.moveTo(x + r, y);
      path.arc(x, y, r, 0, 2 * Math.PI);
      return;
    case "square":
      path.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
      return;
    case "triangle":
      return polygon([[0, -1.15], [1.1, 0.85], [-1.1, 0.85]]);
    case "drop":
      return polygon([[0, 1.15], [1.1, -0.85], [-1.1, -0.85]]);
    case "diamond":
      return polygon([[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]]);
    case "hexagon":
      return polygon([[-1.1, 0], [-0.55, -1], [0.55, -1], [1.1, 0], [0.55, 1], [-0.55, 1]]);
    case "bar":
      path.rect(x - 0.55 * r, y - 1.2 * r, 1.1 * r, 2.4 * r);
      return;
    case "plus":
      path.rect(x - 1.1 * r, y - 0.4 * r, 2.2 * r, 0.8 * r);
      path.rect(x - 0.4 * r, y - 1.1 * r, 0.8 * r, 2.2 * r);
  }
}
