/** A wire that loses requests and answers, delays them, sends writes twice and cuts answers short; what is watched is let through. */
import { setTimeout as wait } from 'node:timers/promises';
import { type ApiResponse, isStream } from '#playground/cluster/api/message.ts';
import { type Between, failure } from '#playground/cluster/front.ts';
import { seededRandom } from '#playground/scenarios/seeded-random.ts';

/** Below the time that a request of the bot is waited for: what is late is still the sender's own. */
const LATE_MS = 2_500;

type Sort = 'lost' | 'unanswered' | 'late' | 'answered late' | 'doubled' | 'cut short' | 'well';
/** Of a hundred. */
const SHARES: readonly (readonly [Sort, number])[] = [
  ['lost', 8],
  ['unanswered', 8],
  ['late', 8],
  ['answered late', 8],
  ['doubled', 8],
  ['cut short', 5],
];

function drawn(random: () => number): Sort {
  let left = random() * 100;
  for (const [sort, share] of SHARES) {
    if (left < share) return sort;
    left -= share;
  }
  return 'well';
}

function cutShort(answer: ApiResponse): ApiResponse {
  if (isStream(answer)) return answer;
  const { status, headers, body } = answer;
  return { status, headers, body: body.slice(0, Math.floor(body.length / 2)) };
}

/** The same seed and the same order of requests: the same troubles. */
export function badHand(seed: number): Between {
  const random = seededRandom(seed);
  return async ({ query }, pass) => {
    const sort = query.get('watch') === 'true' ? 'well' : drawn(random);
    switch (sort) {
      case 'lost':
        return failure(503);
      case 'unanswered':
        await pass();
        return failure(504);
      case 'late':
        await wait(random() * LATE_MS);
        return pass();
      case 'answered late': {
        const answer = await pass();
        await wait(random() * LATE_MS);
        return answer;
      }
      case 'doubled':
        await pass();
        return pass();
      case 'cut short':
        return cutShort(await pass());
      case 'well':
        return pass();
    }
  };
}
