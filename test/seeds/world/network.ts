/**
 * The ways between a machine of the bot and the rest, in this weather. A request sent is on its way even if its sender dies; an answer
 * to a machine that is frozen waits, and one to a dead machine is never read.
 */
import { unreachable, apiError, operationOf } from '#clients/kubernetes/answer.ts';
import { ApiUnreachable } from '#clients/kubernetes/api.ts';
import type { Transport } from '#clients/kubernetes/api-server.ts';
import { isStream } from '#playground/cluster/api/message.ts';
import type { Fate, Refused, Weather } from '../faults/weather.ts';
import { type Machine, onMachine } from '../time/machine.ts';
import type { Timeline } from '../time/timeline.ts';
import type { SeedCluster } from './cluster.ts';
import { watchStream } from './watch-stream.ts';

export interface Place {
  timeline: Timeline;
  machine: Machine;
  weather: () => Weather;
}

interface Answered {
  status: number;
  /** What it says; the text itself where it is no JSON, or a refusal. */
  body: string | object;
  retryAfter?: string;
}

/** Sends, in this weather; never settles when no answer comes. `RESET`: the connection broke. */
export const RESET = Symbol('reset');

export function travel<Answer>(
  { timeline, machine }: Place,
  fate: Fate,
  arrive: () => Answer | Promise<Answer>,
  instead: (refused: Refused) => Answer,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const reset = (): void => reject(Object.assign(new Error('connection reset'), { code: 'ECONNRESET', reason: RESET }));
  const back = (answer: () => void): void => {
    if (!machine.isDead) onMachine(machine, () => timeline.after(fate.backMs, answer));
  };
  const inTheWorld = (ms: number, run: () => void): void => void onMachine(undefined, () => timeline.after(ms, run));

  inTheWorld(fate.thereMs, () => {
    if (fate.dropped !== undefined) return fate.dropped === 'reset' ? back(reset) : undefined;
    if (fate.refused !== undefined) return back(() => resolve(instead(fate.refused!)));
    const done = arrive();
    if (fate.againAfterMs !== undefined) inTheWorld(fate.againAfterMs, () => void arrive());
    if (fate.answerLost !== undefined) return fate.answerLost === 'reset' ? back(reset) : undefined;
    if (fate.misanswered !== undefined) return back(() => resolve(instead(fate.misanswered!)));
    if (done instanceof Promise) void done.then((answer) => back(() => resolve(answer)));
    else back(() => resolve(done));
  });
  return promise;
}

/** The promise, or the signal's reason as soon as it is aborted. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return promise;
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener('abort', onAbort));
}

const statusOf = ({ status, retryAfterSeconds }: Refused): Answered => {
  const reasons: Record<number, string> = {
    401: 'Unauthorized',
    409: 'Conflict',
    429: 'TooManyRequests',
    504: 'Timeout',
  };
  const body = {
    kind: 'Status',
    status: 'Failure',
    reason: reasons[status] ?? 'InternalError',
    message: 'by the weather',
    code: status,
  };
  return {
    status,
    body: JSON.stringify(body),
    ...(retryAfterSeconds === undefined ? {} : { retryAfter: String(retryAfterSeconds) }),
  };
};

/** The bot's way to the API server, at the place where HTTP would begin. */
export function clusterTransport(place: Place, cluster: SeedCluster): Transport {
  const { machine, weather, timeline } = place;
  return {
    async exchange(r, { signal, caller }) {
      const operation = operationOf(r.method, r.path);
      const sentAtMs = timeline.world();
      const arrive = (): Answered => {
        const answer = cluster.handle(machine.name, r, sentAtMs);
        if (isStream(answer)) throw new TypeError(`${r.path} answered a stream`);
        const { status, value } = answer;
        return { status, body: status < 300 && typeof value === 'object' && value ? value : answer.body.toString() };
      };
      try {
        const sent = travel(place, weather().kubernetes(r.method, r.path), arrive, statusOf);
        const { status, body, retryAfter } = await orAborted(sent, signal);
        if (status >= 300) throw apiError(operation, status, typeof body === 'string' ? body : '', retryAfter);
        return body;
      } catch (error) {
        caller.throwIfAborted();
        throw error instanceof Error && error.name === 'ApiError' ? error : unreachable(operation, error);
      }
    },
    async *stream(path, signal) {
      const operation = operationOf('GET', path).replace('list', 'watch');
      try {
        yield* watchStream(place, cluster, path, signal);
      } catch (error) {
        signal.throwIfAborted();
        const isKnown = error instanceof ApiUnreachable || (error as Error).name === 'ApiError';
        throw isKnown ? error : unreachable(operation, error);
      }
    },
  };
}
