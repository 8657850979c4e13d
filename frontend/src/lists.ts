/** Lists: columns are moved in their order, rows are chosen, panels close. */

/** The button of a column moves it one place; focus stays on the button, so that it can be pressed again. */
function move(event: Event): void {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-move]") : null;
  const item = button?.closest("li");
  if (!button || !item) return;
  if (button.dataset["move"] === "up") item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  button.focus();
}

/** A panel closes by Escape, and when something else is pressed. */
function closePanels(event: Event): void {
  const escape = event instanceof KeyboardEvent;
  if (escape && event.key !== "Escape") return;
  for (const panel of document.querySelectorAll<HTMLDetailsElement>("details.tool[open]")) {
    const inside = event.target instanceof Node && panel.contains(event.target);
    if (!escape && inside) continue;
    panel.open = false;
    if (escape && inside) panel.querySelector("summary")?.focus();
  }
}

function boxes(form: Element): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>("input[type=checkbox][data-row]")];
}

/** How many rows are chosen stands beside the acts; with the box in the heading all of the page are. */
function choose(event: Event): void {
  const box = event.target;
  if (!(box instanceof HTMLInputElement)) return;
  const form = box.closest("[data-choosing]");
  if (!form) return;
  if (box.dataset["all"] !== undefined) for (const each of boxes(form)) each.checked = box.checked;
  const chosen = boxes(form).filter((each) => each.checked).length;
  const whole = form.querySelector<HTMLInputElement>("[data-whole]")?.checked ?? false;
  const bar = form.querySelector<HTMLElement>("[data-chosen]");
  if (!bar) return;
  bar.hidden = chosen === 0 && !whole;
  const told = bar.querySelector<HTMLElement>("[data-chosen-count]");
  if (told) told.textContent = (told.dataset["text"] ?? "{n}").replace("{n}", String(chosen));
}

/** In a form that is typed through, Ctrl and Enter is its second button: record, and on to the next. */
function sendOn(event: KeyboardEvent): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !(event.target instanceof Element)) return;
  const form = event.target.closest<HTMLFormElement>("form[data-keys]");
  const button = form?.querySelector<HTMLButtonElement>("button[name=next]");
  if (!form || !button) return;
  event.preventDefault();
  form.requestSubmit(button);
}

export function startLists(): void {
  document.addEventListener("click", move);
  document.addEventListener("click", closePanels);
  document.addEventListener("keydown", closePanels);
  document.addEventListener("change", choose);
  document.addEventListener("keydown", sendOn);
}
