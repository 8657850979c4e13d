/** A ground of streets under the map, where the province has named one. Where it cannot be reached, the map stands without. */
import type { LayerSpecification, Map as MapLibre, StyleSpecification } from "maplibre-gl";
import { remember } from "./address";
import { ground, lettersOf } from "./style";
import type { Words } from "./words";

interface Named {
  style: string;
  tiles: string;
  credit: string;
}

/** The layers that are the ground, and whether a style of the province's own was loaded. */
export interface Ground {
  style: StyleSpecification;
  layers: string[];
  credit: string;
  failed: boolean;
}

function named(element: HTMLElement): Named | undefined {
  return element.dataset["ground"] ? (JSON.parse(element.dataset["ground"]) as Named) : undefined;
}

/** The style with which the map begins: our plain ground, what the province has named above it, our own levels on top. */
export async function groundOf(element: HTMLElement): Promise<Ground> {
  const asked = named(element);
  if (!asked) return { style: ground, layers: [], credit: "", failed: false };
  const [plain, ...levels] = ground.layers;
  const { credit } = asked;
  if (asked.tiles) {
    const layer: LayerSpecification = { id: "basemap", type: "raster", source: "basemap" };
    const sources = { basemap: { type: "raster" as const, tiles: [new URL(asked.tiles.replaceAll("{", "%7B").replaceAll("}", "%7D"), location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}")], tileSize: 256, attribution: credit } };
    return { style: { ...ground, sources, layers: [plain as LayerSpecification, layer, ...levels] }, layers: ["basemap"], credit, failed: false };
  }
  try {
    const answer = await fetch(asked.style, { credentials: "same-origin", signal: AbortSignal.timeout(5_000) });
    if (!answer.ok) throw new Error(String(answer.status));
    const style = (await answer.json()) as StyleSpecification;
    lettersOf(style);
    return { style: { ...style, layers: [plain as LayerSpecification, ...style.layers, ...levels] }, layers: style.layers.map((layer) => layer.id), credit, failed: false };
  } catch (error) {
    console.warn(error);
    return { style: ground, layers: [], credit: "", failed: true };
  }
}

/** The switch of the ground, and what is said where it cannot be reached. */
export function wireGround(map: MapLibre, found: Ground, words: Words): void {
  const place = document.querySelector<HTMLElement>(".map-ground-status");
  const say = (): void => {
    if (!place) return;
    place.textContent = words["groundFailed"] ?? "";
    place.hidden = false;
  };
  if (found.failed) say();
  map.on("error", (event) => {
    if ((event as unknown as { sourceId?: string }).sourceId && found.layers.length) say();
    console.warn(event.error);
  });
  const button = document.querySelector<HTMLInputElement>("[data-map=ground]");
  const show = (): void => {
    for (const id of found.layers) map.setLayoutProperty(id, "visibility", button?.checked ? "visible" : "none");
  };
  button?.addEventListener("change", () => {
    remember({ ground: button.checked ? undefined : "off" });
    show();
  });
  if (button && !button.checked) show();
}
