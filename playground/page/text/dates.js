/** Times as Slack writes them, in the reader's zone. Pure: the present comes in by parameter, locale and zone are the machine's. */

const oneDayMs = 24 * 60 * 60 * 1000;

const formatted = (ms, options) => new Intl.DateTimeFormat(undefined, options).format(new Date(ms));
const startOfDay = (ms) => new Date(ms).setHours(0, 0, 0, 0);
const daysBetween = (ms, nowMs) => Math.round((startOfDay(nowMs) - startOfDay(ms)) / oneDayMs);

/** @param {string} ts a message timestamp, "seconds.micros" */
export const milliseconds = (ts) => Number(ts) * 1000;

export const clockTime = (ms) => formatted(ms, { hour: 'numeric', minute: '2-digit' });

const clockTimeWithSeconds = (ms) => formatted(ms, { hour: 'numeric', minute: '2-digit', second: '2-digit' });

const nearDays = { 0: 'today', 1: 'yesterday', '-1': 'tomorrow' };

const pretty = (ms, nowMs, otherwise) => nearDays[daysBetween(ms, nowMs)] ?? otherwise;

const longDate = (ms, nowMs) =>
  formatted(ms, {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    ...(new Date(ms).getFullYear() === new Date(nowMs).getFullYear() ? {} : { year: 'numeric' }),
  });

const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** "Today", "Yesterday", "Friday, November 20": the words of a divider between days. */
export const dayName = (ms, nowMs) => capitalised(pretty(ms, nowMs, longDate(ms, nowMs)));

export const isSameDay = (a, b) => startOfDay(a) === startOfDay(b);

/** "Today at 3:04:10 AM": what hovering over a time shows. */
export const fullTime = (ms, nowMs) => `${dayName(ms, nowMs)} at ${clockTimeWithSeconds(ms)}`;

/** "today at 3:04 AM", after "Last reply". */
export const relativeDay = (ms, nowMs) =>
  `${pretty(ms, nowMs, formatted(ms, { month: 'short', day: 'numeric' }))} at ${clockTime(ms)}`;

/** "2 minutes ago", for the {ago} token. */
export function ago(ms, nowMs) {
  const seconds = Math.round((ms - nowMs) / 1000);
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  if (Math.abs(seconds) < 60) return words.format(seconds, 'second');
  if (Math.abs(seconds) < 3600) return words.format(Math.round(seconds / 60), 'minute');
  if (Math.abs(seconds) < 86_400) return words.format(Math.round(seconds / 3600), 'hour');
  return words.format(Math.round(seconds / 86_400), 'day');
}

/** Slack's date tokens: https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
const tokens = {
  date_num: (ms) => {
    const day = new Date(ms);
    const two = (part) => String(part).padStart(2, '0');
    return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  },
  date: (ms) => formatted(ms, { month: 'long', day: 'numeric', year: 'numeric' }),
  date_short: (ms) => formatted(ms, { month: 'short', day: 'numeric', year: 'numeric' }),
  date_long: (ms) => formatted(ms, { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' }),
  date_pretty: (ms, nowMs) => pretty(ms, nowMs, tokens.date(ms)),
  date_short_pretty: (ms, nowMs) => pretty(ms, nowMs, tokens.date_short(ms)),
  date_long_pretty: (ms, nowMs) => pretty(ms, nowMs, tokens.date_long(ms)),
  time: clockTime,
  time_secs: clockTimeWithSeconds,
  ago,
};

/**
 * A `<!date^…>` of Slack's text.
 * @param {number} seconds since 1970
 * @param {string} format with tokens in braces; an unknown token stays
 */
export const formatDate = (seconds, format, nowMs) =>
  format.replace(/\{(\w+)\}/g, (whole, token) => tokens[token]?.(seconds * 1000, nowMs) ?? whole);
