/**
 * Keeps an open page at the present. The page names what it shows (data-live on its parts), the stream says what has
 * changed, and the parts are fetched anew; see docs/live.md.
 */
import { type Change, Line, type State } from "./live/line";
import { Part } from "./live/part";

const parts = new Map<HTMLElement, Part>();
let line: Line | null = null;
let state: State = "waiting";

/** The words of each state stand in the element itself, written by the server in the reader's language. */
function show(next: State): void {
  if (state === "session" || state === "role") return;
  state = next;
  const place = document.getElementById("live-state");
  if (place) {
    place.dataset["liveState"] = next;
    // What shows the past is not kept at the present.
    const shown = [...parts.values()].some((part) => part.topics.length);
    place.hidden = !line || next === "off" || !shown;
    const word = place.querySelector("span:last-child");
    const text = place.dataset[`text${next[0]?.toUpperCase()}${next.slice(1)}`];
    if (word && text) word.textContent = text;
  }
  if (next === "session" || next === "role") end();
}

/** Access has ended: what is shown is no longer kept, and the page says so. */
function end(): void {
  const notice = document.getElementById("live-ended");
  if (notice) notice.hidden = false;
}

function lost(status: number): void {
  if (status === 401) show("session");
  else if (status === 403 || status === 404) show("role");
}

/** Whatever shows what changed is fetched anew; without changes to name, everything. */
function tell(changes: Change[] | null): void {
  for (const part of parts.values()) if (changes === null || changes.some((change) => part.shows(change))) part.touch();
}

/** Find the parts that the page has now, and say what they show. */
function find(): void {
  for (const [element, part] of parts) if (!part.isThere) parts.delete(element);
  for (const element of document.querySelectorAll<HTMLElement>("[data-live]")) {
    if (!parts.has(element)) parts.set(element, new Part(element, lost));
  }
  if (parts.size) line?.show([...parts.values()].flatMap((part) => part.topics));
  show(state);
}

export function startLive(): void {
  const { liveUrl, liveKey, liveAfter } = document.body.dataset;
  if (!liveUrl || !liveKey || !liveAfter || !document.querySelector("[data-live]")) return;
  line = new Line(liveUrl, `tuyendau-live-${liveKey}`, Number(liveAfter), tell, show);
  show("waiting");
  find();
  document.addEventListener("htmx:afterSettle", find);
  document.addEventListener("live:applied", find);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) for (const part of parts.values()) part.look();
  });
  document.getElementById("live-reload")?.addEventListener("click", () => location.reload());
}
