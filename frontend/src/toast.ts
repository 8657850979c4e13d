/** A notice at the foot of the page: it stays until closed, so that nobody misses a failure. */
export function toast(text: string): void {
  const area = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  if (!area || !(template instanceof HTMLTemplateElement)) return;
  if ([...area.querySelectorAll(".toast-body")].some((body) => body.textContent === text)) return;
  const copy = template.content.cloneNode(true) as DocumentFragment;
  const notice = copy.querySelector<HTMLElement>(".toast");
  const body = copy.querySelector(".toast-body");
  if (!notice || !body) return;
  body.textContent = text;
  notice.querySelector("button")?.addEventListener("click", () => notice.remove());
  area.append(copy);
}
