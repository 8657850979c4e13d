/**
 * The map: the layers of the panel that are on, over our own boundaries, without tiles, glyphs or anything from elsewhere
 * unless the province has named such.
 *
 * Mounts on #map[data-words]; data-state says how far it is: loading, ready or failed. Each [data-layer] of the panel
 * says for itself how it fares. `map/ready.ts` gives the map to others that work on it.
 */
import { setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";
import { remember } from "../map/address";
import { groundOf, wireGround } from "../map/basemap";
import { Board, create, type Found } from "../map/board";
import { Clock } from "../map/clock";
import { showSelected } from "../map/detail";
import { Entry } from "../map/entry";
import { startKeys } from "../map/keys";
import { momentOf } from "../map/moments";
import { wirePicture } from "../map/picture";
import { isReady, presses } from "../map/ready";
import { Sheet } from "../map/sheet";
import type { Words } from "../map/words";

setWorkerUrl(workerUrl);

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

/** Point to read, press to select; fingers, which cannot point, press only. */
function follow(board: Board): void {
  const { map, tooltip } = board;
  const canPoint = matchMedia("(hover: hover)");
  let pointed: Found | undefined;
  let pointer: { x: number; y: number } | undefined;
  const leave = (): void => {
    pointed?.entry.drawing?.point(undefined);
    pointed = undefined;
    tooltip.hide();
    map.getCanvas().style.cursor = "";
  };
  const read = (point: { x: number; y: number }): void => {
    if (!canPoint.matches || presses.held) return;
    const found = board.find(point);
    if (!found) return leave();
    if (pointed && pointed.entry !== found.entry) pointed.entry.drawing?.point(undefined);
    pointed = found;
    found.entry.drawing?.point(found.hit.row);
    const { label, lines } = board.told(found);
    tooltip.show(label, lines, point);
    map.getCanvas().style.cursor = "pointer";
  };
  map.on("mousemove", ({ point }) => {
    pointer = point;
    read(point);
  });
  map.on("mouseout", () => {
    pointer = undefined;
    leave();
  });
  map.on("movestart", () => tooltip.hide());
  // What came under a pointer that rests is known once the map of there is drawn.
  map.on("moveend", () => void map.once("idle", () => pointer && read(pointer)));
  map.on("click", (event) => {
    if (!presses.held) board.press(event);
  });
}

/** The switches and choices of the panel. */
function wirePanel(board: Board): void {
  const form = document.getElementById("map-form") as HTMLFormElement;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    const line = (event.target as Element).closest<HTMLElement>("[data-layer]");
    const entry = line && board.entryOf(line.dataset["layer"] ?? "");
    if (!entry) return;
    remember({ layers: board.entries.filter((one) => one.on).map((one) => one.code).join(","), ...entry.options });
    void entry.show(board.at);
  });
  for (const entry of board.entries) {
    entry.element.querySelector(".map-again")?.addEventListener("click", () => void entry.show(board.at));
    entry.element.addEventListener("live:touched", () => {
      void entry.show(board.at);
      board.element.dispatchEvent(new CustomEvent("map:renewed"));
    });
  }
}

function wireLink(board: Board): void {
  document.querySelector("[data-map=link]")?.addEventListener("click", () => {
    void navigator.clipboard?.writeText(location.href).then(() => board.say(board.words["copied"] ?? ""));
  });
}

async function mount(element: HTMLElement): Promise<void> {
  const words = JSON.parse(element.dataset["words"] ?? "{}") as Words;
  const say = notice(element);
  say("loading", words["drawing"]);
  try {
    const written = document.querySelector<HTMLInputElement>("#map-at")?.value ?? "";
    const at = momentOf(written) ?? written;
    const entries = [...document.querySelectorAll<HTMLElement>("[data-layer]")].map((line) => new Entry(line, words));
    for (const entry of entries) entry.begin(at);
    const ground = await groundOf(element);
    const map = create(element, words, ground.style, ground.credit);
    await map.once("style.load");
    wireGround(map, ground, words);
    let sheet: Sheet | undefined;
    const board: Board = new Board(
      element,
      map,
      words,
      entries,
      at,
      (found, rows) => {
        showSelected(board, found, rows);
        sheet?.show(board.selected?.id ?? "");
      },
      (entry) => sheet?.renew(entry),
    );
    follow(board);
    wirePanel(board);
    const clock = new Clock(board);
    wireLink(board);
    startKeys(board);
    wirePicture(board);
    isReady(element, map);
    const shown = board.show();
    sheet = new Sheet(board, document.querySelector<HTMLElement>("[data-map=table]"));
    await shown;
    await map.once("idle");
    say("ready");
    await clock.load();
    element.addEventListener("map:renewed", () => void clock.load());
  } catch (error) {
    console.warn(error);
    say("failed", words["noWebgl"]);
  }
}

const element = document.querySelector<HTMLElement>("#map[data-words]");
if (element) void mount(element);
