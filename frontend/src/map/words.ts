/** The texts of the map in the reader's language, as the page brings them. */

export type Words = Record<string, string>;

const LANGUAGE = document.documentElement.lang || "vi";
const numbers = new Intl.NumberFormat(LANGUAGE);

export function number(value: number): string {
  return numbers.format(value);
}

/** A text with what stands in braces filled in. */
export function filled(text: string | undefined, values: Record<string, string | number>): string {
  return (text ?? "").replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? number(value) : value;
  });
}
