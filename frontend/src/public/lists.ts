// Finding a commune by its name, with or without marks, and going to it on the drawing.
import type { View } from "./view";

function fold(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("đ", "d")
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** Show the rows whose name has the words that are written. */
export function narrow(): void {
  const field = document.querySelector<HTMLInputElement>("#find");
  const words = fold(field?.value ?? "").split(" ").filter(Boolean);
  let shown = 0;
  for (const row of document.querySelectorAll<HTMLElement>("tr[data-area]")) {
    const name = fold(row.querySelector("th")?.textContent ?? "");
    row.hidden = !words.every((word) => name.includes(word));
    if (!row.hidden) shown += 1;
  }
  const few = document.querySelector<HTMLDetailsElement>("#few");
  if (few && words.length > 0) few.open = true;
  const none = document.querySelector<HTMLElement>("#none");
  if (none) none.hidden = shown > 0;
}

/** Listen to the field and to presses on rows, also of lists that come later. */
export function listen(view: View): void {
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLElement && event.target.id === "find") narrow();
  });
  document.addEventListener("click", (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("tr[data-area]") : null;
    if (row?.dataset["area"]) view.choose(row.dataset["area"]);
  });
}
