/**
 * How charts look: the colours of Okabe and Ito, which people of any colour vision tell apart, each with a pattern of its
 * own beside, on paper and on the dark wall screen.
 */
export const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7f7f7f", "#332288", "#aa4499"];

export interface Ink {
  text: string;
  faint: string;
  ground: string;
  shade: string;
  size: number;
}

/** The colours of text and ground where a chart stands. */
export function inkOf(figure: HTMLElement): Ink {
  const dark = figure.closest("[data-bs-theme=dark]") !== null;
  return dark
    ? { text: "#e8eef2", faint: "#4a5a68", ground: "#0d1b24", shade: "rgba(255,255,255,0.10)", size: 18 }
    : { text: "#26323d", faint: "#d5dce3", ground: "#ffffff", shade: "rgba(60,72,88,0.10)", size: 12 };
}

const FORMAT = new Intl.NumberFormat(document.documentElement.lang || "vi", { maximumFractionDigits: 1 });

export function number(value: number): string {
  return FORMAT.format(value);
}
