/** Asks the API server what the bot's account may do, so that a missing permission is told before anything is touched. */
import type { Api, MayI } from './api.ts';
import type { Clock } from './clock.ts';
import { canonicalJson } from './template-hash.ts';

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const REMEMBERED_MS = 30_000;

/** Answers are remembered for 30 s; an outage is not. */
export function mayI(api: Api, clock: Clock): MayI {
  const remembered = new Map<string, { allowed: boolean; at: number }>();
  return async (question, signal) => {
    const key = canonicalJson(question);
    const known = remembered.get(key);
    if (known !== undefined && clock.monotonic() - known.at < REMEMBERED_MS) return known.allowed;
    const review = await api.create<{ status?: { allowed?: boolean } }>(
      REVIEWS,
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: question },
      },
      { signal },
    );
    const allowed = review.status?.allowed === true;
    remembered.set(key, { allowed, at: clock.monotonic() });
    return allowed;
  };
}
