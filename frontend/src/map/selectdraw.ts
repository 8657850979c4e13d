/** Drawing an area on the map: a rectangle, a polygon or a circle, as it stands in an address (see lib/areas.py). */
import type { Map as MapLibre } from "maplibre-gl";
import type { Polygon, Position } from "geojson";

export type Tool = "rectangle" | "polygon" | "circle" | "commune";

const COLOUR = "#0d5c7d";
const LOOK = { fillColor: COLOUR, fillOpacity: 0.12, outlineColor: COLOUR, outlineWidth: 3 } as const;
const EARTH = 6_371_008.8;

function metres([lon1 = 0, lat1 = 0]: Position, [lon2 = 0, lat2 = 0]: Position): number {
  const radians = Math.PI / 180;
  const half =
    Math.sin(((lat2 - lat1) * radians) / 2) ** 2 +
    Math.cos(lat1 * radians) * Math.cos(lat2 * radians) * Math.sin(((lon2 - lon1) * radians) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(half));
}

function at([lon = 0, lat = 0]: Position): string {
  return `${lon.toFixed(6)},${lat.toFixed(6)}`;
}

/** The corners of a drawn polygon, without the last that repeats the first. */
function text(tool: Tool, shape: Polygon): string {
  const corners = (shape.coordinates[0] ?? []).slice(0, -1);
  const lons = corners.map(([lon = 0]) => lon);
  const lats = corners.map(([, lat = 0]) => lat);
  const [west, south, east, north] = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
  if (tool === "rectangle") return `box:${at([west, south])},${at([east, north])}`;
  if (tool === "polygon") return `ring:${corners.map(at).join(";")}`;
  const middle = [(west + east) / 2, (south + north) / 2];
  return `round:${at(middle)},${Math.round(metres(middle, [middle[0] ?? 0, north]))}`;
}

/** Let somebody draw, and give what they drew; undefined where they let go. `signal` ends it from elsewhere. */
export async function draw(map: MapLibre, tool: Exclude<Tool, "commune">, signal: AbortSignal): Promise<string | undefined> {
  // Half as large as the map itself: only who draws loads it.
  const [terra, { TerraDrawMapLibreGLAdapter }] = await Promise.all([
    import("terra-draw"),
    import("terra-draw-maplibre-gl-adapter"),
  ]);
  if (signal.aborted) return undefined;
  const mode = {
    rectangle: () => new terra.TerraDrawRectangleMode({ styles: LOOK, drawInteraction: "click-move-or-drag" }),
    circle: () => new terra.TerraDrawCircleMode({ styles: LOOK, drawInteraction: "click-move-or-drag" }),
    polygon: () => new terra.TerraDrawPolygonMode({ styles: LOOK }),
  }[tool]();
  const drawing = new terra.TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map, prefixId: "select-draw" }),
    modes: [mode],
  });
  drawing.start();
  drawing.setMode(tool);
  const zooms = map.doubleClickZoom.isEnabled();
  map.doubleClickZoom.disable();
  return new Promise((resolve) => {
    const end = (drawn?: string): void => {
      drawing.stop();
      if (zooms) map.doubleClickZoom.enable();
      resolve(drawn);
    };
    drawing.on("finish", (id) => {
      const shape = drawing.getSnapshotFeature(id)?.geometry;
      // The library is in the middle of its own work yet.
      setTimeout(() => end(shape?.type === "Polygon" ? text(tool, shape) : undefined));
    });
    signal.addEventListener("abort", () => end(), { once: true });
  });
}

/** Let somebody press a point. */
export function press(map: MapLibre, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const pressed = (event: { lngLat: { lng: number; lat: number } }): void => end(`at:${at([event.lngLat.lng, event.lngLat.lat])}`);
    const end = (point?: string): void => {
      map.off("click", pressed);
      resolve(point);
    };
    map.on("click", pressed);
    signal.addEventListener("abort", () => end(), { once: true });
  });
}
