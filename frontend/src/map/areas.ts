/** Areas and lines: fills by class, outlines (dashed where approximate), names at closer zoom. */
import type { Feature, FeatureCollection, Geometry, Point } from "geojson";
import type { GeoJSONSource, LayerSpecification, Map as MapLibre, MapGeoJSONFeature } from "maplibre-gl";
import { colourOf, type Drawing, type Hit, removeAll } from "./drawing";
import { type Box, boundsOf, labelPoint } from "./geometry";
import type { Class, Packed } from "./packed";
import { below, type Level, NAMES_FROM_ZOOM, written } from "./style";
import { shapeImage } from "./symbols";

const POINTED = ["boolean", ["feature-state", "pointed"], false];

export class Areas implements Drawing {
  readonly hits: string[];
  bounds: Box | undefined;
  telling: Box | undefined;
  /** All outlines that are held, and those of the features by their rows. */
  #held: (Geometry | undefined)[] = [];
  #shapes: (Geometry | undefined)[] = [];
  #outlines = "";
  #pointed: number | undefined;
  #layers: string[] = [];
  /** Where the name of an outline stands. */
  readonly #labels = new WeakMap<Geometry, Point>();
  readonly #names: string;

  constructor(
    readonly map: MapLibre,
    readonly id: string,
    readonly hidden: string,
    readonly level: Level,
    readonly opacity: number,
  ) {
    this.hits = [`${id}-fill`, `${id}-line`, `${id}-symbol`];
    this.#names = `${id}-names`;
    const empty: FeatureCollection = { type: "FeatureCollection", features: [] };
    // The outlines come simplified from the server: more of it would open gaps between neighbours.
    map.addSource(id, { type: "geojson", data: empty, tolerance: 0 });
    map.addSource(this.#names, { type: "geojson", data: empty });
  }

  /** Which outlines are held: the server need not send them again. */
  get outlines(): string {
    return this.#outlines;
  }

  show(packed: Packed): void {
    if (packed.has("shapes")) {
      this.#held = packed.texts("shapes").map((text) => (text ? (JSON.parse(text) as Geometry) : undefined));
      this.#outlines = packed.head.outlines ?? "";
      this.bounds = boundsOf(this.#held.filter((shape) => shape !== undefined));
    }
    this.#shapes = [...packed.outline].map((at) => this.#held[at]);
    this.point(undefined);
    const { classes, approximate, head } = packed;
    const features = this.#shapes.flatMap((geometry, row): Feature[] =>
      geometry ? [{ type: "Feature", id: row, geometry, properties: { c: classes[row], a: approximate?.[row] ?? 0, i: this.#image(head.legend, classes[row]) } }] : [],
    );
    const first = head.legend[0]?.value ?? 0;
    const boxFrom = (least: number): Box | undefined =>
      boundsOf(features.filter((one) => (one.properties?.["c"] as number) >= least).map((one) => one.geometry));
    // Where nothing is to be told, one's own areas: those of others have a class below the first.
    this.telling = boxFrom(first + 1) ?? boxFrom(first);
    this.map.getSource<GeoJSONSource>(this.id)?.setData({ type: "FeatureCollection", features });
    if (packed.has("names")) this.#write(packed, first);
    if (!this.#layers.length) this.#add();
    const colour = colourOf(head.legend, this.hidden);
    this.map.setPaintProperty(`${this.id}-fill`, "fill-color", colour);
    this.map.setPaintProperty(`${this.id}-line`, "line-color", colour);
  }

  hitOf(feature: MapGeoJSONFeature): Hit | undefined {
    const row = Number(feature.id);
    const shape = this.#shapes[row];
    return shape && { row, count: 1, at: labelPoint(shape).coordinates as [number, number], radius: 0 };
  }

  shapeOf(row: number): Geometry | undefined {
    return this.#shapes[row];
  }

  members(hit: Hit): number[] {
    return [hit.row];
  }

  point(row: number | undefined): void {
    if (row === this.#pointed) return;
    if (this.#pointed !== undefined) this.map.setFeatureState({ source: this.id, id: this.#pointed }, { pointed: false });
    if (row !== undefined) this.map.setFeatureState({ source: this.id, id: row }, { pointed: true });
    this.#pointed = row;
  }

  remove(): void {
    removeAll(this.map, this.#layers, [this.id, this.#names]);
  }

  /** Names, first of those that have most to tell: where there is no room for all, the others wait for a closer zoom. */
  #write(packed: Packed, first: number): void {
    const names = packed.texts("names");
    const features = this.#shapes.flatMap((shape, row): Feature<Point>[] => {
      const at = shape && (this.#labels.get(shape) ?? labelPoint(shape));
      if (!at) return [];
      this.#labels.set(shape, at);
      const value = packed.classes[row] ?? -1;
      return [{ type: "Feature", properties: { name: names[row], told: value > first, rank: -value }, geometry: at }];
    });
    this.map.getSource<GeoJSONSource>(this.#names)?.setData({ type: "FeatureCollection", features });
  }

  #image(legend: Class[], value: number | undefined): string {
    const drawn = legend.find((one) => one.value === value);
    const name = `shape|${drawn?.shape ?? "circle"}|${drawn?.colour ?? this.hidden}`;
    if (!this.map.hasImage(name)) this.map.addImage(name, shapeImage(drawn?.shape ?? "circle", drawn?.colour ?? this.hidden, 2), { pixelRatio: 2 });
    return name;
  }

  #add(): void {
    const { id } = this;
    const outline = { "line-color": "#74828c", "line-width": 0.7 };
    const area = ["==", ["geometry-type"], "Polygon"] as const;
    const layers = [
      { id: `${id}-fill`, type: "fill", source: id, filter: area, paint: { "fill-opacity": this.opacity } },
      { id: `${id}-outline`, type: "line", source: id, filter: ["all", area, ["==", ["get", "a"], 0]], paint: outline },
      { id: `${id}-about`, type: "line", source: id, filter: ["all", area, ["==", ["get", "a"], 1]], paint: { ...outline, "line-dasharray": [3, 2] } },
      { id: `${id}-line`, type: "line", source: id, filter: ["==", ["geometry-type"], "LineString"], layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-width": 3 } },
      { id: `${id}-pointed`, type: "line", source: id, paint: { "line-color": "#0d2f3f", "line-width": ["case", POINTED, 2.5, 0] } },
      { id: `${id}-symbol`, type: "symbol", source: id, filter: ["==", ["geometry-type"], "Point"], layout: { "icon-image": ["get", "i"], "icon-allow-overlap": true, "icon-ignore-placement": true } },
    ] as unknown as LayerSpecification[];
    for (const layer of layers) this.map.addLayer(layer, below(this.level));
    const names = {
      id: `${id}-name`,
      type: "symbol",
      source: this.#names,
      filter: ["any", [">=", ["zoom"], NAMES_FROM_ZOOM], ["get", "told"]],
      layout: { ...written(), "text-field": ["get", "name"], "text-size": ["interpolate", ["linear"], ["zoom"], 8, 11, 12, 13], "text-max-width": 7, "text-padding": 3, "symbol-sort-key": ["get", "rank"] },
      paint: { "text-color": "#182433", "text-halo-color": "rgba(255, 255, 255, 0.9)", "text-halo-width": 1.5 },
    } as unknown as LayerSpecification;
    this.map.addLayer(names, below("names"));
    this.#layers = [...layers, names].map((layer) => layer.id);
  }
}
