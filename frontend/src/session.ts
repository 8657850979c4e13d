/** A session ends when nobody does anything: the page warns before, and does not keep it alive by itself. */
import { notice } from "./toast";

const LOOK_MS = 60_000;
const WARN_SECONDS = 300;
let moved = Date.now();

/** Whole seconds since a hand last moved on this page. */
function idle(): number {
  return Math.floor((Date.now() - moved) / 1000);
}

async function left(address: string, method: "GET" | "POST"): Promise<number | null> {
  const headers: Record<string, string> = { "X-Idle": String(method === "POST" ? 0 : idle()) };
  const token = document.body.getAttribute("hx-headers");
  if (token) Object.assign(headers, JSON.parse(token));
  const response = await fetch(address, { method, headers, redirect: "manual" });
  return response.ok ? ((await response.json()) as { left: number }).left : null;
}

async function look(address: string): Promise<void> {
  const seconds = await left(address, "GET").catch(() => Infinity);
  if (seconds === null || seconds <= 0) {
    location.assign(`${document.body.dataset["login"]}?next=${encodeURIComponent(location.pathname + location.search)}`);
    return;
  }
  if (seconds > WARN_SECONDS) return;
  const { sessionWarning: text, sessionStay: stay } = document.body.dataset;
  notice(text ?? "", stay ?? "", () => void left(address, "POST"));
}

export function startSession(): void {
  const address = document.body.dataset["session"];
  if (!address) return;
  for (const act of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    document.addEventListener(act, () => (moved = Date.now()), { passive: true });
  }
  document.addEventListener("htmx:configRequest", (event) => {
    (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["X-Idle"] = String(idle());
  });
  setInterval(() => void look(address), LOOK_MS);
}
