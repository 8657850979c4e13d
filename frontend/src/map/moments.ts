/** Moments as the address has them (2021-05-31, 2021-05-31T14:30; "" is now) and as people write them. */

const DAY = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}))?$/;
const WRITTEN = /^(?:(\d{1,2}:\d{2}) +)?(\d{1,2})\/(\d{1,2})\/(\d{4})(?: +(\d{1,2}:\d{2}))?$/;

/** As people write it here: 31/05/2021, or 14:30 31/05/2021. What is no moment stays as it is. */
export function writtenOf(at: string): string {
  const [, year, month, day, time] = DAY.exec(at) ?? [];
  if (!year) return at;
  return [time, `${day}/${month}/${year}`].filter(Boolean).join(" ");
}

/** As the address has it; undefined where it is no moment that there is. */
export function momentOf(text: string): string | undefined {
  const written = text.trim();
  if (!written) return "";
  const [, before, day, month, year, after] = WRITTEN.exec(written) ?? [];
  const iso = year ? `${year}-${month?.padStart(2, "0")}-${day?.padStart(2, "0")}` : written;
  const time = (before ?? after)?.padStart(5, "0");
  const whole = time ? `${iso}T${time}` : iso;
  const found = DAY.exec(whole);
  if (!found) return undefined;
  const [, y, m, d] = found.map(Number);
  const there = new Date(Date.UTC(y ?? 0, (m ?? 1) - 1, d));
  const exists = there.getUTCDate() === d && there.getUTCMonth() + 1 === m;
  return exists && !(found[4] && found[4] > "23:59") ? whole : undefined;
}

export function dayOf(at: string): string {
  return at.slice(0, 10);
}
