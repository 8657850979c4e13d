/** The map as a picture and on paper: with its title, the moment that it shows, and the legend of every layer on it. */
import { keep } from "../chain/picture";
import type { Board } from "./board";
import { linesOf } from "./legend";
import { writtenOf } from "./moments";
import { toast } from "../toast";
import { filled, number } from "./words";

const EDGE = 24;
const LINE = 22;
const COLUMN = 300;
const INK = "#1c2b36";
const PALE = "#566476";
const LETTERS = 'system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif';
const SMALL = `13px ${LETTERS}`;

interface Block {
  title: string;
  /** The choices of the layer, and what else is to be known of it. */
  said: string[];
  lines: ReturnType<typeof linesOf>;
}

function blocksOf(board: Board): Block[] {
  return board.entries.flatMap((entry) => {
    const { packed } = entry;
    if (!packed) return [];
    const about = packed.approximate?.some(Boolean) ? [board.words["approximate"] ?? ""] : [];
    const title = `${entry.title}: ${number(packed.head.count)}`;
    const said = [entry.choices.join(" · "), ...about].flatMap((words) => wrapped(words, COLUMN - EDGE));
    return [{ title, said, lines: linesOf(entry.kind, packed, board.words) }];
  });
}

/** Words in lines no wider than `width`. */
function wrapped(words: string, width: number): string[] {
  const ctx = document.createElement("canvas").getContext("2d");
  if (!ctx) return [words];
  ctx.font = SMALL;
  const lines: string[] = [];
  for (const word of words.split(" ").filter(Boolean)) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trim();
    if (lines.length && ctx.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** How high a block is, in lines. */
function linesHigh({ said, lines }: Block): number {
  return 2.5 + said.length + lines.length;
}

/** The present moment, that of a demonstration's clock where one runs. */
function momentNow(): string {
  const [day, time] = document.querySelector("[data-scenario-moment]")?.textContent?.trim().split(" ") ?? [];
  if (day && time) return `${time} ${day}`;
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(new Date());
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
  return `${of("hour")}:${of("minute")} ${of("day")}/${of("month")}/${of("year")}`;
}

function subtitle({ at, words }: Board): string {
  if (!at) return filled(words["asNow"], { at: momentNow() });
  return filled(words[at.length <= 10 ? "pastDay" : "past"], { day: writtenOf(at), at: writtenOf(at) });
}

/** Paint the map as it stands, its title above and its legend below. Names of people are nowhere on it. */
export function pictureOf(board: Board): HTMLCanvasElement {
  const { map, words } = board;
  const source = map.getCanvas();
  const wide = Math.max(720, source.clientWidth);
  const high = Math.round(source.clientHeight * (wide / source.clientWidth));
  const blocks = blocksOf(board);
  const columns = Math.max(1, Math.floor((wide - EDGE) / COLUMN));
  const rows = Array.from({ length: Math.ceil(blocks.length / columns) }, (_, row) => blocks.slice(row * columns, (row + 1) * columns));
  const legend = rows.reduce((sum, row) => sum + LINE * Math.max(...row.map(linesHigh)), 0);
  const head = 76;
  const height = head + high + legend + 48;
  const ratio = 2;
  const canvas = document.createElement("canvas");
  canvas.width = wide * ratio;
  canvas.height = height * ratio;
  const ctx = canvas.getContext("2d");
  if (!ctx) throw new Error("no canvas");
  ctx.scale(ratio, ratio);
  ctx.fillStyle = "#fff";
  ctx.fillRect(0, 0, wide, height);
  text(ctx, words["map"] ?? "", EDGE, 34, `600 22px ${LETTERS}`, INK);
  text(ctx, subtitle(board), EDGE, 60, `15px ${LETTERS}`, INK);
  // What was drawn on the graphics card is there only until the browser shows it: drawn and copied at once.
  map.redraw();
  ctx.drawImage(source, 0, head, wide, high);
  ctx.strokeStyle = "#b9c6ce";
  ctx.strokeRect(0.5, head + 0.5, wide - 1, high - 1);
  let y = head + high + LINE;
  for (const row of rows) {
    row.forEach((block, at) => paintBlock(ctx, block, EDGE + at * COLUMN, y));
    y += LINE * Math.max(...row.map(linesHigh));
  }
  const people = board.entries.some((entry) => entry.packed && entry.element.dataset["sensitive"] !== undefined);
  const foot = [filled(words["made"], { at: momentNow() }), people ? words["ofPeople"] : "", map.getContainer().querySelector(".maplibregl-ctrl-attrib-inner")?.textContent ?? ""];
  text(ctx, foot.filter(Boolean).join(" · "), EDGE, height - 18, `12px ${LETTERS}`, PALE);
  return canvas;
}

function text(ctx: CanvasRenderingContext2D, words: string, x: number, y: number, font: string, colour: string): void {
  ctx.font = font;
  ctx.fillStyle = colour;
  ctx.textBaseline = "alphabetic";
  ctx.fillText(words, x, y);
}

function paintBlock(ctx: CanvasRenderingContext2D, block: Block, x: number, top: number): void {
  text(ctx, block.title, x, top + 6, `600 14px ${LETTERS}`, INK);
  block.said.forEach((words, line) => text(ctx, words, x, top + 6 + LINE * (line + 1), SMALL, PALE));
  block.lines.forEach(({ text: words, count, sign }, line) => {
    const y = top + LINE * (block.said.length + line + 1.2);
    sign(ctx, x + 8, y);
    text(ctx, `${words} (${number(count)})`, x + 26, y + 5, SMALL, INK);
  });
}

/** Have it put on record, where it shows people; gives the name of the file. Throws what is to be said. */
async function recorded(board: Board, how: "png" | "print"): Promise<string> {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  const layers = board.entries.filter((entry) => entry.packed).map((entry) => entry.code).join(",");
  const body = new URLSearchParams({ layers, at: board.at, as: how });
  const answer = await fetch(board.element.dataset["picture"] ?? "", { method: "POST", headers, body, keepalive: true });
  if (answer.status === 403) throw new Error(board.words["pictureDenied"]);
  if (!answer.ok || answer.redirected) throw new Error(board.words["pictureFailed"]);
  return ((await answer.json()) as { name: string }).name;
}

export function wirePicture(board: Board): void {
  const place = document.getElementById("map-print") as HTMLElement;
  let printing = false;
  const take = async (how: "png" | "print"): Promise<void> => {
    try {
      const name = await recorded(board, how);
      if (how === "png") return keep(pictureOf(board), name);
      printing = true;
      window.print();
    } catch (error) {
      toast(error instanceof Error && error.message ? error.message : (board.words["pictureFailed"] ?? ""));
    } finally {
      printing = false;
    }
  };
  document.querySelector("[data-map=picture]")?.addEventListener("click", () => void take("png"));
  document.querySelector("[data-map=print]")?.addEventListener("click", () => void take("print"));
  window.addEventListener("beforeprint", () => {
    // Printed by the browser's own menu: on record all the same.
    if (!printing) recorded(board, "print").catch((error: unknown) => console.warn(error));
    place.replaceChildren(pictureOf(board));
  });
  window.addEventListener("afterprint", () => place.replaceChildren());
}
