/**
 * Makes a part of the page like a fresh one from the server, keeping what can stay: elements, and so the focus, the
 * scroll, what is open and what was typed. Elements that tell a thing apart have a data-key, else an id.
 */

/** What scripts add to an element while it stands, and the server does not write. */
const OURS = new Set(["data-sent", "aria-busy", "data-live-state"]);
/** A part that loads by itself, or is drawn by a script, is left alone: it has its own way to become new. */
const OWN_WAY = '[data-live-keep], [hx-trigger^="load"]';
/** What the reader has just done, with its undo: it stays where it is, also when it is listed no more. */
const STAYS = '[data-live-keep="stay"]';

export function keyOf(element: Element): string {
  return element.getAttribute("data-key") ?? element.id;
}

function stays(node: Node | null): boolean {
  return node instanceof Element && node.matches(STAYS);
}

/** The first node from `next` on that may change; blanks before what stays are left with it. */
function pastStays(next: ChildNode | null): ChildNode | null {
  let node = next;
  while (node instanceof Text && !node.data.trim()) node = node.nextSibling;
  return node && stays(node) ? pastStays(node.nextSibling) : next;
}

function matches(old: Node, fresh: Node): boolean {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) return false;
  return !(old instanceof Element) || !(fresh instanceof Element) || keyOf(old) === keyOf(fresh);
}

function syncAttributes(old: Element, fresh: Element): void {
  for (const { name, value } of [...fresh.attributes]) {
    if (name !== "open" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (name !== "open" && !OURS.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
}

function morphChildren(old: Element, fresh: Element): void {
  const keyed = new Map<string, Element>();
  for (const child of old.children) if (keyOf(child)) keyed.set(keyOf(child), child);
  let next: ChildNode | null = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    next = pastStays(next);
    const key = wanted instanceof Element ? keyOf(wanted) : "";
    let found: ChildNode | null = null;
    if (key) found = keyed.get(key) ?? null;
    else {
      // What has no key is found by its order; what has one is found when its turn comes.
      found = next;
      while (found && !(matches(found, wanted) && !(found instanceof Element && keyOf(found)))) found = found.nextSibling;
    }
    if (stays(found)) continue;
    if (found && matches(found, wanted)) {
      if (found === next) next = found.nextSibling;
      else old.insertBefore(found, next);
      morphNode(found, wanted);
    } else old.insertBefore(document.importNode(wanted, true), next);
  }
  while (next) {
    const gone: ChildNode = next;
    next = next.nextSibling;
    if (!stays(gone)) gone.remove();
  }
}

function morphNode(old: Node, fresh: Node): void {
  if (old instanceof Element && fresh instanceof Element) {
    if (old.matches(OWN_WAY)) return;
    syncAttributes(old, fresh);
    morphChildren(old, fresh);
  } else if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
}

/** Make what is inside `old` like what is inside `fresh`. */
export function morphInside(old: Element, fresh: Element): void {
  const focused = document.activeElement;
  const anchor = old.contains(focused) ? focused : firstInView(old);
  const top = anchor?.getBoundingClientRect().top ?? 0;
  morphChildren(old, fresh);
  if (focused instanceof HTMLElement && focused.isConnected && document.activeElement !== focused) {
    focused.focus({ preventScroll: true });
  }
  if (anchor?.isConnected) {
    const moved = anchor.getBoundingClientRect().top - top;
    if (Math.abs(moved) > 1) window.scrollBy({ top: moved, behavior: "instant" });
  }
}

/** The first row that the reader sees: it stays where it is on the screen. */
function firstInView(part: Element): Element | null {
  if (part.getBoundingClientRect().top >= 0) return null;
  return [...part.querySelectorAll("[data-key]")].find((row) => row.getBoundingClientRect().top >= 0) ?? null;
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function isTouched(field: Field): boolean {
  if (field instanceof HTMLSelectElement) {
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0);
  }
  if (field.type === "checkbox" || field.type === "radio") return (field as HTMLInputElement).checked !== (field as HTMLInputElement).defaultChecked;
  return field.type !== "hidden" && field.value !== field.defaultValue;
}

/** Whether somebody has typed or chosen something in `old` that has no place in `fresh`. */
export function wouldLoseTyping(old: Element, fresh: Element): boolean {
  const fields = [...old.querySelectorAll<Field>("input, textarea, select")].filter((field) => isTouched(field));
  return fields.some((field) => {
    const form = field.form?.getAttribute("action");
    const same = field.id ? `#${CSS.escape(field.id)}` : `${field.localName}[name="${CSS.escape(field.name)}"]`;
    const there = fresh.querySelector<Field>(same);
    return !there || there.form?.getAttribute("action") !== form;
  });
}
