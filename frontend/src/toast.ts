/** A notice at the foot of the page: it stays until closed, so that nobody misses a failure. */
export function toast(text: string): void {
  show(text);
}

/** A notice with a button that does something and takes the notice away. */
export function notice(text: string, label: string, act: () => void): void {
  const body = show(text);
  if (!body) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-primary btn-sm mt-2 d-block";
  button.textContent = label;
  button.addEventListener("click", () => {
    act();
    button.closest(".toast")?.remove();
  });
  body.append(button);
}

/** The body of the new notice; nothing where the same is shown already. */
function show(text: string): Element | undefined {
  const area = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  if (!area || !(template instanceof HTMLTemplateElement)) return;
  if ([...area.querySelectorAll(".toast-body")].some((body) => body.textContent?.startsWith(text))) return;
  const copy = template.content.cloneNode(true) as DocumentFragment;
  const notice = copy.querySelector<HTMLElement>(".toast");
  const body = copy.querySelector(".toast-body");
  if (!notice || !body) return;
  body.textContent = text;
  notice.querySelector("button")?.addEventListener("click", () => notice.remove());
  area.append(copy);
  return body;
}
