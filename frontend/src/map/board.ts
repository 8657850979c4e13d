/** The map and the layers on it: what is shown when, what is pointed at, what is selected. */
import type { Geometry } from "geojson";
import { Map as MapLibre, type MapMouseEvent, NavigationControl, type StyleSpecification } from "maplibre-gl";
import { askedSelection, askedView, remember, viewText } from "./address";
import { Areas } from "./areas";
import { Dots } from "./dots";
import type { Drawing, Hit } from "./drawing";
import type { Entry } from "./entry";
import { type Box, boundsOf, joined } from "./geometry";
import { Marks } from "./marks";
import { FONTS } from "./style";
import { Tooltip } from "./tooltip";
import { ViewButton } from "./viewbutton";
import { filled, type Words } from "./words";

const FRAME = { padding: 32, maxZoom: 12.5 };

export interface Found {
  entry: Entry;
  hit: Hit;
}

function motion(): number {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 500;
}

export function create(element: HTMLElement, words: Words, style: StyleSpecification, credit: string): MapLibre {
  const touched = matchMedia("(hover: none)").matches;
  const canvas = document.createElement("div");
  canvas.className = "map-ground";
  element.prepend(canvas);
  const map = new MapLibre({
    container: canvas,
    style,
    attributionControl: credit ? { compact: true, customAttribution: credit } : false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: false,
    // One finger scrolls a page that is longer than the phone; two move the map.
    cooperativeGestures: touched && document.documentElement.scrollHeight > innerHeight + 200,
    localIdeographFontFamily: FONTS,
    fadeDuration: 0,
    maxZoom: 18,
    center: [106.2, 21.3],
    zoom: 8,
    locale: {
      "Map.Title": words["map"] ?? "",
      "NavigationControl.ZoomIn": words["nearer"] ?? "",
      "NavigationControl.ZoomOut": words["further"] ?? "",
      "CooperativeGesturesHandler.MobileHelpText": words["fingers"] ?? "",
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  return map;
}

export class Board {
  readonly tooltip: Tooltip;
  readonly marks: Marks;
  /** The moment that is shown, as the address has it; "" is now. */
  at: string;
  selected: { entry: Entry; id: string } | undefined;
  #framed = askedView() !== undefined;

  constructor(
    readonly element: HTMLElement,
    readonly map: MapLibre,
    readonly words: Words,
    readonly entries: Entry[],
    at: string,
    readonly select: (found: Found | undefined, rows: number[]) => void,
    readonly renewed: (entry: Entry) => void,
  ) {
    this.tooltip = new Tooltip(element);
    this.marks = new Marks(map);
    this.at = at;
    for (const entry of entries) entry.drawnBy((one) => this.#drawing(one), (one) => this.#changed(one));
    const view = askedView();
    if (view) map.jumpTo({ center: [view.lon, view.lat], zoom: view.zoom });
    map.addControl(new ViewButton(words["whole"] ?? "", () => this.whole()), "top-left");
    map.on("moveend", () => this.#remember());
  }

  entryOf(code: string): Entry | undefined {
    return this.entries.find((entry) => entry.code === code);
  }

  /** Show every layer that is on as known at the moment. */
  async show(): Promise<void> {
    await Promise.all(this.entries.filter((entry) => entry.on).map((entry) => entry.show(this.at)));
    if (!this.#framed) this.#begin();
  }

  /** Show another moment. */
  async moveTo(at: string): Promise<void> {
    this.at = at;
    remember({ at: at || undefined });
    await this.show();
  }

  /** Everything that is shown. */
  whole(): void {
    const box = this.entries.map((entry) => entry.drawing?.bounds).reduce(joined, undefined);
    if (box) this.frame(box);
  }

  /** What has something to tell, else everything. */
  #begin(): void {
    const box = this.entries.map((entry) => entry.drawing?.telling).reduce(joined, undefined);
    if (box) this.frame(box, 0, 11);
    else this.whole();
  }

  frame(box: Box, duration = motion(), maxZoom = FRAME.maxZoom): void {
    this.#framed = true;
    this.map.fitBounds(box, { ...FRAME, maxZoom, duration });
  }

  /** Move the map to where something lies. */
  showShape(shape: Geometry): void {
    if (shape.type === "Point") this.goTo(shape.coordinates as [number, number], 15);
    else this.frame(boundsOf([shape]) as Box);
  }

  goTo(at: [number, number], zoom: number): void {
    this.#framed = true;
    this.map.easeTo({ center: at, zoom: Math.max(zoom, this.map.getZoom()), duration: motion() });
  }

  /** What lies at a point of the map, the topmost first. */
  find(at: { x: number; y: number }): Found | undefined {
    const ids = this.entries.flatMap((entry) => entry.drawing?.hits ?? []).filter((id) => this.map.getLayer(id));
    const around: [[number, number], [number, number]] = [[at.x - 3, at.y - 3], [at.x + 3, at.y + 3]];
    for (const feature of this.map.queryRenderedFeatures(around, { layers: ids })) {
      const entry = this.entries.find((one) => one.drawing?.hits.includes(feature.layer.id));
      const hit = entry?.drawing?.hitOf(feature);
      if (entry && hit) return { entry, hit };
    }
    return undefined;
  }

  /** What is found, in words: its label, and how many are drawn together there. */
  told({ entry, hit }: Found): { label: string; lines: string[] } {
    const { packed } = entry;
    if (!packed) return { label: "", lines: [] };
    if (hit.count > 1) return { label: filled(this.words["together"], { n: hit.count }), lines: [entry.title] };
    const about = packed.approximate?.[hit.row] ? [this.words["approximate"] ?? ""] : [];
    return { label: packed.text("labels", hit.row), lines: about };
  }

  /** Have it read out. */
  say(text: string): void {
    const place = document.getElementById("map-said");
    if (place) place.textContent = text;
  }

  press(event: MapMouseEvent | { point: { x: number; y: number } }): void {
    const found = this.find(event.point);
    const rows = found ? (found.entry.drawing?.members(found.hit, 200) ?? []) : [];
    // Many at once come apart as the map is zoomed in, until they lie in one place.
    if (found && found.hit.count > 1 && this.map.getZoom() < 15.5) return this.#apart(found, rows);
    this.select(found, rows);
  }

  #apart({ entry, hit }: Found, rows: number[]): void {
    const places = rows.flatMap((row) => {
      const at = entry.packed?.placeOf(row);
      return at ? [at] : [];
    });
    const wide = Math.max(...places.map(([lon, lat]) => Math.hypot(lon - hit.at[0], lat - hit.at[1])));
    if (wide < 1e-5) this.select({ entry, hit }, rows);
    else this.map.easeTo({ center: hit.at, zoom: Math.min(16, this.map.getZoom() + 2), duration: motion() });
  }

  #drawing(entry: Entry): Drawing {
    const hidden = this.element.dataset["hidden"] ?? "#dfe3e8";
    const id = `layer-${entry.code}`;
    if (entry.kind === "point") return new Dots(this.map, id, hidden, entry.clustered);
    return new Areas(this.map, id, hidden, entry.kind === "line" ? "lines" : "areas", this.element.dataset["ground"] ? 0.7 : 1);
  }

  #changed(entry: Entry): void {
    this.renewed(entry);
    if (!entry.packed && this.selected?.entry === entry) this.select(undefined, []);
    const wanted = askedSelection();
    const row = wanted?.[0] === entry.code ? entry.packed?.rowOf(wanted[1]) : undefined;
    if (row === undefined) {
      if (this.selected?.entry === entry) this.marks.show(undefined);
      return;
    }
    if (this.selected?.entry === entry) this.marks.show(entry.drawing?.shapeOf(row));
    else this.select({ entry, hit: { row, count: 1, at: [0, 0], radius: 0 } }, [row]);
  }

  #remember(): void {
    if (!this.#framed) return;
    const { lng, lat } = this.map.getCenter();
    remember({ view: viewText({ zoom: this.map.getZoom(), lat, lon: lng }) });
  }
}
