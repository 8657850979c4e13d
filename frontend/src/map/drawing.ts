/** What a layer of the map draws: it is given the features that are known now, and says what lies under a finger. */
import type { Geometry } from "geojson";
import type { ExpressionSpecification, Map as MapLibre, MapGeoJSONFeature } from "maplibre-gl";
import type { Box } from "./geometry";
import type { Class, Packed } from "./packed";

/** What lies under the pointer: a feature by its row, or several that are drawn together around a place. */
export interface Hit {
  row: number;
  count: number;
  at: [lon: number, lat: number];
  /** How far from there those lie that are drawn together, in degrees. */
  radius: number;
}

export interface Drawing {
  /** The layers of the style that can be pointed at. */
  readonly hits: string[];
  /** Which outlines it holds, for the server not to send them again. */
  readonly outlines?: string;
  /** The box of all features, and of those that are of more than the first class. */
  readonly bounds: Box | undefined;
  readonly telling: Box | undefined;
  show(packed: Packed): void;
  hitOf(feature: MapGeoJSONFeature): Hit | undefined;
  /** The outline of a feature, to be marked. */
  shapeOf(row: number): Geometry | undefined;
  /** The rows that are drawn together. */
  members(hit: Hit, most: number): number[];
  point(row: number | undefined): void;
  remove(): void;
}

/** The colour of a feature whose class is its property `c`. */
export function colourOf(legend: Class[], hidden: string): ExpressionSpecification | string {
  if (!legend.length) return hidden;
  return ["match", ["get", "c"], ...legend.flatMap((one) => [one.value, one.colour]), hidden] as unknown as ExpressionSpecification;
}

export function removeAll(map: MapLibre, layers: string[], sources: string[]): void {
  for (const id of layers) if (map.getLayer(id)) map.removeLayer(id);
  for (const id of sources) if (map.getSource(id)) map.removeSource(id);
}
