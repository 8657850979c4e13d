/** Forms: sent once; filters that apply as soon as a choice is made; the button that prints. */

/** A second press of the button while the first is under way would record the same thing twice. */
function sendOnce(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset["sent"]) {
    event.preventDefault();
    return;
  }
  form.dataset["sent"] = "1";
  form.setAttribute("aria-busy", "true");
}

/** The page may come back from the browser's memory: its forms can be sent again. */
function allowAgain(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
    delete form.dataset["sent"];
    form.removeAttribute("aria-busy");
  }
}

/** Forms that htmx sends at each change see to it themselves. */
function applyFilter(event: Event): void {
  const field = event.target;
  const form = field instanceof HTMLSelectElement ? field.closest<HTMLFormElement>("form.filters") : null;
  if (form && !/\bchange\b/.test(form.getAttribute("hx-trigger") ?? "")) form.requestSubmit();
}

function print(event: Event): void {
  if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
}

/** The button of a page that shows something once: the text of the element that it names goes to the clipboard. */
function copy(event: Event): void {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
  const shown = button && document.querySelector(button.dataset["copy"] ?? "");
  if (!button || !shown) return;
  void navigator.clipboard?.writeText(shown.textContent ?? "").then(() => button.classList.add("btn-success"));
}

/**
 * Dates are typed as digits alone: the marks between them, given as "##/##/####", come by themselves. Whoever types
 * a mark, as in 5/6/2021, places them all.
 */
function placeMarks(event: Event): void {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.dataset["digits"]) return;
  const typed = event instanceof InputEvent ? event.data : null;
  if (!field.value) delete field.dataset["byHand"];
  if (typed && /\D/.test(typed)) field.dataset["byHand"] = "1";
  if (!typed || field.dataset["byHand"] || field.selectionStart !== field.value.length) return;
  const digits = field.value.replace(/\D/g, "");
  let used = 0;
  let text = "";
  for (const mark of field.dataset["digits"]) {
    if (used === digits.length) {
      if (mark !== "#") text += mark;
      break;
    }
    text += mark === "#" ? digits[used++] : mark;
  }
  field.value = digits ? text : "";
}

export function startForms(): void {
  document.addEventListener("click", copy);
  if (document.querySelector("[data-print-now]")) window.addEventListener("load", () => window.print());
  document.addEventListener("input", placeMarks);
  document.addEventListener("click", print);
  document.addEventListener("submit", sendOnce);
  window.addEventListener("pageshow", allowAgain);
  document.addEventListener("change", applyFilter);
}
