/**
 * The map for others that work on it: `map:ready` is sent on #map, with the map in its `detail`, once it can be drawn on.
 * Who comes later is given it at once.
 */
import type { Map as MapLibre } from "maplibre-gl";

let tell: (map: MapLibre) => void;
const ready = new Promise<MapLibre>((resolve) => (tell = resolve));

/** The map of the page, once it can be drawn on. */
export function whenReady(): Promise<MapLibre> {
  return ready;
}

export function isReady(element: HTMLElement, map: MapLibre): void {
  tell(map);
  element.dispatchEvent(new CustomEvent("map:ready", { bubbles: true, detail: map }));
}

/** While something else is drawn on the map, presses on it select nothing. */
export const presses = { held: false };
