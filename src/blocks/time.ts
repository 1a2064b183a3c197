/** Times for readers: UTC always, the reader's own zone beside it through Slack's date tokens; durations in words. No clock. */

/** ISO 8601 with seconds, in UTC; undefined when it is no time. */
function instant(iso: string | undefined): string | undefined {
  const ms = Date.parse(iso ?? '');
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

const NOT_KNOWN = 'time not known';

/** "03:04 UTC". */
export function utcTime(iso: string | undefined): string {
  const time = instant(iso);
  return time === undefined ? NOT_KNOWN : `${time.slice(-13, -8)} UTC`;
}

/** "03:04:10 UTC". */
function utcSeconds(iso: string | undefined): string {
  const time = instant(iso);
  return time === undefined ? NOT_KNOWN : `${time.slice(-13, -5)} UTC`;
}

/** "2026-11-23 03:04 UTC". */
function utcDate(iso: string | undefined): string {
  const time = instant(iso);
  return time === undefined ? NOT_KNOWN : `${time.slice(0, -14)} ${utcTime(time)}`;
}

/** Slack's token: the UTC text, then the reader's own time; the UTC text alone where tokens are not shown. */
function token(iso: string | undefined, utc: string, own: string): string {
  const time = instant(iso);
  return time === undefined ? utc : `<!date^${Math.floor(Date.parse(time) / 1000)}^${utc} / ${own}|${utc}>`;
}

/** "03:04 UTC / 4:04 AM", in mrkdwn. */
export function timeForReader(iso: string | undefined): string {
  return token(iso, utcTime(iso), '{time}');
}

/** "03:04:10 UTC / 4:04:10 AM", in mrkdwn. */
export function secondsForReader(iso: string | undefined): string {
  return token(iso, utcSeconds(iso), '{time_secs}');
}

/** "2026-11-23 03:04 UTC / 4:04 AM", in mrkdwn. */
export function dateForReader(iso: string | undefined): string {
  return token(iso, utcDate(iso), '{time}');
}

/** "40 s", "1 min 52 s", "2 h 5 min". */
export function duration(fromIso: string, toIso: string): string {
  const ms = Date.parse(toIso) - Date.parse(fromIso);
  const seconds = Number.isNaN(ms) ? 0 : Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** "1 minute", "15 minutes". */
export function minutes(count: number): string {
  return `${count} minute${count === 1 ? '' : 's'}`;
}
