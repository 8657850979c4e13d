/** What is selected, marked on top of all layers. */
import type { Geometry } from "geojson";
import type { GeoJSONSource, LayerSpecification, Map as MapLibre } from "maplibre-gl";
import { below } from "./style";

const SOURCE = "marks";
const COLOUR = "#0d2f3f";

export class Marks {
  constructor(readonly map: MapLibre) {
    map.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features: [] }, tolerance: 0 });
    const layers = [
      { id: "marks-halo", type: "line", source: SOURCE, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": "#fff", "line-width": 6 } },
      { id: "marks-line", type: "line", source: SOURCE, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": COLOUR, "line-width": 3 } },
      {
        id: "marks-point", type: "circle", source: SOURCE, filter: ["==", ["geometry-type"], "Point"],
        paint: { "circle-radius": 14, "circle-opacity": 0, "circle-stroke-color": COLOUR, "circle-stroke-width": 3 },
      },
    ] as unknown as LayerSpecification[];
    for (const layer of layers) map.addLayer(layer, below("marks"));
  }

  show(shape: Geometry | undefined): void {
    const features = shape ? [{ type: "Feature" as const, properties: {}, geometry: shape }] : [];
    this.map.getSource<GeoJSONSource>(SOURCE)?.setData({ type: "FeatureCollection", features });
  }
}
