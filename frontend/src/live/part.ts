/**
 * A part of a page that is kept at the present: an element with data-live="its topics".
 *
 * It is fetched anew from the data-live-from of what it holds, else from its own hx-get; with data-live-part from the
 * page's address, which gives htmx the part alone; else from there too, and the element of the same id is taken out of it. A list (data-live-list) has rows with data-key: those that changed are marked; new ones come
 * when the reader asks for them, or at once where data-live-list is "append" or nobody is looking. An element with
 * data-live-own is kept by its script, which "live:touched" tells. A part that is much to count says in data-live-least
 * how many milliseconds lie between two fetches.
 */
import htmx from "htmx.org";
import type { Change } from "./line";
import { keyOf, morphInside, wouldLoseTyping } from "./morph";

const COMES_NEW = /\.(reported|imported)$/;
const LEAST_MS = 1_000;
const MARKED_MS = 8_000;

export class Part {
  private stale = false;
  private busy = false;
  private timer = 0;
  private last = 0;
  private took = 0;
  private waiting: Element | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly lost: (status: number) => void,
  ) {}

  get isThere(): boolean {
    return this.element.isConnected;
  }

  get topics(): string[] {
    return (this.element.dataset["live"] ?? "").split(/\s+/).filter(Boolean);
  }

  /**
   * Whether the change can be seen here. A list that holds data-live-shown is a page of many without a filter: of those
   * listed elsewhere it shows nothing, only new ones would come into it.
   */
  shows(change: Change): boolean {
    if (!this.topics.includes(change.topic)) return false;
    const mostElsewhere = this.element.querySelector("[data-live-shown]") !== null;
    return !mostElsewhere || !change.id || COMES_NEW.test(change.kind) || keys(this.element).includes(change.id);
  }

  /** Something here has changed: fetch it, at most once a second, and not while nobody looks. */
  touch(): void {
    this.stale = true;
    if (this.busy || this.timer || document.hidden) return;
    const pause = Math.max(LEAST_MS, Number(this.element.dataset["liveLeast"] ?? 0), 3 * this.took);
    const wait = Math.max(Math.random() * 150, this.last + pause - performance.now());
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      void this.fetch();
    }, wait);
  }

  /** The page came into view: what changed meanwhile is fetched now. */
  look(): void {
    if (this.stale) this.touch();
  }

  private async fetch(): Promise<void> {
    if (!this.isThere || !this.stale) return;
    this.stale = false;
    if (this.element.dataset["liveOwn"] !== undefined) {
      this.last = performance.now();
      this.element.dispatchEvent(new CustomEvent("live:touched"));
      return;
    }
    this.busy = true;
    const began = performance.now();
    try {
      const fresh = await this.fresh();
      if (fresh && this.isThere) this.take(fresh);
    } catch {
      // No network: the line says so, and tells again when it is back.
      this.stale = true;
    } finally {
      this.busy = false;
      this.last = performance.now();
      this.took = this.last - began;
    }
    if (this.stale) this.touch();
  }

  private async fresh(): Promise<Element | null> {
    const here = location.pathname + location.search;
    const from = this.element.querySelector<HTMLElement>("[data-live-from]")?.dataset["liveFrom"];
    const own = this.element.dataset["livePart"] === undefined ? (from ?? this.element.getAttribute("hx-get")) : here;
    const headers: Record<string, string> = own ? { "HX-Request": "true", "HX-Target": this.element.id } : {};
    const answer = await fetch(own ?? here, { headers });
    if (!answer.ok || answer.redirected) {
      this.lost(answer.ok ? 401 : answer.status);
      return null;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return own ? page.body : page.getElementById(this.element.id);
  }

  /** Bring in what can come without disturbing, and offer the rest. */
  private take(fresh: Element): void {
    const listed = this.element.dataset["liveList"] !== undefined;
    if (listed && this.element.dataset["liveList"] !== "append" && !document.hidden && this.moves(fresh)) {
      this.updateRows(fresh);
      this.offer(fresh);
    } else if (wouldLoseTyping(this.element, fresh)) this.offer(fresh);
    else this.apply(fresh);
  }

  /** Whether other rows than before are listed, or in another order. */
  private moves(fresh: Element): boolean {
    const shown = keys(this.element);
    return shown.length > 0 && shown.join() !== keys(fresh).join();
  }

  /** Rows that stay become as they are now; those that are no longer listed are dimmed. */
  private updateRows(fresh: Element): void {
    const now = new Map(rows(fresh).map((row) => [keyOf(row), row]));
    const grown = rows(fresh).some((row) => !keys(this.element).includes(keyOf(row)));
    for (const row of rows(this.element)) {
      const other = now.get(keyOf(row));
      row.classList.toggle("live-gone", !other && !grown);
      if (other && words(row) !== words(other)) {
        morphInside(row, other);
        mark(row, "live-changed");
      }
    }
  }

  private apply(fresh: Element): void {
    this.bar()?.remove();
    this.waiting = null;
    const before = new Map(rows(this.element).map((row) => [keyOf(row), words(row)]));
    morphInside(this.element, fresh);
    for (const row of rows(this.element)) {
      row.classList.remove("live-gone");
      const was = before.get(keyOf(row));
      if (was !== words(row)) mark(row, was === undefined ? "live-new" : "live-changed");
    }
    htmx.process(this.element);
    this.element.dispatchEvent(new CustomEvent("live:applied", { bubbles: true }));
  }

  /** Say what is new above the part, to be brought in at a press. */
  private offer(fresh: Element): void {
    this.waiting = fresh;
    const known = new Set(keys(this.element));
    const more = keys(fresh).filter((key) => !known.has(key)).length;
    const words = this.element.dataset["liveNew"] ?? fresh.querySelector<HTMLElement>("[data-live-new]")?.dataset["liveNew"];
    const text = (more && words) || (document.body.dataset["liveChanged"] ?? "");
    const bar = this.bar() ?? this.newBar();
    const button = bar.querySelector("button");
    if (button) button.textContent = text.replace("{n}", String(more));
  }

  private bar(): HTMLElement | null {
    const before = this.element.previousElementSibling;
    return before instanceof HTMLElement && before.matches(".live-offer") ? before : null;
  }

  private newBar(): HTMLElement {
    const bar = document.createElement("div");
    bar.className = "live-offer d-print-none";
    bar.setAttribute("role", "status");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-primary btn-sm";
    button.addEventListener("click", () => this.waiting && this.apply(this.waiting));
    bar.append(button);
    this.element.before(bar);
    return bar;
  }
}

function rows(part: Element): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>("tr[data-key]")];
}

function keys(part: Element): string[] {
  return rows(part).map(keyOf);
}

function words(row: Element): string {
  return (row.textContent ?? "").replace(/\s+/g, " ").trim();
}

function mark(row: HTMLElement, how: string): void {
  row.classList.remove("live-changed", "live-new");
  row.classList.add(how);
  window.setTimeout(() => row.classList.remove(how), MARKED_MS);
}
