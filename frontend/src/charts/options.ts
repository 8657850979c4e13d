/** What ECharts draws of a table, by kind of chart. */
import type { EChartsCoreOption } from "echarts/core";
import { COLOURS, type Ink, number } from "./look";
import type { Row, Table } from "./table";

interface Texts {
  incomplete: string;
}

interface Point {
  seriesName?: string;
  seriesType?: string;
  dataIndex: number;
  value?: unknown;
  marker?: string;
}

/** Where stacked bars end: with so many patterns nothing else tells the parts apart. */
const PATTERNS = [
  {},
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 },
  { symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [5, 0], symbolSize: 0.6 },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 5], rotation: Math.PI / 4 },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: 0 },
  { symbol: "triangle", dashArrayX: [[8, 8], [0, 8, 8, 0]], dashArrayY: [8, 0], symbolSize: 0.7 },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 2 },
  { symbol: "diamond", dashArrayX: [[7, 7], [0, 7, 7, 0]], dashArrayY: [7, 0], symbolSize: 0.7 },
];

function pattern(n: number): Record<string, unknown> | undefined {
  const found = PATTERNS[n % PATTERNS.length] ?? {};
  return n % PATTERNS.length ? { color: "rgba(255,255,255,0.55)", ...found } : undefined;
}

function bar(n: number): Record<string, unknown> {
  return { color: COLOURS[n % COLOURS.length], decal: pattern(n) };
}

function common(ink: Ink): EChartsCoreOption {
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 250,
    textStyle: { fontFamily: "system-ui, sans-serif", fontSize: ink.size, color: ink.text },
    grid: { left: 8, right: 12, top: ink.size * 3.4, bottom: 4, containLabel: true },
    legend: { type: "scroll", top: 0, left: 0, textStyle: { color: ink.text, fontSize: ink.size }, pageTextStyle: { color: ink.text } },
  };
}

function countAxis(ink: Ink, absolute = false): Record<string, unknown> {
  return {
    type: "value",
    minInterval: 1,
    axisLabel: { color: ink.text, fontSize: ink.size, formatter: (value: number) => number(absolute ? Math.abs(value) : value) },
    splitLine: { lineStyle: { color: ink.faint } },
  };
}

/** dd/mm of dd/mm/yyyy: the year stands in the table and the title. */
function short(head: string): string {
  return /^\d\d\/\d\d\/\d{4}$/.test(head) ? head.slice(0, 5) : head;
}

function tip(table: Table, ink: Ink, texts: Texts): Record<string, unknown> {
  return {
    trigger: "axis",
    axisPointer: { type: "shadow" },
    // Drawn on the canvas: no markup, so nothing that a policy would have to allow.
    renderMode: "richText",
    confine: true,
    backgroundColor: ink.ground,
    borderColor: ink.faint,
    textStyle: { color: ink.text, fontSize: ink.size },
    formatter: (given: Point | Point[]) => {
      const points = Array.isArray(given) ? given : [given];
      const row = table.rows[points[0]?.dataIndex ?? 0];
      if (!row) return "";
      const lines = row.cells.flatMap((cell, n) => (cell.value ? [`${table.heads[n] ?? ""}: ${number(cell.value)}`] : []));
      return [row.head + (row.incomplete ? ` (${texts.incomplete})` : ""), ...lines].join("\n");
    },
  };
}

function days(rows: Row[], ink: Ink): Record<string, unknown> {
  return {
    type: "category",
    data: rows.map((row) => short(row.head)),
    axisLabel: { color: ink.text, fontSize: ink.size, hideOverlap: true },
    axisTick: { alignWithLabel: true },
  };
}

function incompleteArea(rows: Row[], ink: Ink, texts: Texts): Record<string, unknown> | undefined {
  const first = rows.findIndex((row) => row.incomplete);
  if (first < 0) return undefined;
  return {
    silent: true,
    itemStyle: { color: ink.shade },
    label: { color: ink.text, fontSize: ink.size - 1, position: "insideTop" },
    data: [[{ name: texts.incomplete, xAxis: first }, { xAxis: rows.length - 1 }]],
  };
}

/** Stacked bars by day, the last column being their mean as a line; incomplete days paler and marked. */
export function stacked(table: Table, ink: Ink, texts: Texts): EChartsCoreOption {
  const parts = table.heads.slice(0, -1);
  const mean = table.heads.length - 1;
  const series: Record<string, unknown>[] = parts.map((name, n) => ({
    type: "bar",
    stack: "cases",
    name,
    cursor: "pointer",
    barCategoryGap: "12%",
    itemStyle: bar(n),
    data: table.rows.map((row) => ({ value: row.cells[n]?.value ?? 0, itemStyle: row.incomplete ? { opacity: 0.55 } : {} })),
  }));
  series.push({
    type: "line",
    name: table.heads[mean],
    symbol: "none",
    silent: true,
    lineStyle: { color: ink.text, width: ink.size / 6 },
    itemStyle: { color: ink.text },
    data: table.rows.map((row) => row.cells[mean]?.value ?? null),
    markArea: incompleteArea(table.rows, ink, texts),
  });
  return { ...common(ink), tooltip: tip(table, ink, texts), xAxis: days(table.rows, ink), yAxis: countAxis(ink), series };
}

/** Women to the left, men to the right, the oldest above; those of no known sex behind the men. */
export function pyramid(table: Table, ink: Ink, texts: Texts): EChartsCoreOption {
  const rows = [...table.rows].reverse();
  const turned = { heads: table.heads, rows };
  const used = table.heads.map((_, n) => n).filter((n) => n < 2 || rows.some((row) => row.cells[n]?.value));
  return {
    ...common(ink),
    tooltip: tip(turned, ink, texts),
    xAxis: countAxis(ink, true),
    yAxis: { type: "category", data: rows.map((row) => row.head), axisTick: { show: false }, axisLabel: { color: ink.text, fontSize: ink.size } },
    series: used.map((n) => ({
      type: "bar",
      stack: "people",
      name: table.heads[n],
      cursor: "pointer",
      barCategoryGap: "18%",
      itemStyle: bar([1, 0, 7][n] ?? n),
      data: rows.map((row) => (row.cells[n]?.value ?? 0) * (n === 0 ? -1 : 1)),
    })),
  };
}

/** Results by day, positives below negatives, and the samples taken as a line. */
export function tests(table: Table, ink: Ink, texts: Texts): EChartsCoreOption {
  const bars = [0, 1].map((n) => ({
    type: "bar",
    stack: "results",
    name: table.heads[n],
    cursor: "pointer",
    itemStyle: bar(n === 0 ? 5 : 4),
    data: table.rows.map((row) => row.cells[n]?.value ?? 0),
  }));
  const line = {
    type: "line",
    name: table.heads[2],
    symbol: "circle",
    symbolSize: ink.size / 3,
    lineStyle: { color: ink.text, type: "dashed", width: 1.5 },
    itemStyle: { color: ink.text },
    data: table.rows.map((row) => row.cells[2]?.value ?? 0),
  };
  return { ...common(ink), tooltip: tip(table, ink, texts), xAxis: days(table.rows, ink), yAxis: countAxis(ink), series: [...bars, line] };
}

