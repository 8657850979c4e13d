/** A field in which something is chosen by its name: what is sent is the code in the hidden field beside it. */

function fields(inside: Element): { code: HTMLInputElement; name: HTMLInputElement; found: Element } | null {
  const place = inside.closest<HTMLElement>("[data-pick-field]");
  const code = place?.querySelector<HTMLInputElement>("input[type=hidden]");
  const name = place?.querySelector<HTMLInputElement>("input[type=search]");
  const found = place?.querySelector(".pick-found");
  return code && name && found ? { code, name, found } : null;
}

function choose(event: Event): void {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-pick]") : null;
  const place = button && fields(button);
  if (!button || !place) {
    if (event.target instanceof Element && !event.target.closest("[data-pick-field]")) close();
    return;
  }
  place.code.value = button.dataset["pick"] ?? "";
  place.name.value = button.dataset["pickName"] ?? "";
  place.found.replaceChildren();
  place.name.closest<HTMLElement>("[data-pick-field]")?.setAttribute("data-picked", "");
  place.code.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Another name is no longer that of what was chosen. */
function forget(event: Event): void {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || field.type !== "search") return;
  const place = fields(field);
  if (!place || place.name !== field) return;
  place.code.value = "";
  field.closest<HTMLElement>("[data-pick-field]")?.removeAttribute("data-picked");
}

function close(): void {
  for (const found of document.querySelectorAll(".pick-found")) found.replaceChildren();
}

export function startPicking(): void {
  document.addEventListener("click", choose);
  document.addEventListener("input", forget);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}
