/**
 * The map of communes: fills by level over our own boundaries, without tiles, glyphs or anything from elsewhere.
 *
 * Mounts on <div id="map" data-source="address of a GeoJSON FeatureCollection of `Communes`">. Further attributes:
 * data-colours, of the levels from 0, as JSON; data-hidden, the colour of communes without numbers;
 * data-text-title, -loading, -failed, -empty, -whole, -approximate, -open, -fingers, its texts in the reader's language.
 * data-state says how far it is: loading, ready, empty or failed. The table beside it says the same in words.
 */
import { type GeoJSONSource, Map as MapLibre, type MapLayerMouseEvent, NavigationControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";
import { boundsOf, type Commune, type Communes, labelPoints } from "../map/geometry";
import { COMMUNES, FILL, FONTS, ground, LABELS, layers } from "../map/style";
import { Tooltip } from "../map/tooltip";
import { ViewButton } from "../map/viewbutton";

const COLOURS = ["#f4f1ea", "#fed976", "#feb24c", "#fd8d3c", "#e31a1c", "#800026"];
const HIDDEN = "#dfe3e8";
const mounted = new WeakSet<HTMLElement>();

setWorkerUrl(workerUrl);

function motion(): number {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 500;
}

/** What is written over the map until it is drawn, or instead of it. */
function notice(element: HTMLElement): (state: string, text?: string) => void {
  const box = document.createElement("div");
  box.className = "map-notice";
  element.append(box);
  return (state, text = "") => {
    element.dataset["state"] = state;
    element.setAttribute("aria-busy", String(state === "loading"));
    box.setAttribute("role", state === "failed" ? "alert" : "status");
    box.hidden = state === "ready";
    box.textContent = text;
  };
}

async function load(source: string): Promise<Communes> {
  const response = await fetch(source, { headers: { Accept: "application/geo+json" } });
  const type = response.headers.get("Content-Type") ?? "";
  // A session that has ended answers with the sign-in page.
  if (!response.ok || !type.includes("json")) throw new Error(`${response.status} ${type}`);
  return (await response.json()) as Communes;
}

function create(element: HTMLElement): MapLibre {
  const { textTitle = "", textFingers = "" } = element.dataset;
  const touched = matchMedia("(hover: none)").matches;
  const canvas = document.createElement("div");
  canvas.style.cssText = "position: absolute; inset: 0";
  element.prepend(canvas);
  const map = new MapLibre({
    container: canvas,
    style: ground,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: false,
    // One finger scrolls the page past the map; two move the map.
    cooperativeGestures: touched && Boolean(textFingers),
    localIdeographFontFamily: FONTS,
    maxZoom: 14,
    locale: { "Map.Title": textTitle, "CooperativeGesturesHandler.MobileHelpText": textFingers },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  return map;
}

/** Show those with cases, else all; a button shows all again. */
function frame(map: MapLibre, communes: Communes, whole: string): void {
  const all = boundsOf(communes.features);
  const some = boundsOf(communes.features.filter((feature) => feature.properties.count));
  if (!all) return;
  const options = { padding: 24, maxZoom: 11.5 };
  map.fitBounds(some ?? all, { ...options, duration: 0 });
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  if (whole) map.addControl(new ViewButton(whole, () => map.fitBounds(all, { ...options, duration: motion() })), "top-left");
}

function draw(map: MapLibre, communes: Communes, element: HTMLElement): void {
  const given = element.dataset["colours"];
  const colours = given ? (JSON.parse(given) as string[]) : COLOURS;
  // The outlines come simplified from the server: more of it would open gaps between neighbours.
  map.addSource(COMMUNES, { type: "geojson", data: communes, promoteId: "code", tolerance: 0 });
  map.addSource(LABELS, { type: "geojson", data: labelPoints(communes) });
  for (const layer of layers(colours, element.dataset["hidden"] || HIDDEN)) map.addLayer(layer);
}

/** Point to read, press to open; a finger's first touch reads and offers the link. */
function follow(map: MapLibre, tooltip: Tooltip): void {
  const canPoint = matchMedia("(hover: hover)");
  let pointed: string | undefined;
  const point = (code?: string): void => {
    if (pointed === code) return;
    if (pointed) map.setFeatureState({ source: COMMUNES, id: pointed }, { pointed: false });
    if (code) map.setFeatureState({ source: COMMUNES, id: code }, { pointed: true });
    pointed = code;
  };
  const read = (event: MapLayerMouseEvent): Commune | undefined => {
    const commune = event.features?.[0]?.properties as Commune | undefined;
    if (!commune) return undefined;
    point(commune.code);
    tooltip.show(commune, event.point, !canPoint.matches);
    map.getCanvas().style.cursor = commune.url ? "pointer" : "";
    return commune;
  };
  map.on("mousemove", FILL, read);
  const leave = (): void => {
    point();
    tooltip.hide();
    map.getCanvas().style.cursor = "";
  };
  // A finger on its way to the link leaves the map, too: only a touch beside the communes means to leave.
  map.on("mouseleave", FILL, () => canPoint.matches && leave());
  map.on("click", (event) => {
    if (!canPoint.matches && !map.queryRenderedFeatures(event.point, { layers: [FILL] }).length) leave();
  });
  map.on("movestart", () => tooltip.hide());
  map.on("click", FILL, (event) => {
    const commune = read(event);
    if (commune?.url && canPoint.matches) location.assign(commune.url);
  });
}

/** The page's numbers were brought to the present: so are the fills. */
function renew(map: MapLibre, element: HTMLElement): void {
  document.addEventListener("live:applied", (event) => {
    if (!(event.target instanceof Element) || !event.target.contains(element)) return;
    load(element.dataset["source"] ?? "").then(
      (communes) => {
        map.getSource<GeoJSONSource>(COMMUNES)?.setData(communes);
        map.getSource<GeoJSONSource>(LABELS)?.setData(labelPoints(communes));
        element.dataset["renewed"] = String(Number(element.dataset["renewed"] ?? 0) + 1);
      },
      (error: unknown) => console.warn(error),
    );
  });
}

async function mount(element: HTMLElement): Promise<void> {
  const { source = "", textLoading, textFailed, textEmpty, textWhole = "" } = element.dataset;
  const say = notice(element);
  say("loading", textLoading);
  try {
    const communes = await load(source);
    if (!communes.features.length) return say("empty", textEmpty);
    const map = create(element);
    await map.once("load");
    draw(map, communes, element);
    frame(map, communes, textWhole);
    const { textApproximate = "", textOpen = "" } = element.dataset;
    follow(map, new Tooltip(element, { approximate: textApproximate, open: textOpen }));
    await map.once("idle");
    say("ready");
    renew(map, element);
  } catch (error) {
    console.warn(error);
    say("failed", textFailed);
  }
}

function mountAll(): void {
  for (const element of document.querySelectorAll<HTMLElement>("#map[data-source]")) {
    if (mounted.has(element)) continue;
    mounted.add(element);
    void mount(element);
  }
}

mountAll();
document.addEventListener("htmx:load", mountAll);
