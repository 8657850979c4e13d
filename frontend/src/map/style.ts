/** The ground of the map, and in which order what is drawn lies on it. */
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";

/** The fonts of the machine, as in the pages' own style. */
export const FONTS = 'system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif';
export const GROUND = "#eef2f4";
export const NAMES_FROM_ZOOM = 10.2;

/** Whatever is drawn lies below one of these: areas, lines, names, points, and marks on top. */
export type Level = "areas" | "lines" | "names" | "points" | "marks";
const LEVELS: Level[] = ["areas", "lines", "names", "points", "marks"];

const level = (id: string): LayerSpecification => ({ id: `level-${id}`, type: "background", layout: { visibility: "none" } });

let letters: string[] | undefined;

/** A style of the province's own brings its own letters: names are written with those that it is known to have. */
export function lettersOf(style: StyleSpecification): void {
  const font = style.layers.map((layer) => (layer.layout as { "text-font"?: unknown } | undefined)?.["text-font"]).find(Array.isArray);
  if (style.glyphs && font?.every((one) => typeof one === "string")) letters = font as string[];
}

/** How names are written, in a layer of the style. */
export function written(): object {
  return letters ? { "text-font": letters } : {};
}

/** A plain ground, and no address of tiles or glyphs. */
export const ground: StyleSpecification = {
  version: 8,
  sources: {},
  layers: [{ id: "ground", type: "background", paint: { "background-color": GROUND } }, ...LEVELS.map(level)],
};

/** The layer below which something of a level is added, so that levels stay in order. */
export function below(level: Level): string {
  return `level-${level}`;
}
