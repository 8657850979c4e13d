/** The table behind a layer, below the map: its rows lead to the map, and the map to its rows. */
import htmx from "htmx.org";
import { askedTable, remember } from "./address";
import type { Board } from "./board";
import { showSelected } from "./detail";
import type { Entry } from "./entry";

export class Sheet {
  readonly #place = document.getElementById("map-table") as HTMLElement;
  #entry: Entry | undefined;

  constructor(
    readonly board: Board,
    readonly button: HTMLElement | null,
  ) {
    button?.addEventListener("click", () => (this.#entry ? this.close() : this.open(this.#first())));
    for (const entry of board.entries) {
      entry.element.querySelector(".map-to-table")?.addEventListener("click", (event) => {
        event.preventDefault();
        this.open(entry);
      });
    }
    this.#place.addEventListener("htmx:afterSettle", () => this.#wire());
    this.#place.addEventListener("click", (event) => this.#press(event));
    const asked = board.entryOf(askedTable() ?? "");
    if (asked) this.open(asked);
  }

  open(entry: Entry | undefined): void {
    if (!entry) return;
    this.#entry = entry;
    this.#place.hidden = false;
    this.button?.setAttribute("aria-expanded", "true");
    remember({ table: entry.code });
    void this.#load(entry.address(entry.element.dataset["table"] ?? "", this.board.at));
    this.board.map.resize();
  }

  close(): void {
    this.#entry = undefined;
    this.#place.hidden = true;
    this.#place.replaceChildren();
    this.button?.setAttribute("aria-expanded", "false");
    remember({ table: undefined });
    this.board.map.resize();
  }

  /** The layer was loaded anew: so is its table, where it stands. */
  renew(entry: Entry): void {
    if (entry !== this.#entry) return;
    if (!entry.on) return this.close();
    void this.#load(entry.address(entry.element.dataset["table"] ?? "", this.board.at));
  }

  /** Show the row of what is selected. */
  show(id: string): void {
    for (const row of this.#place.querySelectorAll<HTMLElement>("tr[data-key]")) {
      const chosen = row.dataset["key"] === id;
      row.classList.toggle("table-active", chosen);
      if (chosen) row.scrollIntoView({ block: "nearest" });
    }
  }

  #first(): Entry | undefined {
    const shown = this.board.entries.filter((entry) => entry.on);
    return shown.at(-1) ?? this.board.entries[0];
  }

  async #load(address: string): Promise<void> {
    await htmx.ajax("get", address, { target: "#map-table", swap: "innerHTML" });
  }

  #wire(): void {
    for (const button of this.#place.querySelectorAll<HTMLElement>("[data-find]")) button.hidden = !this.#entry?.packed;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn-close map-table-close";
    close.setAttribute("aria-label", this.board.words["close"] ?? "");
    close.addEventListener("click", () => this.close());
    this.#place.querySelector(".map-table-head")?.append(close);
    if (this.board.selected?.entry === this.#entry) this.show(this.board.selected?.id ?? "");
  }

  #press(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>("[data-find]");
    const row = button && this.#entry?.packed?.rowOf(button.dataset["find"] ?? "");
    const shape = typeof row === "number" ? this.#entry?.drawing?.shapeOf(row) : undefined;
    if (!this.#entry || typeof row !== "number" || !shape) return;
    this.board.showShape(shape);
    showSelected(this.board, { entry: this.#entry, hit: { row, count: 1, at: [0, 0], radius: 0 } });
  }
}
