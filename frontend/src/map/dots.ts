/** Points: each as the shape of its class, many together as a ring of their classes. Only what is in view is drawn. */
import type { Feature, Geometry, Point } from "geojson";
import type { GeoJSONSource, LayerSpecification, Map as MapLibre, MapGeoJSONFeature } from "maplibre-gl";
import { type Drawing, type Hit, removeAll } from "./drawing";
import type { Box } from "./geometry";
import type { Packed } from "./packed";
import { type Group, Points } from "./points";
import { below, written } from "./style";
import { ringImage, ringRadius, shapeImage, shares } from "./symbols";

/** Pixels within which points are drawn together; where a layer asks for none, what would cover each other. */
const TOGETHER = 56;
const COVERED = 9;
const CLOSEST = 16;
/** Of the view, on each side, that is drawn beyond it. */
const MARGIN = 0.4;
const RATIO = 2;

export class Dots implements Drawing {
  readonly hits: string[];
  telling: Box | undefined;
  #points: Points | undefined;
  #packed: Packed | undefined;
  #groups: Group[] = [];
  #drawn: Box | undefined;
  #zoom = -1;
  readonly #layers: string[];
  readonly #moved = (): void => this.#draw(false);

  constructor(
    readonly map: MapLibre,
    readonly id: string,
    readonly hidden: string,
    readonly clustered: boolean,
  ) {
    this.hits = [`${id}-ring`, `${id}-dot`];
    this.#layers = [`${id}-dot`, `${id}-ring`];
    map.addSource(id, { type: "geojson", data: { type: "FeatureCollection", features: [] }, buffer: 32 });
    const icon = { "icon-image": ["get", "i"], "icon-allow-overlap": true, "icon-ignore-placement": true };
    const text = { ...written(), "text-field": ["get", "n"], "text-size": 12, "text-allow-overlap": true, "text-ignore-placement": true };
    const layers = [
      { id: `${id}-dot`, type: "symbol", source: id, filter: ["!", ["has", "n"]], layout: icon },
      { id: `${id}-ring`, type: "symbol", source: id, filter: ["has", "n"], layout: { ...icon, ...text }, paint: { "text-color": "#182433" } },
    ] as unknown as LayerSpecification[];
    for (const layer of layers) map.addLayer(layer, below("points"));
    map.on("move", this.#moved);
  }

  get bounds(): Box | undefined {
    return this.#points?.bounds;
  }

  show(packed: Packed): void {
    this.#packed = packed;
    this.#points = new Points(packed);
    this.telling = this.#points.bounds;
    this.#draw(true);
  }

  hitOf(feature: MapGeoJSONFeature): Hit | undefined {
    const group = this.#groups[Number(feature.id)];
    if (!group) return undefined;
    const radius = (360 * (this.clustered ? 1.6 * TOGETHER : COVERED)) / (512 * 2 ** this.#zoom);
    return { row: group.row, count: group.count, at: [group.lon, group.lat], radius };
  }

  shapeOf(row: number): Geometry | undefined {
    const coordinates = this.#packed?.placeOf(row);
    return coordinates && { type: "Point", coordinates };
  }

  members(hit: Hit, most: number): number[] {
    return hit.count === 1 ? [hit.row] : (this.#points?.near(...hit.at, hit.radius, most) ?? []);
  }

  point(): void {}

  remove(): void {
    this.map.off("move", this.#moved);
    removeAll(this.map, this.#layers, [this.id]);
  }

  /** Draw what is in view, where it is not drawn already. */
  #draw(anew: boolean): void {
    if (!this.#points || !this.#packed) return;
    const bounds = this.map.getBounds();
    const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const zoom = Math.min(Math.floor(this.map.getZoom()), CLOSEST);
    const drawn = this.#drawn;
    const inside = drawn && west >= drawn[0] && south >= drawn[1] && east <= drawn[2] && north <= drawn[3];
    if (!anew && inside && zoom === this.#zoom) return;
    const [wide, high] = [MARGIN * (east - west), MARGIN * (north - south)];
    this.#drawn = [west - wide, south - high, east + wide, north + high];
    this.#zoom = zoom;
    this.#groups = this.#points.groups(this.#drawn, zoom, this.clustered ? TOGETHER : COVERED);
    const features = this.#groups.map((group, id) => this.#feature(group, id));
    this.map.getSource<GeoJSONSource>(this.id)?.setData({ type: "FeatureCollection", features });
  }

  #feature(group: Group, id: number): Feature<Point> {
    const geometry: Point = { type: "Point", coordinates: [group.lon, group.lat] };
    const alone = group.count === 1 || !this.clustered;
    const properties = alone ? { i: this.#shape(group.row) } : { i: this.#ring(group), n: short(group.count) };
    return { type: "Feature", id, geometry, properties };
  }

  #shape(row: number): string {
    const drawn = this.#packed?.head.legend.find((one) => one.value === this.#packed?.classes[row]);
    const [shape, colour] = [drawn?.shape ?? "circle", drawn?.colour ?? this.hidden];
    const name = `shape|${shape}|${colour}`;
    if (!this.map.hasImage(name)) this.map.addImage(name, shapeImage(shape, colour, RATIO), { pixelRatio: RATIO });
    return name;
  }

  #ring(group: Group): string {
    const parts = shares(group.classes);
    const radius = ringRadius(group.count);
    const colours = [...(this.#packed?.head.legend.map((one) => one.colour) ?? []), this.hidden];
    const name = `ring|${radius}|${parts.join(",")}|${colours.join("")}`;
    if (!this.map.hasImage(name)) this.map.addImage(name, ringImage(parts, colours, radius, RATIO), { pixelRatio: RATIO });
    return name;
  }
}

/** A number in as few figures as fit into a ring. */
function short(count: number): string {
  return count < 10_000 ? String(count) : `${Math.round(count / 1000)}k`;
}
