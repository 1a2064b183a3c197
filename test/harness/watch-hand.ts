/** A hand between the cluster and its watches: each line of a watch goes through it, as it came. */
import type { ApiResponse } from '#playground/cluster/api/message.ts';
import { isStream } from '#playground/cluster/api/message.ts';
import type { Between } from '#playground/cluster/front.ts';

/** Writes a line on, now, later, twice or never; each watch has a hand of its own. */
export type LineHand = (line: string, write: (line: string) => void) => void;

/** `hand` is asked for each watch that begins, with its path; undefined: nothing happens to it. */
export function betweenWatches(hand: (path: string) => LineHand | undefined): Between {
  return async ({ path, query }, pass): Promise<ApiResponse> => {
    const response = await pass();
    if (query.get('watch') !== 'true' || !isStream(response)) return response;
    const own = hand(path);
    if (own === undefined) return response;
    return {
      ...response,
      start(sink) {
        let rest = '';
        return response.start({
          write(chunk) {
            const lines = (rest + chunk).split('\n');
            rest = lines.pop() ?? '';
            for (const line of lines) own(line, (words) => sink.write(`${words}\n`));
          },
          end: () => sink.end(),
        });
      },
    };
  };
}
