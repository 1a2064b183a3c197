/** Spans of time in the words of somebody awake at three: "14 min", "3 h", "2 days". */

const MINUTE = 60_000;

export function span(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / MINUTE));
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h`;
  return `${Math.floor(hours / 24)} days`;
}

/** `at`: ISO 8601. */
export const ago = (at: string, now: number): string => `${span(now - Date.parse(at))} ago`;

/** "02:51 UTC", with the date when it is not today. */
export function utc(ms: number, now: number): string {
  const iso = new Date(ms).toISOString();
  const sameDay = iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10);
  return `${sameDay ? '' : `${iso.slice(0, 10)} `}${iso.slice(11, 16)} UTC`;
}
