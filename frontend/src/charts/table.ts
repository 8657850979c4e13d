/** The numbers of a chart, read from the table behind it, so that both always say the same. */

export interface Cell {
  value: number | null;
  url: string;
}

export interface Row {
  head: string;
  url: string;
  incomplete: boolean;
  cells: Cell[];
}

export interface Table {
  heads: string[];
  rows: Row[];
}

/** What the table under `figure` says: the heads of its columns but the first, and its rows. */
export function readTable(figure: HTMLElement): Table {
  const heads = [...figure.querySelectorAll("thead th")].slice(1).map((head) => (head.textContent ?? "").trim());
  const rows = [...figure.querySelectorAll<HTMLElement>("tbody tr")].map((row) => ({
    head: (row.querySelector("th a") ?? row.querySelector("th"))?.firstChild?.textContent?.trim() ?? "",
    url: row.dataset["url"] ?? "",
    incomplete: row.dataset["incomplete"] !== undefined,
    cells: [...row.querySelectorAll<HTMLElement>("td")].map((cell) => ({
      value: cell.dataset["value"] ? Number(cell.dataset["value"]) : null,
      url: cell.querySelector("a")?.getAttribute("href") ?? "",
    })),
  }));
  return { heads, rows };
}
