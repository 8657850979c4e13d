/** The little geometry that the map needs. */
import type { Geometry, Point, Position } from "geojson";

export type Box = [west: number, south: number, east: number, north: number];

function positions(geometry: Geometry): Position[] {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(positions);
  if (geometry.type === "Point") return [geometry.coordinates];
  if (geometry.type === "LineString" || geometry.type === "MultiPoint") return geometry.coordinates;
  if (geometry.type === "Polygon") return geometry.coordinates[0] ?? [];
  if (geometry.type === "MultiLineString") return geometry.coordinates.flat();
  return geometry.coordinates.flatMap((rings) => rings[0] ?? []);
}

/** The box around points, in degrees; undefined if there is none. */
export function boxOf(points: Iterable<Position>): Box | undefined {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x = 0, y = 0] of points) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box[0] === Infinity ? undefined : box;
}

export function boundsOf(geometries: Geometry[]): Box | undefined {
  return boxOf(geometries.flatMap(positions));
}

export function joined(one: Box | undefined, other: Box | undefined): Box | undefined {
  if (!one || !other) return one ?? other;
  return [Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[2], other[2]), Math.max(one[3], other[3])];
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

/** Where the name of something is written: the centre of its largest part, the middle corner of a line. */
export function labelPoint(geometry: Geometry): Point {
  const rings =
    geometry.type === "Polygon" ? geometry.coordinates.slice(0, 1) : geometry.type === "MultiPolygon" ? geometry.coordinates.flatMap((p) => p.slice(0, 1)) : [];
  const centres = rings.map(centreOf);
  if (centres.length) return { type: "Point", coordinates: centres.reduce((a, b) => (Math.abs(b.area) > Math.abs(a.area) ? b : a)).at };
  const all = positions(geometry);
  return { type: "Point", coordinates: all[Math.floor(all.length / 2)] ?? [0, 0] };
}
