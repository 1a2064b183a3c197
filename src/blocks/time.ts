/** Times for readers: UTC always, the reader's own zone through Slack's date tokens, durations in words. No clock. */

/** "03:04 UTC". */
export function utcTime(iso: string): string {
  return `${iso.slice(11, 16)} UTC`;
}

/** "03:04:10 UTC". */
export function utcSeconds(iso: string): string {
  return `${iso.slice(11, 19)} UTC`;
}

/** "2026-11-23 03:04 UTC". */
export function utcDate(iso: string): string {
  return `${iso.slice(0, 10)} ${utcTime(iso)}`;
}

/** UTC, and the reader's own time in brackets where Slack knows it. */
export function bothTimes(iso: string): string {
  return `${utcTime(iso)} (<!date^${Math.floor(Date.parse(iso) / 1000)}^{time}|${utcTime(iso)}> your time)`;
}

/** "40 s", "1 min 52 s", "2 h 5 min". */
export function duration(fromIso: string, toIso: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(toIso) - Date.parse(fromIso)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
