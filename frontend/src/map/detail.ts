/** What is selected, in the panel: its card from the server, or the list of those that lie in one place. */
import { askedSelection, remember } from "./address";
import type { Board, Found } from "./board";
import { closePanel, openPanel } from "./panel";
import { filled, number } from "./words";

const MOST = 200;

async function card(board: Board, { entry, hit }: Found, id: string): Promise<Node[]> {
  const [path, query] = entry.address(entry.element.dataset["source"] ?? "", board.at).split("?");
  const answer = await fetch(`${path}/${encodeURIComponent(id)}${query ? `?${query}` : ""}`, { headers: { "HX-Request": "true" } });
  if (answer.ok && !answer.redirected) {
    return [...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes];
  }
  return [line(entry.packed?.text("labels", hit.row) ?? "", "h3"), line(board.words["failed"] ?? "", "p")];
}

function line(text: string, tag: "h3" | "p"): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/** Those that lie in one place, each to be selected. */
function members(board: Board, found: Found, rows: number[]): Node[] {
  const { entry, hit } = found;
  const list = document.createElement("ul");
  list.className = "map-members list-unstyled";
  for (const row of rows.slice(0, MOST)) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-link p-0 text-start";
    button.textContent = entry.packed?.text("labels", row) ?? "";
    button.addEventListener("click", () => showSelected(board, { entry, hit: { ...hit, row, count: 1 } }));
    item.append(button);
    list.append(item);
  }
  const more = hit.count > MOST ? [line(filled(board.words["more"], { n: hit.count - MOST }), "p")] : [];
  return [line(`${entry.title}: ${filled(board.words["together"], { n: number(hit.count) })}`, "h3"), list, ...more];
}

function forget(board: Board): void {
  board.selected = undefined;
  board.marks.show(undefined);
  remember({ on: undefined });
}

/** Show what was pressed; with nothing found, put the panel away. */
export function showSelected(board: Board, found: Found | undefined, rows: number[] = []): void {
  if (!found) {
    if (board.selected || askedSelection()) closePanel();
    forget(board);
    return;
  }
  const { entry, hit } = found;
  if (hit.count > 1) {
    openPanel("detail", members(board, found, rows), () => forget(board), board.words["close"] ?? "");
    return;
  }
  const id = entry.packed?.text("ids", hit.row) ?? "";
  board.selected = { entry, id };
  board.marks.show(entry.drawing?.shapeOf(hit.row));
  remember({ on: `${entry.code}:${id}` });
  const waiting = line(entry.packed?.text("labels", hit.row) ?? "", "h3");
  const part = openPanel("detail", [waiting], () => forget(board), board.words["close"] ?? "");
  void card(board, found, id).then((nodes) => {
    waiting.remove();
    part.append(...nodes);
  });
}
