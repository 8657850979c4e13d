/** The address of the page holds what is seen: layers, their choices, the moment, the view, what is selected. */

export interface View {
  zoom: number;
  lat: number;
  lon: number;
}

function asked(): URLSearchParams {
  return new URL(location.href).searchParams;
}

/** Write or take away names of the address; others stay as they are. */
export function remember(told: Record<string, string | undefined>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(told)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  // Commas, colons and slashes are read more easily as they are.
  url.search = url.searchParams.toString().replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

export function askedView(): View | undefined {
  const [zoom, lat, lon] = (asked().get("view") ?? "").split("/").map(Number);
  if (zoom === undefined || lat === undefined || lon === undefined) return undefined;
  const fits = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return fits ? { zoom, lat, lon } : undefined;
}

export function viewText({ zoom, lat, lon }: View): string {
  return `${zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`;
}

/** The layer and the public id of what is selected. */
export function askedSelection(): [layer: string, id: string] | undefined {
  const text = asked().get("on") ?? "";
  const at = text.indexOf(":");
  return at > 0 ? [text.slice(0, at), text.slice(at + 1)] : undefined;
}

export function askedTable(): string | undefined {
  return asked().get("table") ?? undefined;
}
