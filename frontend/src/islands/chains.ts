/**
 * The chains of transmission, drawn over time on a canvas.
 *
 * Mounts on <div id="chains" data-source="address of the columns of `chain/data.ts`" data-words="its texts as JSON"
 * data-card="address of a case's card, with CASE in place of its public id" data-picture="address that puts a picture
 * on record" data-today>. Inside it a canvas, a list .chain-legend, .chain-said for readers of screens, buttons with
 * data-do, a search field and #chain-card. data-state says how far it is: loading, ready, empty or failed.
 */
import htmx from "htmx.org";
import { Board } from "../chain/board";
import { type Axis, type Columns, ELSEWHERE, filled, type Words } from "../chain/data";
import { showLegend } from "../chain/legend";
import { keep, pictureOf } from "../chain/picture";
import "../styles/chains.css";

const mounted = new WeakSet<HTMLElement>();

async function load(source: string): Promise<Columns> {
  const response = await fetch(source, { headers: { Accept: "application/json" } });
  if (!response.ok || !(response.headers.get("Content-Type") ?? "").includes("json")) throw new Error(String(response.status));
  return (await response.json()) as Columns;
}

function part<T extends HTMLElement>(element: HTMLElement, selector: string): T {
  return element.querySelector(selector) as T;
}

/** Keep what is chosen in the address, so that it can be sent on. */
function remember(name: string, value: string): void {
  const url = new URL(location.href);
  url.searchParams.set(name, value);
  history.replaceState(history.state, "", url);
}

function notice(element: HTMLElement, state: string, text = ""): void {
  const box = part<HTMLElement>(element, ".chain-notice");
  element.dataset["state"] = state;
  box.hidden = state === "ready";
  box.textContent = text;
}

/** The card of a case beside the drawing, or above its foot on a phone. */
function openCard(element: HTMLElement, columns: Columns, node: number): void {
  const card = part<HTMLElement>(element, "#chain-card");
  if (columns.kind[node] === ELSEWHERE || !columns.id[node]) {
    card.textContent = (JSON.parse(element.dataset["words"] ?? "{}") as Words).elsewhere;
    return;
  }
  const address = (element.dataset["card"] ?? "").replace("CASE", columns.id[node]);
  void htmx.ajax("get", address, { target: "#chain-card", swap: "innerHTML" }).then(() => {
    // On a phone the card stands below the drawing.
    if (matchMedia("(max-width: 991.98px)").matches) card.scrollIntoView({ block: "nearest", behavior: "smooth" });
  });
}

async function takePicture(element: HTMLElement, board: Board, words: Words): Promise<void> {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  const address = (element.dataset["picture"] ?? "") + location.search;
  const response = await fetch(address, { method: "POST", headers });
  if (!response.ok) throw new Error(String(response.status));
  const { name } = (await response.json()) as { name: string };
  keep(pictureOf(board.scene, words, element.dataset["subtitle"] ?? "", Number(element.dataset["today"])), name);
}

function wire(element: HTMLElement, board: Board, words: Words): void {
  const legend = part<HTMLElement>(element, ".chain-legend");
  showLegend(legend, board.scene, words);
  const deeds: Record<string, () => void> = {
    in: () => board.zoom(1.3),
    out: () => board.zoom(1 / 1.3),
    whole: () => board.whole(),
    overview: () => board.overview(),
    fold: () => board.foldAll(true),
    unfold: () => board.foldAll(false),
    branch: () => board.fold(board.scene.selected),
    picture: () => {
      takePicture(element, board, words).catch((error: unknown) => notice(element, "failed", `${words.failed} ${String(error)}`));
    },
  };
  for (const button of document.querySelectorAll<HTMLElement>("[data-chain]")) {
    button.addEventListener("click", () => deeds[button.dataset["chain"] ?? ""]?.());
  }
  const card = part<HTMLElement>(element, "#chain-card");
  card.addEventListener("htmx:afterSwap", () => (card.scrollTop = 0));
  const field = part<HTMLInputElement>(element, ".chain-search");
  let at = -1;
  const search = (): void => {
    const { count, node } = board.find(field.value, at);
    at = node;
    part<HTMLElement>(element, ".chain-hits").textContent = field.value ? filled(words.cases, { n: count }) : "";
    if (node >= 0) board.goTo(node);
  };
  field.addEventListener("input", () => {
    at = -1;
    const { count } = board.find(field.value, -1);
    part<HTMLElement>(element, ".chain-hits").textContent = field.value ? filled(words.cases, { n: count }) : "";
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    search();
  });
  document.querySelector<HTMLSelectElement>("select[name=colour]")?.addEventListener("change", (event) => {
    const { value } = event.target as HTMLSelectElement;
    board.colourBy(value);
    showLegend(legend, board.scene, words);
    remember("colour", value);
  });
  const asked = new URL(location.href).searchParams.get("case");
  const there = asked ? board.scene.columns.id.indexOf(asked) : -1;
  if (there >= 0) board.goTo(there);
}

async function mount(element: HTMLElement): Promise<void> {
  const words = JSON.parse(element.dataset["words"] ?? "{}") as Words;
  try {
    const columns = await load(element.dataset["source"] ?? "");
    if (!columns.kind.length) return notice(element, "empty", words.none);
    const said = part<HTMLElement>(element, ".chain-said");
    const board: Board = new Board(
      part<HTMLCanvasElement>(element, "canvas"), columns, words, (element.dataset["axis"] ?? "best") as Axis,
      element.dataset["colour"] ?? "generation",
      (node) => openCard(element, board.scene.columns, node),
      (text) => (said.textContent = text),
    );
    wire(element, board, words);
    notice(element, "ready");
    // What was decided on the card, or computed meanwhile, moves the tree: it is drawn anew where the eye is.
    const renew = (): void => {
      load(element.dataset["source"] ?? "").then(
        (fresh) => {
          board.replace(fresh);
          showLegend(part<HTMLElement>(element, ".chain-legend"), board.scene, words);
          element.dataset["renewed"] = String(Number(element.dataset["renewed"] ?? 0) + 1);
        },
        (error: unknown) => console.warn(error),
      );
    };
    document.body.addEventListener("chains:changed", renew);
    document.addEventListener("live:applied", (event) => {
      if ((event.target as Element).id === "chain-numbers") renew();
    });
  } catch (error) {
    console.warn(error);
    notice(element, "failed", words.failed);
  }
}

for (const element of document.querySelectorAll<HTMLElement>("#chains[data-source]")) {
  if (mounted.has(element)) continue;
  mounted.add(element);
  void mount(element);
}
