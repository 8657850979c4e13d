/** htmx, and what a person is told when one of its requests fails. */
import htmx from "htmx.org";
import { toast } from "./toast";

/** The texts of base.html for each way to fail, by the last part of their data attribute. */
type Failure = "network" | "denied" | "missing" | "server";

function failureOf(status: number): Failure {
  if (status === 0) return "network";
  if (status === 403) return "denied";
  return status === 404 ? "missing" : "server";
}

function tell(failure: Failure): void {
  toast(document.body.dataset[`fail${failure[0]?.toUpperCase()}${failure.slice(1)}`] ?? failure);
}

/** A session that has ended answers with the sign-in page: go there, rather than show it inside this page. */
function leaveForSignIn(event: Event): void {
  const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
  const login = document.body.dataset["login"];
  if (login && xhr.responseURL && new URL(xhr.responseURL).pathname === login && location.pathname !== login) {
    event.preventDefault();
    location.assign(`${login}?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
}

export function startRequests(): void {
  htmx.config.allowEval = false;
  htmx.config.includeIndicatorStyles = false;
  // Pages hold health records: none is kept in the browser's storage.
  htmx.config.historyCacheSize = 0;
  htmx.config.refreshOnHistoryMiss = true;
  htmx.config.responseHandling = [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ];
  document.addEventListener("htmx:beforeSwap", leaveForSignIn);
  document.addEventListener("htmx:responseError", (event) => {
    tell(failureOf((event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr.status));
  });
  document.addEventListener("htmx:sendError", () => tell("network"));
  document.addEventListener("htmx:timeout", () => tell("network"));
}
