/** Many points: where each stands, and which are drawn together at a zoom. Reads typed arrays; no index is needed. */
import { NOWHERE, type Packed } from "./packed";
import type { Box } from "./geometry";

const TILE = 512;
const MICRO = 1e6;
/** A number larger than any column or row of cells. */
const WIDE = 2 ** 26;

export interface Group {
  lon: number;
  lat: number;
  count: number;
  /** One of its features; the only one where `count` is 1. */
  row: number;
  /** How many of each class, by the place of the class in the legend; the last are of none. */
  classes: number[];
}
interface Cell {
  x: number;
  y: number;
  count: number;
  row: number;
  classes: number[];
}

/** Web Mercator: the world is a square of side 1, y growing to the south. */
const toX = (lon: number): number => lon / 360 + 0.5;
const toY = (lat: number): number => {
  const sin = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
};
const toLon = (x: number): number => (x - 0.5) * 360;
const toLat = (y: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;

export class Points {
  readonly #xs: Float64Array;
  readonly #ys: Float64Array;
  readonly #rows: Uint32Array;
  readonly #slots: Uint8Array;
  readonly #slotCount: number;
  readonly bounds: Box | undefined;

  constructor(packed: Packed) {
    const { places, classes } = packed;
    const slots = new Map(packed.head.legend.map((one, slot) => [one.value, slot]));
    this.#slotCount = slots.size + 1;
    this.#xs = new Float64Array(classes.length);
    this.#ys = new Float64Array(classes.length);
    this.#rows = new Uint32Array(classes.length);
    this.#slots = new Uint8Array(classes.length);
    let known = 0;
    const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let row = 0; row < classes.length; row++) {
      const [whole = NOWHERE, other = NOWHERE] = [places[2 * row], places[2 * row + 1]];
      if (whole === NOWHERE) continue;
      const [lon, lat] = [whole / MICRO, other / MICRO];
      this.#xs[known] = toX(lon);
      this.#ys[known] = toY(lat);
      this.#rows[known] = row;
      this.#slots[known] = slots.get(classes[row] ?? -1) ?? slots.size;
      known++;
      if (lon < box[0]) box[0] = lon;
      if (lat < box[1]) box[1] = lat;
      if (lon > box[2]) box[2] = lon;
      if (lat > box[3]) box[3] = lat;
    }
    this.#rows = this.#rows.subarray(0, known);
    this.bounds = known ? box : undefined;
  }

  get count(): number {
    return this.#rows.length;
  }

  /**
   * The points in a box (degrees) at a whole zoom, those within about `size` pixels of each other together. Cells lie
   * fixed on the world, so that what is drawn together does not change as the map is moved.
   */
  groups([west, south, east, north]: Box, zoom: number, size: number): Group[] {
    const scale = (TILE * 2 ** zoom) / size;
    const [left, right, top, bottom] = [toX(west), toX(east), toY(north), toY(south)];
    const cells = new Map<number, Cell>();
    for (let at = 0; at < this.#rows.length; at++) {
      const x = this.#xs[at] as number;
      const y = this.#ys[at] as number;
      if (x < left || x > right || y < top || y > bottom) continue;
      const key = Math.floor(x * scale) * WIDE + Math.floor(y * scale);
      let cell = cells.get(key);
      if (!cell) {
        cell = { x: 0, y: 0, count: 0, row: this.#rows[at] as number, classes: new Array<number>(this.#slotCount).fill(0) };
        cells.set(key, cell);
      }
      cell.x += x;
      cell.y += y;
      cell.count++;
      cell.classes[this.#slots[at] as number]!++;
    }
    return together(cells, scale).map(({ x, y, count, row, classes }) => ({ lon: toLon(x / count), lat: toLat(y / count), count, row, classes }));
  }

  /** Rows within the radius (degrees of longitude) of a place, at most `most`. */
  near(lon: number, lat: number, radius: number, most: number): number[] {
    const [x, y, far] = [toX(lon), toY(lat), radius / 360];
    const found: number[] = [];
    for (let at = 0; at < this.#rows.length && found.length < most; at++) {
      const [dx, dy] = [(this.#xs[at] as number) - x, (this.#ys[at] as number) - y];
      if (dx * dx + dy * dy <= far * far) found.push(this.#rows[at] as number);
    }
    return found;
  }
}

/** Cells whose centres nearly touch across a border become one; the larger takes the smaller. */
function together(cells: Map<number, Cell>, scale: number): Cell[] {
  const near = (0.75 / scale) ** 2;
  const order = [...cells].sort(([, a], [, b]) => b.count - a.count);
  for (const [key, cell] of order) {
    if (cells.get(key) !== cell) continue;
    for (const step of [WIDE, -WIDE, 1, -1, WIDE + 1, WIDE - 1, 1 - WIDE, -1 - WIDE]) {
      const other = cells.get(key + step);
      if (!other || other.count > cell.count) continue;
      const [dx, dy] = [cell.x / cell.count - other.x / other.count, cell.y / cell.count - other.y / other.count];
      if (dx * dx + dy * dy > near) continue;
      cell.x += other.x;
      cell.y += other.y;
      cell.count += other.count;
      other.classes.forEach((n, slot) => (cell.classes[slot] = (cell.classes[slot] ?? 0) + n));
      cells.delete(key + step);
    }
  }
  return [...cells.values()];
}
