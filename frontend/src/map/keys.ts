/** The map by keys: what lies in its middle is read out, Enter selects it, Escape lets go. */
import type { Board } from "./board";
import { closePanel } from "./panel";

export function startKeys(board: Board): void {
  const { map } = board;
  const canvas = map.getCanvas();
  const cross = document.createElement("div");
  cross.className = "map-cross";
  cross.setAttribute("aria-hidden", "true");
  board.element.append(cross);
  const middle = (): { x: number; y: number } => ({ x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 });
  const read = (): void => {
    if (document.activeElement !== canvas) return;
    const found = board.find(middle());
    const { label, lines } = found ? board.told(found) : { label: board.words["here"] ?? "", lines: [] };
    board.say([label, ...lines].join(". "));
  };
  map.on("moveend", read);
  canvas.addEventListener("focus", read);
  canvas.addEventListener("keydown", (event) => {
    if (event.key === "Enter") board.press({ point: middle() });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector(".offcanvas.show, .offcanvas-lg.show")) closePanel();
  });
}
