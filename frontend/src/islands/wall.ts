/**
 * The wall screen: shows one view after the other, and keeps itself at the present.
 *
 * Mounts on <div id="wall" data-seconds="for so long each">, which holds parts [data-view], buttons [data-wall] and a list
 * .wall-dots. Arrow keys turn, the space bar pauses. With data-stays the screen counts as used, so that it is not signed
 * out while nobody touches it: only where it shows no person.
 */
import "../styles/situation.css";

const STAYS_MS = 5 * 60_000;
const root = document.getElementById("wall");

class Wall {
  private shown = 0;
  private timer = 0;
  private paused = false;

  constructor(private readonly element: HTMLElement) {
    this.shown = Number(sessionStorage.getItem("wall") ?? 0) || 0;
    for (const button of element.querySelectorAll<HTMLElement>("[data-wall]")) button.addEventListener("click", () => this.act(button));
    document.addEventListener("keydown", (event) => this.key(event));
    // The part comes anew with all views in it: the one that was shown stays.
    document.addEventListener("live:applied", () => this.show());
    this.turn(0);
    if (element.dataset["stays"] !== undefined) window.setInterval(() => void this.stay(), STAYS_MS);
  }

  private get views(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>("[data-view]")];
  }

  private show(): void {
    const views = this.views;
    this.shown = ((this.shown % views.length) + views.length) % views.length;
    views.forEach((view, n) => (view.hidden = n !== this.shown));
    const dots = this.element.querySelector(".wall-dots");
    dots?.replaceChildren(
      ...views.map((_, n) => {
        const dot = document.createElement("li");
        dot.className = n === this.shown ? "active" : "";
        return dot;
      }),
    );
    sessionStorage.setItem("wall", String(this.shown));
    document.dispatchEvent(new CustomEvent("wall:turned"));
  }

  private turn(by: number): void {
    this.shown += by;
    this.show();
    window.clearTimeout(this.timer);
    const seconds = Number(this.element.dataset["seconds"] ?? 20);
    if (!this.paused) this.timer = window.setTimeout(() => this.turn(1), 1_000 * seconds);
  }

  private pause(): void {
    this.paused = !this.paused;
    const button = this.element.querySelector<HTMLElement>("[data-wall=pause]");
    button?.setAttribute("aria-pressed", String(this.paused));
    button?.classList.toggle("active", this.paused);
    this.turn(0);
  }

  private act(button: HTMLElement): void {
    const what = button.dataset["wall"];
    if (what === "next") this.turn(1);
    else if (what === "before") this.turn(-1);
    else if (what === "pause") this.pause();
    else if (document.fullscreenElement) void document.exitFullscreen();
    else void document.documentElement.requestFullscreen();
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "ArrowRight") this.turn(1);
    else if (event.key === "ArrowLeft") this.turn(-1);
    else if (event.key === " " && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      this.pause();
    }
  }

  /** Say that the screen is used; what is shown stays as it is, whatever is answered. */
  private async stay(): Promise<void> {
    try {
      await fetch(location.href, { method: "HEAD", headers: { "X-Idle": "0" } });
    } catch {
      // No network: the live line says so.
    }
  }
}

if (root) new Wall(root);
