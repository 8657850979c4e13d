/** The forest as the server sends it, column by column, and the little that is asked of it. */

export const MATCHED = 0;
export const BEYOND = 1;
export const ELSEWHERE = 2;

export interface Words {
  status: Record<string, string>;
  setting: Record<string, string>;
  axis: Record<string, string>;
  generation: string;
  more: string;
  others: string;
  unknown: string;
  elsewhere: string;
  beyond: string;
  nameless: string;
  nobody: string;
  hand: string;
  infected: string;
  collapsed: string;
  cases: string;
  title: string;
  drawn: string;
  solid: string;
  dashed: string;
  none: string;
  failed: string;
  undated: string;
  also: string;
}

interface Coded {
  values: string[];
  of: number[];
}

export type Axis = "best" | "onset" | "sample" | "reported";

/** Days count from 1 January 2020, null where not known; parent is a place in the columns, -1 for none. */
export interface Columns {
  kind: number[];
  id: string[];
  code: string[];
  name: string[];
  parent: number[];
  /** Further infectors that somebody named: infectee, infector, weight. */
  also: [number, number, number][];
  decided: number[];
  generation: number[];
  basis: number[];
  weight: number[];
  day: (number | null)[];
  onset: (number | null)[];
  sample: (number | null)[];
  reported: (number | null)[];
  status: Coded;
  commune: Coded;
  setting: Coded;
}

/** Who was infected by each node, in the order of the nodes. */
export function childrenOf(columns: Columns): number[][] {
  const children: number[][] = columns.parent.map(() => []);
  columns.parent.forEach((parent, node) => {
    if (parent >= 0) children[parent]?.push(node);
  });
  return children;
}

/**
 * The day at which each node is drawn by a date. One without that date stands by its best one; one of whom nothing is
 * told stands a little before the first whom it infected.
 */
export function daysOf(columns: Columns, axis: Axis, children: number[][]): Float64Array {
  const wanted = axis === "best" ? columns.day : columns[axis];
  const days = Float64Array.from(columns.kind, (_, node) => wanted[node] ?? columns.day[node] ?? NaN);
  for (let node = 0; node < days.length; node += 1) {
    if (!Number.isNaN(days[node])) continue;
    const below = (children[node] ?? []).map((child) => days[child] ?? NaN).filter((day) => !Number.isNaN(day));
    days[node] = below.length ? Math.min(...below) - 2 : 0;
  }
  return days;
}

/** A day as people write it, "13/05/2021" or "13/05". */
export function written(day: number, year = true): string {
  const date = new Date(Date.UTC(2020, 0, 1) + Math.round(day) * 86_400_000);
  const two = (n: number): string => String(n).padStart(2, "0");
  const short = `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}`;
  return year ? `${short}/${date.getUTCFullYear()}` : short;
}

/** Text without marks and capitals, for finding. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
}

/** The name by which a node is called on the drawing. */
export function called(columns: Columns, node: number, words: Words): string {
  if (columns.kind[node] === ELSEWHERE) return words.elsewhere;
  return columns.code[node] || columns.name[node] || words.nameless;
}

/** Fill the %(n)s of a text. */
export function filled(text: string, values: Record<string, string | number>): string {
  return text.replace(/%\((\w+)\)s/g, (_, name: string) => String(values[name] ?? ""));
}
