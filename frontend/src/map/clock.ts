/** The moment that is shown: written, moved by the slider, played from the first day to today as known on each. */
import type { Board } from "./board";
import { dayOf, momentOf, writtenOf } from "./moments";
import { filled } from "./words";

/** What a day stays in view when the map is played, at least. */
const STEP_MS = 600;
const DRAG_MS = 120;
const FRESH_MS = 60_000;

interface Days {
  days: string[];
  counts: number[];
}

export class Clock {
  #days: string[] = [];
  #counts: number[] = [];
  #playing = 0;
  #timer = 0;
  #fetched = 0;
  readonly #place = document.getElementById("map-time") as HTMLElement;
  readonly #slider = this.#place.querySelector("input[type=range]") as HTMLInputElement;
  readonly #field = document.getElementById("map-at") as HTMLInputElement;
  readonly #error = document.getElementById("map-at-error") as HTMLElement;

  constructor(readonly board: Board) {
    this.#field.value = writtenOf(board.at);
    this.#field.addEventListener("change", () => this.#written());
    this.#slider.addEventListener("input", () => {
      this.stop();
      this.#label();
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#goTo(Number(this.#slider.value)), DRAG_MS);
    });
    this.#wire("now", () => void this.#show(""));
    this.#wire("back", () => void this.#goTo(this.#at - 1));
    this.#wire("on", () => void this.#goTo(this.#at + 1));
    this.#wire("play", () => (this.#playing ? this.stop() : void this.#play()));
    new ResizeObserver(() => this.#paint()).observe(this.#slider);
    this.#say();
  }

  /** Load the days; again once in a while, as days pass and cases come. Without them a moment can still be written. */
  async load(): Promise<void> {
    if (performance.now() - this.#fetched < FRESH_MS && this.#fetched) return;
    this.#fetched = performance.now();
    try {
      const answer = await fetch(this.#place.dataset["source"] ?? "", { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const { days, counts } = (await answer.json()) as Days;
      this.#days = days;
      this.#counts = counts;
    } catch (error) {
      console.warn(error);
    }
    const none = this.#days.length < 2;
    for (const part of this.#place.querySelectorAll<HTMLElement>(".map-play, .map-slider")) part.hidden = none;
    this.#slider.max = String(Math.max(0, this.#days.length - 1));
    this.#slider.value = String(this.#at);
    this.#label();
    this.#paint();
  }

  stop(): void {
    clearTimeout(this.#playing);
    this.#playing = 0;
    this.#pressed(false);
  }

  /** The place of the day that is shown; now is the last. */
  get #at(): number {
    if (!this.board.at) return this.#days.length - 1;
    const day = dayOf(this.board.at);
    const later = this.#days.findIndex((one) => one >= day);
    return later < 0 ? this.#days.length - 1 : later;
  }

  #momentAt(place: number): string {
    return place >= this.#days.length - 1 ? "" : (this.#days[Math.max(0, place)] ?? "");
  }

  async #goTo(place: number): Promise<void> {
    if (place < 0) return;
    await this.#show(this.#momentAt(place));
  }

  async #show(at: string): Promise<void> {
    this.#field.value = writtenOf(at);
    this.#field.removeAttribute("aria-invalid");
    this.#error.textContent = "";
    this.board.at = at;
    this.#slider.value = String(this.#at);
    this.#label();
    this.#paint();
    this.#say();
    await this.board.moveTo(at);
  }

  #written(): void {
    this.stop();
    const at = momentOf(this.#field.value);
    if (at !== undefined) return void this.#show(at);
    this.#field.setAttribute("aria-invalid", "true");
    this.#error.textContent = this.board.words["badMoment"] ?? "";
  }

  /** From the day that is shown, or from the first where that is the last; a day stays until it is drawn. */
  async #play(): Promise<void> {
    const from = this.#at >= this.#days.length - 1 ? 0 : this.#at;
    this.#pressed(true);
    this.#playing = -1;
    for (let place = from; this.#playing && place < this.#days.length; place++) {
      const next = this.#momentAt(place + 1);
      const began = performance.now();
      await this.#goTo(place);
      const prepared = next ? Promise.all(this.board.entries.map((entry) => entry.prepare(next))) : undefined;
      await Promise.all([prepared, new Promise((done) => setTimeout(done, STEP_MS - Math.min(STEP_MS, performance.now() - began)))]);
    }
    this.stop();
  }

  /** What is shown of the past is said on the map, so that nobody takes it for now. */
  #say(): void {
    const { at, element, words } = this.board;
    const place = element.querySelector<HTMLElement>(".map-past");
    if (!place) return;
    const whole = at.length <= 10;
    place.hidden = !at;
    place.textContent = at ? filled(words[whole ? "pastDay" : "past"], { day: writtenOf(at), at: writtenOf(at) }) : "";
  }

  #label(): void {
    const place = Number(this.#slider.value);
    const text = filled(this.board.words["dayOf"], { day: writtenOf(this.#days[place] ?? ""), n: this.#counts[place] ?? 0 });
    this.#slider.setAttribute("aria-valuetext", text);
    this.#slider.title = text;
  }

  /** The cases of each day above the slider. */
  #paint(): void {
    const canvas = this.#place.querySelector("canvas");
    const ctx = canvas?.getContext("2d");
    if (!canvas || !ctx || !this.#days.length) return;
    const ratio = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    ctx.scale(ratio, ratio);
    const most = Math.max(1, ...this.#counts);
    // The middle of the knob runs from half its width to half its width before the end.
    const [from, step] = [8, (width - 16) / Math.max(1, this.#days.length - 1)];
    const shown = Number(this.#slider.value);
    this.#counts.forEach((count, place) => {
      const tall = count ? Math.max(1.5, (height * count) / most) : 0;
      ctx.fillStyle = place <= shown ? "#0b5c7d" : "#b9c6ce";
      ctx.fillRect(from + step * place - Math.max(0.5, step * 0.4), height - tall, Math.max(1, step * 0.8), tall);
    });
  }

  #pressed(on: boolean): void {
    this.#place.querySelector("[data-map=play]")?.setAttribute("aria-pressed", String(on));
  }

  #wire(name: string, press: () => void): void {
    this.#place.querySelector(`[data-map=${name}]`)?.addEventListener("click", () => {
      if (name !== "play") this.stop();
      press();
    });
  }
}
