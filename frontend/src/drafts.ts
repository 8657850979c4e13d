/**
 * What is typed in a form is not lost: a form with data-draft is saved as it is typed, and kept in the browser until the
 * server has it; one with data-keep is only kept, until it was sent. See docs/interviews.md for what is kept and how long.
 */
import { notice, toast } from "./toast";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
interface Draft {
  base: number;
  at: number;
  values: Record<string, string[]>;
  /** The whole form was sent with its button; whether the server got it, the next page tells. */
  sent?: boolean;
}
interface Answer {
  number: number;
  saved: string[];
  beside: string[];
  errors: Record<string, string>;
  at: string;
}

const PREFIX = "tuyendau-draft:";
const KEPT_MS = 3 * 24 * 3_600_000;
const PAUSE_MS = 1_000;
const AGAIN_MS = 5_000;
const NEVER = new Set(["csrfmiddlewaretoken", "base", "step", "lines", "day", "source"]);

function read(key: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function write(key: string, draft: Draft): void {
  try {
    if (Object.keys(draft.values).length) localStorage.setItem(PREFIX + key, JSON.stringify(draft));
    else localStorage.removeItem(PREFIX + key);
  } catch {
    // A browser that keeps nothing: the server still gets each answer.
  }
}

/** What nobody came back to within days goes: it is of a person's health. */
function tidy(): void {
  for (const key of Object.keys(localStorage).filter((each) => each.startsWith(PREFIX))) {
    const draft = read(key.slice(PREFIX.length));
    if (!draft || Date.now() - draft.at > KEPT_MS) localStorage.removeItem(key);
  }
}

function named(form: HTMLFormElement, name: string): Field[] {
  return [...form.elements].filter((each): each is Field => "name" in each && each.name === name && "value" in each);
}

function valuesOf(form: HTMLFormElement, name: string): string[] {
  return new FormData(form).getAll(name).map(String);
}

function fill(form: HTMLFormElement, name: string, values: string[]): void {
  for (const field of named(form, name)) {
    if (field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox")) {
      field.checked = values.includes(field.value);
    } else field.value = values[0] ?? "";
  }
}

/** Remember the field that was just typed in, with the number of saves that the page knew then. */
function note(form: HTMLFormElement, key: string, name: string): void {
  const base = Number(named(form, "base")[0]?.value ?? 0);
  const draft = read(key) ?? { base, at: 0, values: {} };
  draft.at = Date.now();
  draft.values[name] = valuesOf(form, name);
  write(key, draft);
}

/** Whether this page came as the answer to what was sent: not by the button back, nor by an address typed anew. */
function arrived(): boolean {
  const [came] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return came?.type === "navigate" && document.referrer.startsWith(location.origin);
}

function restore(form: HTMLFormElement, key: string): boolean {
  const draft = read(key);
  if (!draft) return false;
  if (draft.sent && arrived()) {
    localStorage.removeItem(PREFIX + key);
    return false;
  }
  delete draft.sent;
  for (const [name, values] of Object.entries(draft.values)) {
    if (valuesOf(form, name).join("\n") === values.join("\n")) delete draft.values[name];
    else fill(form, name, values);
  }
  write(key, draft);
  return Object.keys(draft.values).length > 0;
}

class Saver {
  private timer = 0;
  private busy = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly key: string,
  ) {}

  later(pause = PAUSE_MS): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.send(), pause);
  }

  private async send(): Promise<void> {
    const draft = read(this.key);
    if (!draft || this.busy || !this.form.isConnected) return;
    this.busy = true;
    try {
      const answer = await fetch(this.form.dataset["draftUrl"] ?? "", { method: "POST", body: this.body(draft) });
      if (answer.status === 409) this.say(((await answer.json()) as { refused: string }).refused);
      else if (answer.ok && !answer.redirected) this.take((await answer.json()) as Answer, draft);
      else this.wait();
    } catch {
      this.wait();
    } finally {
      this.busy = false;
    }
  }

  private body(draft: Draft): FormData {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", valuesOf(this.form, "csrfmiddlewaretoken")[0] ?? "");
    body.set("step", valuesOf(this.form, "step")[0] ?? "");
    body.set("base", String(draft.base));
    for (const [name, values] of Object.entries(draft.values)) {
      body.append("field", name);
      for (const value of values) body.append(name, value);
    }
    return body;
  }

  /**
   * What the server has goes from the browser, unless it was typed over meanwhile. The number that the page knows stays
   * that of its making: of what others saved meanwhile it shows nothing yet.
   */
  private take(answer: Answer, sent: Draft): void {
    const draft = read(this.key) ?? sent;
    for (const name of answer.saved) {
      if (draft.values[name]?.join("\n") === sent.values[name]?.join("\n")) delete draft.values[name];
    }
    write(this.key, draft);
    for (const place of this.form.querySelectorAll<HTMLElement>("[data-draft-error]")) {
      const name = place.dataset["draftError"] ?? "";
      if (name in sent.values) place.textContent = answer.errors[name] ?? "";
    }
    this.say(`${this.form.dataset["draftSaved"] ?? ""} ${answer.at}`);
    if (answer.beside.length) {
      notice(this.form.dataset["draftBeside"] ?? "", this.form.dataset["draftShow"] ?? "", () => location.reload());
    }
    if (Object.keys(draft.values).some((name) => !(name in answer.errors))) this.later();
  }

  private wait(): void {
    this.say(this.form.dataset["draftWaits"] ?? "");
    this.later(AGAIN_MS);
  }

  private say(text: string): void {
    const place = this.form.querySelector("[data-draft-state]");
    if (place) place.textContent = text;
    else toast(text);
  }
}

const savers = new WeakMap<HTMLFormElement, Saver>();

function keyOf(form: HTMLFormElement): string {
  return form.dataset["draft"] ?? form.dataset["keep"] ?? "";
}

function typed(event: Event): void {
  const field = event.target as Field | null;
  const form = field && "form" in field ? field.form : null;
  if (!field || !form || !keyOf(form) || !field.name || NEVER.has(field.name)) return;
  note(form, keyOf(form), field.name);
  savers.get(form)?.later();
}

/** Fill what was kept of forms that are new on the page, and send what the server has not got. */
function find(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft], form[data-keep]")) {
    if (form.dataset["found"]) continue;
    form.dataset["found"] = "1";
    const waits = restore(form, keyOf(form));
    if (form.dataset["draft"] === undefined) continue;
    const saver = new Saver(form, keyOf(form));
    savers.set(form, saver);
    if (waits) saver.later(0);
  }
}

/** A form that is only kept was taken by the server: what was kept of it goes. */
function sent(event: Event): void {
  // Where the answer took the form's place, the event comes from what held it: only the request knows who sent it.
  const { requestConfig, successful } = (event as CustomEvent<{ requestConfig: { elt: Element }; successful: boolean }>).detail;
  const { elt } = requestConfig;
  if (successful && elt instanceof HTMLFormElement && elt.dataset["keep"]) localStorage.removeItem(PREFIX + keyOf(elt));
}

function leaves(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const draft = form.dataset["draft"] && !event.defaultPrevented ? read(keyOf(form)) : null;
  if (draft) write(keyOf(form), { ...draft, sent: true });
}

export function startDrafts(): void {
  if (!document.querySelector("form[data-draft], form[data-keep]")) return;
  tidy();
  find();
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("submit", leaves);
  document.addEventListener("htmx:afterRequest", sent);
  document.addEventListener("htmx:afterSettle", find);
  document.addEventListener("live:applied", find);
  window.addEventListener("online", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) savers.get(form)?.later(0);
  });
}
