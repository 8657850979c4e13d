/** How communes are drawn. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

export const COMMUNES = "communes";
export const LABELS = "labels";
export const FILL = "fill";
/** The fonts of the machine, as in the pages' own style. */
export const FONTS = 'system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif';
const NAMES_FROM_ZOOM = 10.2;

/** A plain ground, and no address of tiles or glyphs. */
export const ground: StyleSpecification = {
  version: 8,
  sources: {},
  layers: [{ id: "ground", type: "background", paint: { "background-color": "#eef2f4" } }],
};

function colour(colours: string[], hidden: string): ExpressionSpecification {
  const [first = hidden, ...others] = colours;
  const steps = others.flatMap((next, index) => [index + 1, next]);
  const byLevel = steps.length
    ? (["step", ["get", "level"], first, ...steps] as unknown as ExpressionSpecification)
    : first;
  return ["case", ["==", ["get", "level"], null], hidden, byLevel] as ExpressionSpecification;
}

/** Fill by level, outlines (dashed where approximate), the commune pointed at, names at closer zoom. */
export function layers(colours: string[], hidden: string): LayerSpecification[] {
  const outline = { "line-color": "#74828c", "line-width": 0.7 };
  const pointedAt: ExpressionSpecification = ["boolean", ["feature-state", "pointed"], false];
  return [
    { id: FILL, type: "fill", source: COMMUNES, paint: { "fill-color": colour(colours, hidden) } },
    { id: "outline", type: "line", source: COMMUNES, filter: ["!", ["to-boolean", ["get", "approximate"]]], paint: outline },
    {
      id: "outline-approximate",
      type: "line",
      source: COMMUNES,
      filter: ["to-boolean", ["get", "approximate"]],
      paint: { ...outline, "line-dasharray": [3, 2] },
    },
    {
      id: "pointed",
      type: "line",
      source: COMMUNES,
      paint: { "line-color": "#0d2f3f", "line-width": ["case", pointedAt, 2.5, 0] },
    },
    {
      id: "names",
      type: "symbol",
      source: LABELS,
      minzoom: NAMES_FROM_ZOOM,
      layout: { "text-field": ["get", "name"], "text-size": 12, "text-max-width": 7, "text-padding": 4 },
      paint: { "text-color": "#182433", "text-halo-color": "rgba(255, 255, 255, 0.9)", "text-halo-width": 1.5 },
    },
  ];
}
