/**
 * Selecting on the map, and finding on it: the tools of #map-select draw an area, the panel says who lives, works and was
 * there; what is found by [data-find] the map goes to. The area and its time stand in the address (area, from, to).
 */
import type { Geometry } from "geojson";
import htmx from "htmx.org";
import { type Map as MapLibre, Marker } from "maplibre-gl";
import "../styles/select.css";
import { remember } from "../map/address";
import { openPanel } from "../map/panel";
import { presses, whenReady } from "../map/ready";
import { draw, press, type Tool } from "../map/selectdraw";
import { hiddenFoot, Outline } from "../map/selectshape";

type Words = Record<string, string>;

const NAMES = ["area", "from", "to"] as const;
/** A press that ends a drawing is not to select what lies under it. */
const SETTLE_MS = 350;

function motion(): number {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 600;
}

function line(text: string, tag: "p" | "h3" = "p"): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

class Selecting {
  readonly #outline: Outline;
  readonly #hint = line("");
  #drawing: AbortController | undefined;
  #asked = 0;

  constructor(
    readonly map: MapLibre,
    readonly url: string,
    readonly words: Words,
  ) {
    this.#outline = new Outline(map);
    this.#hint.className = "map-hint";
    this.#hint.setAttribute("role", "status");
    this.#hint.hidden = true;
    map.getContainer().append(this.#hint);
  }

  /** Take a tool into the hand; pressed again, it is put away. */
  async take(tool: Tool): Promise<void> {
    const held = this.#drawing;
    held?.abort();
    const own = (this.#drawing = new AbortController());
    this.#say(this.words[tool]);
    presses.held = true;
    this.map.getCanvas().style.cursor = "crosshair";
    const drawn = tool === "commune" ? await press(this.map, own.signal) : await draw(this.map, tool, own.signal);
    if (this.#drawing !== own) return;
    this.#drawing = undefined;
    this.#say("");
    this.map.getCanvas().style.cursor = "";
    setTimeout(() => (presses.held = this.#drawing !== undefined), SETTLE_MS);
    if (drawn) await this.show(new URLSearchParams({ ...this.#window(), area: drawn }));
  }

  /** Let go of the tool in the hand; whether there was one. */
  letGo(): boolean {
    const held = this.#drawing !== undefined;
    this.#drawing?.abort();
    return held;
  }

  /** Count who is in an area, and show it in the panel. */
  async show(query: URLSearchParams): Promise<void> {
    const number = ++this.#asked;
    const at = new URL(location.href).searchParams.get("at");
    if (at) query.set("at", at);
    const waiting = line(this.words["counting"] ?? "");
    waiting.setAttribute("role", "status");
    const part = openPanel("selection", [waiting], () => this.#forget(number), this.words["close"] ?? "");
    part.dataset["live"] = "map cases";
    part.dataset["liveOwn"] = "";
    part.dataset["liveLeast"] = "5000";
    part.addEventListener("htmx:afterSwap", () => this.#read(part));
    part.addEventListener("live:touched", () => void this.#fill(part, new URLSearchParams(this.#query(part) || query), number));
    await this.#fill(part, query, number);
    document.dispatchEvent(new CustomEvent("live:applied", { detail: part }));
  }

  async #fill(part: HTMLElement, query: URLSearchParams, number: number): Promise<void> {
    let nodes: Node[];
    try {
      const answer = await fetch(`${this.url}?${query}`, { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      nodes = [...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes];
    } catch (error) {
      console.warn(error);
      const told = line(this.words["failed"] ?? "");
      told.setAttribute("role", "alert");
      nodes = [told];
    }
    if (number !== this.#asked || !part.isConnected) return;
    for (const node of [...part.childNodes]) if (!(node instanceof HTMLButtonElement)) node.remove();
    part.append(...nodes);
    htmx.process(part);
    this.#read(part);
  }

  #query(part: HTMLElement): string {
    return part.querySelector<HTMLElement>("[data-query]")?.dataset["query"] ?? "";
  }

  /** What the panel says of the area: it stands in the address, and on the map. */
  #read(part: HTMLElement): void {
    const told = part.querySelector<HTMLElement>("[data-query]");
    if (!told) return;
    const query = new URLSearchParams(told.dataset["query"]);
    remember(Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? undefined])));
    const shape = told.dataset["outline"] ? (JSON.parse(told.dataset["outline"]) as Geometry) : undefined;
    this.#outline.show(shape);
    if (shape) this.#outline.frame(shape, motion());
  }

  #forget(number: number): void {
    if (number !== this.#asked) return;
    this.#outline.show();
    remember({ area: undefined, from: undefined, to: undefined });
  }

  /** The time that was asked for last goes on to the next area. */
  #window(): Record<string, string> {
    const asked = new URL(location.href).searchParams;
    const named = ["from", "to"].map((name) => [name, asked.get(name) ?? ""]);
    return Object.fromEntries(named.filter(([, value]) => value));
  }

  #say(text = ""): void {
    this.#hint.textContent = text;
    this.#hint.hidden = !text;
  }
}

/** What is found: the map goes there, and says what it is. */
function startFinding(form: HTMLElement, map: MapLibre, selecting: Selecting): void {
  const marker = new Marker({ color: "#0d5c7d" });
  const hits = form.querySelector<HTMLElement>(".map-found");
  const go = (hit: HTMLElement): void => {
    const { bounds = "", title = "", area = "", url = "", rough } = hit.dataset;
    const [west = 0, south = 0, east = 0, north = 0] = bounds.split(",").map(Number);
    hits?.replaceChildren();
    const nodes: Node[] = [line(title, "h3"), line(hit.querySelector(".search-detail")?.textContent ?? "")];
    const buttons = document.createElement("div");
    buttons.className = "btn-list";
    if (area) {
      const who = document.createElement("button");
      who.type = "button";
      who.className = "btn btn-primary";
      who.textContent = selecting.words["who"] ?? "";
      who.addEventListener("click", () => void selecting.show(new URLSearchParams({ area })));
      buttons.append(who);
    }
    if (url) {
      const open = document.createElement("a");
      open.className = "btn";
      open.href = url;
      open.textContent = selecting.words["open"] ?? "";
      buttons.append(open);
    }
    if (rough !== undefined) nodes.push(line(selecting.words["rough"] ?? ""));
    openPanel("found", [...nodes, buttons], () => marker.remove(), selecting.words["close"] ?? "");
    map.resize();
    const padding = { top: 48, left: 48, right: 48, bottom: 48 + hiddenFoot(map) };
    map.fitBounds([west, south, east, north], { padding, maxZoom: 15.5, duration: motion() });
    marker.remove();
    if (west === east && south === north) marker.setLngLat([west, south]).addTo(map);
    map.getCanvas().focus();
  };
  form.addEventListener("click", (event) => {
    const hit = (event.target as Element).closest<HTMLElement>("a[data-bounds]");
    if (!hit) return;
    event.preventDefault();
    go(hit);
  });
  form.addEventListener("submit", (event) => {
    const first = hits?.querySelector<HTMLElement>("a[data-bounds]");
    if (!first) return;
    event.preventDefault();
    go(first);
  });
  form.addEventListener("keydown", (event) => {
    const stops = [...form.querySelectorAll<HTMLElement>("input[type=search], a.search-hit")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") hits?.replaceChildren();
    if (!step) return;
    event.preventDefault();
    const now = stops.indexOf(document.activeElement as HTMLElement);
    stops[Math.max(0, Math.min(stops.length - 1, now + step))]?.focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !form.contains(event.target)) hits?.replaceChildren();
  });
}

/** Once the layers stand, which frame the map for themselves. */
function drawn(): Promise<void> {
  const element = document.getElementById("map");
  return new Promise((resolve) => {
    const look = (): void => {
      if (element?.dataset["state"] === "loading") return;
      watch.disconnect();
      resolve();
    };
    const watch = new MutationObserver(look);
    if (element) watch.observe(element, { attributes: true, attributeFilter: ["data-state"] });
    look();
  });
}

async function start(menu: HTMLElement): Promise<void> {
  const map = await whenReady();
  const words = JSON.parse(menu.dataset["words"] ?? "{}") as Words;
  const selecting = new Selecting(map, menu.dataset["url"] ?? "", words);
  menu.addEventListener("click", (event) => {
    const tool = (event.target as Element).closest<HTMLElement>("[data-tool]")?.dataset["tool"];
    if (!tool) return;
    menu.querySelector<HTMLElement>("[data-bs-toggle]")?.click();
    void selecting.take(tool as Tool);
  });
  menu.querySelector("[data-around]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const metres = menu.querySelector<HTMLInputElement>("input[type=number]")?.value ?? "";
    const { lng, lat } = map.getCenter();
    menu.querySelector<HTMLElement>("[data-bs-toggle]")?.click();
    void selecting.show(new URLSearchParams({ area: `round:${lng.toFixed(6)},${lat.toFixed(6)},${metres}` }));
  });
  document.addEventListener(
    "keydown",
    (event) => {
      // The first Escape puts the tool away, and not the panel.
      if (event.key === "Escape" && selecting.letGo()) event.stopPropagation();
    },
    { capture: true },
  );
  const find = document.querySelector<HTMLElement>("[data-find]");
  if (find) startFinding(find, map, selecting);
  const asked = new URL(location.href).searchParams;
  const named = NAMES.map((name) => [name, asked.get(name) ?? ""]).filter(([, value]) => value);
  menu.dataset["ready"] = "";
  await drawn();
  if (asked.has("area")) await selecting.show(new URLSearchParams(named));
}

const menu = document.getElementById("map-select");
if (menu) void start(menu);
