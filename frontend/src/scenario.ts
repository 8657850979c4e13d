/** The clock of a demonstration: the badge in the page's header runs on as the server's clock does. */

const FORMAT = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Ho_Chi_Minh",
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** Have every `[data-scenario-moment]` show the present moment: that of its page's making, and `data-scenario-speed` times what passed since. */
export function startScenario(): void {
  for (const shown of document.querySelectorAll<HTMLElement>("[data-scenario-moment]")) {
    const moment = Date.parse(shown.dataset.scenarioMoment ?? "");
    const speed = Number(shown.dataset.scenarioSpeed);
    const made = performance.now();
    if (!(speed > 0) || Number.isNaN(moment)) continue;
    setInterval(() => {
      shown.textContent = text(new Date(moment + (performance.now() - made) * speed));
    }, 1000);
  }
}

function text(moment: Date): string {
  const part = new Map(FORMAT.formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${part.get("day")}/${part.get("month")}/${part.get("year")} ${part.get("hour")}:${part.get("minute")}`;
}
