/** Communes as GeoJSON, and the little geometry that the map needs of them. */
import type { Feature, FeatureCollection, MultiPolygon, Point, Polygon, Position } from "geojson";

/** `count`, `rate`, `level` and `url` are null where the reader may not see the numbers. */
export interface Commune {
  code: string;
  name: string;
  /** The whole sentence for who points at it; where it is missing, the name and the count stand for it. */
  label?: string;
  count: number | null;
  rate: number | null;
  level: number | null;
  url: string | null;
  approximate: boolean;
}

export type Communes = FeatureCollection<Polygon | MultiPolygon, Commune>;
type Box = [west: number, south: number, east: number, north: number];

function outerRings(feature: Feature<Polygon | MultiPolygon>): Position[][] {
  const { geometry } = feature;
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons.flatMap((rings) => rings.slice(0, 1));
}

/** The box around the features, in degrees; undefined if there is none. */
export function boundsOf(features: Feature<Polygon | MultiPolygon>[]): Box | undefined {
  const points = features.flatMap(outerRings).flat();
  if (!points.length) return undefined;
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x = 0, y = 0] of points) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

/** Twice the area of a closed ring, signed, and its centre of mass. */
function centreOf(ring: Position[]): { area: number; at: Position } {
  const [x0 = 0, y0 = 0] = ring[0] ?? [];
  let [area, x, y] = [0, 0, 0];
  for (let i = 1; i < ring.length; i++) {
    const [ax = 0, ay = 0] = ring[i - 1] ?? [];
    const [bx = 0, by = 0] = ring[i] ?? [];
    const cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
    area += cross;
    x += (ax + bx - 2 * x0) * cross;
    y += (ay + by - 2 * y0) * cross;
  }
  return { area, at: area ? [x0 + x / (3 * area), y0 + y / (3 * area)] : [x0, y0] };
}

/** One point for the name of each commune: the centre of its largest part. */
export function labelPoints(communes: Communes): FeatureCollection<Point, Pick<Commune, "name">> {
  const features = communes.features.map((feature): Feature<Point, Pick<Commune, "name">> => {
    const centres = outerRings(feature).map(centreOf);
    const largest = centres.reduce((a, b) => (Math.abs(b.area) > Math.abs(a.area) ? b : a));
    const { name } = feature.properties;
    return { type: "Feature", properties: { name }, geometry: { type: "Point", coordinates: largest.at } };
  });
  return { type: "FeatureCollection", features };
}
