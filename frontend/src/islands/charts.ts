/**
 * Charts drawn from the tables behind them.
 *
 * Mounts on each <figure data-chart="stacked | pyramid | tests">, which holds a .chart-canvas and a table; see
 * `charts/table.ts`. data-text-incomplete, -empty and -failed are its texts. A press on a bar opens the list of its cell,
 * else of its row. data-state says how far it is: ready, empty or failed.
 */
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, TooltipComponent } from "echarts/components";
import { type ECharts, type EChartsCoreOption, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { type Ink, inkOf } from "../charts/look";
import { pyramid, stacked, tests } from "../charts/options";
import { readTable, type Table } from "../charts/table";
import "../styles/situation.css";

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, TooltipComponent, CanvasRenderer]);

const KINDS: Record<string, (table: Table, ink: Ink, texts: { incomplete: string }) => EChartsCoreOption> = { stacked, pyramid, tests };
const drawn = new WeakMap<HTMLElement, ECharts>();
const sized = new ResizeObserver((entries) => {
  for (const entry of entries) drawn.get(entry.target as HTMLElement)?.resize();
});

function notice(canvas: HTMLElement, text: string): void {
  const known = canvas.querySelector(".chart-notice");
  const box = known ?? canvas.appendChild(document.createElement("p"));
  box.className = "chart-notice";
  box.textContent = text;
  (box as HTMLElement).hidden = !text;
}

function chartOf(figure: HTMLElement, canvas: HTMLElement): ECharts {
  const known = drawn.get(canvas);
  if (known) return known;
  const chart = init(canvas, null, { renderer: "canvas" });
  drawn.set(canvas, chart);
  sized.observe(canvas);
  chart.on("click", (press) => {
    const table = readTable(figure);
    const rows = figure.dataset["chart"] === "pyramid" ? table.rows.reverse() : table.rows;
    const row = rows[press.dataIndex];
    const cell = row?.cells[table.heads.indexOf(press.seriesName ?? "")];
    const url = cell?.url || row?.url;
    if (url) location.assign(url);
  });
  return chart;
}

function draw(figure: HTMLElement): void {
  const canvas = figure.querySelector<HTMLElement>(".chart-canvas");
  const options = KINDS[figure.dataset["chart"] ?? ""];
  if (!canvas || !options) return;
  const { textEmpty = "", textFailed = "", textIncomplete = "" } = figure.dataset;
  try {
    const table = readTable(figure);
    const some = table.rows.some((row) => row.cells.some((cell) => cell.value));
    chartOf(figure, canvas).setOption(options(table, inkOf(figure), { incomplete: textIncomplete }), { notMerge: true });
    notice(canvas, some ? "" : textEmpty);
    figure.dataset["state"] = some ? "ready" : "empty";
  } catch (error) {
    console.error(error);
    notice(canvas, textFailed);
    figure.dataset["state"] = "failed";
    figure.querySelector("details")?.setAttribute("open", "");
  }
}

function drawAll(): void {
  for (const figure of document.querySelectorAll<HTMLElement>("figure[data-chart]")) draw(figure);
}

drawAll();
for (const event of ["live:applied", "htmx:afterSettle", "wall:turned"]) document.addEventListener(event, drawAll);
