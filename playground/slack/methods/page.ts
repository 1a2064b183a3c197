import { SlackError } from '../slack-error.ts';

/** One page of a list and the cursor of the next, '' at the end. A cursor that was never given is `invalid_cursor`. */
export function page<T>(all: T[], cursor: string | undefined, limit: number): { items: T[]; next: string } {
  if (limit < 1 || limit > 1000) throw new SlackError('invalid_limit');
  const start = cursor
    ? Number(
        Buffer.from(cursor, 'base64url')
          .toString()
          .replace(/^next:/, ''),
      )
    : 0;
  if (!Number.isInteger(start) || start < 0) throw new SlackError('invalid_cursor');
  const end = start + limit;
  return {
    items: all.slice(start, end),
    next: end < all.length ? Buffer.from(`next:${end}`).toString('base64url') : '',
  };
}
