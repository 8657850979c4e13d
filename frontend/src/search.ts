/** The search for everything: "/" goes to its box, arrows through its hits, Escape closes it. */

function boxOf(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("[data-search] input[type=search]");
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function close(form: HTMLElement): void {
  form.querySelector(".search-hits")?.replaceChildren();
}

/** Moves the focus among the box and its hits by `step`. */
function move(form: HTMLElement, step: number): void {
  const stops = [...form.querySelectorAll<HTMLElement>("input[type=search], a.search-hit")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus();
}

function onKey(event: KeyboardEvent): void {
  const box = boxOf();
  if (event.key === "/" && box && box.offsetParent && !isTyping(event.target) && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    box.focus();
    box.select();
    return;
  }
  const form = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-search]") : null;
  if (!form) return;
  if (event.key === "Escape") {
    close(form);
    box?.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(form, event.key === "ArrowDown" ? 1 : -1);
  }
}

/** A click elsewhere closes the hits; going from the box into them does not. */
function onClick(event: MouseEvent): void {
  for (const form of document.querySelectorAll<HTMLElement>("[data-search]")) {
    if (!(event.target instanceof Node && form.contains(event.target))) close(form);
  }
}

export function startSearch(): void {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
}
