/** A layer's line in the panel: on or off, its choices, how it fares, its legend. It loads itself and has itself drawn. */
import type { Drawing } from "./drawing";
import { showLegend } from "./legend";
import { Packed } from "./packed";
import { filled, number, type Words } from "./words";

/** Days of the past that are kept while a map is played: they do not change any more. */
const KEPT = 60;
const HEADERS = { Accept: "application/vnd.tuyendau.layer" };
const WAIT_MS = 30_000;

class Refused extends Error {}

export class Entry {
  readonly code: string;
  readonly title: string;
  readonly kind: string;
  drawing: Drawing | undefined;
  packed: Packed | undefined;
  #asking: AbortController | undefined;
  #asked = "";
  #begun: { address: string; answer: Promise<Response> } | undefined;
  readonly #kept = new Map<string, Packed>();
  /** Days of the past that are under way: whoever wants one waits for the same. */
  readonly #coming = new Map<string, Promise<Packed>>();
  readonly #input: HTMLInputElement;
  #draw: ((entry: Entry) => Drawing) | undefined;
  #changed: ((entry: Entry) => void) | undefined;

  constructor(
    readonly element: HTMLElement,
    readonly words: Words,
  ) {
    const { layer = "", title = "", kind = "" } = element.dataset;
    this.code = layer;
    this.title = title;
    this.kind = kind;
    this.#input = this.#part<HTMLInputElement>("input[name=layers]");
  }

  /** Who draws it, and who is told when something else is drawn. */
  drawnBy(draw: (entry: Entry) => Drawing, changed: (entry: Entry) => void): void {
    this.#draw = draw;
    this.#changed = changed;
  }

  get on(): boolean {
    return this.#input.checked;
  }

  set on(on: boolean) {
    this.#input.checked = on;
  }

  get clustered(): boolean {
    return this.element.dataset["clustered"] !== undefined;
  }

  /** The choices that differ from what they are by default, by their names in the address. */
  get options(): Record<string, string | undefined> {
    const fields = [...this.element.querySelectorAll<HTMLSelectElement | HTMLInputElement>(".map-options [name]")];
    return Object.fromEntries(fields.map((field) => [field.name, field.value === field.dataset["default"] ? undefined : field.value]));
  }

  /** What is chosen, in words. */
  get choices(): string[] {
    const fields = [...this.element.querySelectorAll<HTMLSelectElement | HTMLInputElement>(".map-options [name]")];
    return fields.flatMap((field) => {
      const value = field instanceof HTMLSelectElement ? field.selectedOptions[0]?.text : field.value;
      return value ? [`${field.closest("label")?.querySelector("span")?.textContent ?? ""}: ${value}`] : [];
    });
  }

  /** The address of something of the layer, as it is chosen, at a moment ("" is now). */
  address(base: string, at: string): string {
    const query = new URLSearchParams(at ? { at } : {});
    for (const [name, value] of Object.entries(this.options)) if (value !== undefined) query.set(name, value);
    const text = query.toString();
    return text ? `${base}?${text}` : base;
  }

  /** Show what is known at a moment, or put the layer away where it is off. Never throws: its line says what failed. */
  async show(at: string): Promise<void> {
    const body = this.#part<HTMLElement>(".map-layer-body");
    body.hidden = !this.on;
    this.#part<HTMLAnchorElement>(".map-to-table").href = this.address(this.element.dataset["table"] ?? "", at);
    this.#listen(at);
    if (!this.on) return this.#away();
    const address = this.address(this.element.dataset["source"] ?? "", at);
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#asked = address;
    this.#say("loading", this.packed ? "" : (this.words["loading"] ?? ""));
    try {
      const packed = await this.#get(address, at !== "", asking.signal);
      if (this.#asked !== address || !this.on) return;
      this.#take(packed);
      this.#say("ready", "");
    } catch (error) {
      if (asking.signal.aborted) return;
      console.warn(error);
      this.#say("failed", this.#why(error));
    }
  }

  /** Ask already, before the map can be drawn on: the first to show this moment takes the answer. */
  begin(at: string): void {
    if (!this.on) return;
    const address = this.address(this.element.dataset["source"] ?? "", at);
    const answer = fetch(address, { headers: HEADERS });
    answer.catch(() => undefined);
    this.#begun = { address, answer };
  }

  /** Load what will be asked for next, so that it is there when its turn comes. */
  async prepare(at: string): Promise<void> {
    if (this.on) await this.#get(this.address(this.element.dataset["source"] ?? "", at), true, AbortSignal.timeout(WAIT_MS)).catch(() => undefined);
  }

  async #get(address: string, past: boolean, signal: AbortSignal): Promise<Packed> {
    if (!past) return this.#fitting(await this.#ask(address, this.drawing?.outlines ?? "", signal), address);
    let coming = this.#coming.get(address);
    const kept = this.#kept.get(address);
    if (kept && this.#fits(kept)) return kept;
    if (!coming) {
      coming = this.#ask(address, this.drawing?.outlines ?? "", AbortSignal.timeout(WAIT_MS));
      this.#coming.set(address, coming);
      coming.finally(() => this.#coming.delete(address)).catch(() => undefined);
    }
    const packed = await this.#fitting(await coming, address);
    this.#kept.set(address, packed);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value as string);
    return packed;
  }

  /** Other outlines may have been shown while this was under way: then it is asked for with its own. */
  async #fitting(packed: Packed, address: string): Promise<Packed> {
    return this.#fits(packed) ? packed : this.#ask(address, "", AbortSignal.timeout(WAIT_MS));
  }

  /** Whether its outlines came with it, or are those that are drawn. */
  #fits(packed: Packed): boolean {
    return !packed.head.outlines || packed.has("shapes") || packed.head.outlines === this.drawing?.outlines;
  }

  async #ask(address: string, have: string, signal: AbortSignal): Promise<Packed> {
    const whole = have ? `${address}${address.includes("?") ? "&" : "?"}have=${have}` : address;
    const begun = this.#begun?.address === whole ? this.#begun.answer : undefined;
    this.#begun = undefined;
    const answer = await (begun ?? fetch(whole, { signal, headers: HEADERS }));
    const type = answer.headers.get("Content-Type") ?? "";
    if (answer.status === 400 && type.includes("json")) throw new Refused(((await answer.json()) as { errors: string[] }).errors.join(" "));
    // A session that has ended answers with the sign-in page.
    if (!answer.ok || !type.includes("vnd.tuyendau.layer")) throw new Error(`${answer.status} ${type}`);
    return new Packed(await answer.arrayBuffer());
  }

  #take(packed: Packed): void {
    this.drawing ??= this.#draw?.(this);
    this.packed = packed;
    this.drawing?.show(packed);
    const { head } = packed;
    this.#part<HTMLElement>(".map-count").textContent = number(head.count);
    showLegend(this.#part(".map-legend"), this.kind, packed, this.words);
    const notes = head.nowhere ? [{ text: filled(this.words["nowhere"], { n: head.nowhere }), url: this.#part<HTMLAnchorElement>(".map-to-table").href }] : [];
    const about = packed.approximate?.some(Boolean) ? [{ text: this.words["aboutOutlines"] ?? "", url: null }] : [];
    this.#part<HTMLElement>(".map-notes").replaceChildren(...[...notes, ...head.notes, ...about].map(({ text, url }) => noted(text, url)));
    this.element.dataset["renewed"] = String(Number(this.element.dataset["renewed"] ?? 0) + 1);
    this.#changed?.(this);
  }

  #away(): void {
    this.#asking?.abort();
    this.#asked = "";
    this.drawing?.remove();
    this.drawing = undefined;
    this.packed = undefined;
    this.#kept.clear();
    this.#part<HTMLElement>(".map-count").textContent = "";
    this.#say("off", "");
    this.#changed?.(this);
  }

  /** Only what is of now changes: the line to the server says when. */
  #listen(at: string): void {
    const topics = this.on && !at ? (this.element.dataset["topics"] ?? "") : "";
    if (this.element.dataset["live"] === topics) return;
    this.element.dataset["live"] = topics;
    this.element.dispatchEvent(new CustomEvent("live:applied", { bubbles: true }));
  }

  #say(state: string, text: string): void {
    const status = this.#part<HTMLElement>(".map-status");
    this.element.dataset["state"] = state;
    status.textContent = text;
    status.hidden = !text;
    status.setAttribute("role", state === "failed" ? "alert" : "status");
    this.#part<HTMLElement>(".map-again").hidden = state !== "failed";
  }

  #why(error: unknown): string {
    if (error instanceof Refused) return error.message;
    if (error instanceof TypeError) return `${this.words["failed"]} ${this.words["network"]}`;
    return (error as Error).message.startsWith("403") ? (this.words["denied"] ?? "") : (this.words["failed"] ?? "");
  }

  #part<T extends Element>(selector: string): T {
    return this.element.querySelector(selector) as T;
  }
}

function noted(text: string, url: string | null): HTMLElement {
  const line = document.createElement("p");
  line.className = "small text-secondary mb-1";
  if (!url) {
    line.textContent = text;
    return line;
  }
  const link = document.createElement("a");
  link.href = url;
  link.textContent = text;
  line.append(link);
  return line;
}
