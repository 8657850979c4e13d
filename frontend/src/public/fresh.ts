// An open page asks each minute for what is told now, while somebody can see it.
import { narrow } from "./lists";

const EVERY = 60_000;

/** Keep what is told fresh; `changed` runs after it was put in place. */
export function follow(changed: () => void): void {
  let asked = Date.now();
  const ask = (): void => {
    if (document.hidden || Date.now() - asked < EVERY - 1_000) return;
    asked = Date.now();
    void renew().then((done) => {
      if (done) changed();
    });
  };
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}

async function renew(): Promise<boolean> {
  try {
    const answer = await fetch(location.pathname, { credentials: "omit", cache: "no-cache" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("#told");
    const shown = document.querySelector("#told");
    if (!now || !shown || now.innerHTML === shown.innerHTML) return false;
    return put(shown, now);
  } catch {
    // Without a network the page stays as it is; its time says of when it is.
    return false;
  }
}

function put(shown: Element, now: Element): boolean {
  const field = document.querySelector<HTMLInputElement>("#find");
  const written = field?.value ?? "";
  const typing = document.activeElement === field;
  const open = document.querySelector<HTMLDetailsElement>("#few")?.open ?? false;
  shown.replaceChildren(...now.childNodes);
  const few = document.querySelector<HTMLDetailsElement>("#few");
  if (few) few.open = open;
  const fresh = document.querySelector<HTMLInputElement>("#find");
  if (fresh) {
    fresh.value = written;
    if (typing) fresh.focus();
    if (written) narrow();
  }
  return true;
}
