/** What is selected, drawn over all layers. */
import type { Geometry } from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { type Box, boundsOf } from "./geometry";

const SOURCE = "select";
const COLOUR = "#0d5c7d";

export class Outline {
  constructor(readonly map: MapLibre) {
    map.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features: [] }, tolerance: 0 });
    map.addLayer({ id: `${SOURCE}-fill`, type: "fill", source: SOURCE, paint: { "fill-color": COLOUR, "fill-opacity": 0.1 } });
    map.addLayer({
      id: `${SOURCE}-line`, type: "line", source: SOURCE,
      paint: { "line-color": COLOUR, "line-width": 3, "line-dasharray": [2, 1.5] },
    });
    map.addLayer({
      id: `${SOURCE}-point`, type: "circle", source: SOURCE, filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 14, "circle-color": "rgba(0, 0, 0, 0)", "circle-stroke-color": COLOUR, "circle-stroke-width": 3 },
    });
  }

  /** Draw it, or nothing. */
  show(shape?: Geometry): void {
    const features = shape ? [{ type: "Feature" as const, properties: {}, geometry: shape }] : [];
    this.map.getSource<GeoJSONSource>(SOURCE)?.setData({ type: "FeatureCollection", features });
    for (const part of ["fill", "line", "point"]) this.map.moveLayer(`${SOURCE}-${part}`);
  }

  /** Move the map there where it lies outside of what is seen; on a phone the panel hides the foot of the map. */
  frame(shape: Geometry, duration: number): void {
    const box = boundsOf([shape]) as Box | undefined;
    if (!box) return;
    // The panel has just taken its place beside the map.
    this.map.resize();
    const foot = hiddenFoot(this.map);
    const seen = this.map.getBounds();
    if (!foot && seen.contains([box[0], box[1]]) && seen.contains([box[2], box[3]])) return;
    this.map.fitBounds(box, { padding: { top: 48, left: 32, right: 32, bottom: 32 + foot }, maxZoom: 16, duration });
  }
}

/** How many pixels of the map lie behind the panel. */
export function hiddenFoot(map: MapLibre): number {
  const panel = document.getElementById("map-panel");
  if (!panel || panel.hidden || getComputedStyle(panel).position !== "absolute") return 0;
  return Math.max(0, map.getContainer().getBoundingClientRect().bottom - panel.getBoundingClientRect().top);
}
