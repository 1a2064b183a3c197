/** One watch over the weather: events arrive in order, later than they were written; the connection may hang, break or end. */
import { apiError, operationOf } from '#clients/kubernetes/answer.ts';
import type { WatchEvent } from '#clients/kubernetes/api.ts';
import { isStream } from '#playground/cluster/api/message.ts';
import type { WatchFate } from '../faults/weather.ts';
import { onMachine } from '../time/machine.ts';
import type { SeedCluster } from './cluster.ts';
import type { Place } from './network.ts';

type Piece = { event: WatchEvent } | { end: true } | { error: unknown };

/** The transport's own: a connection without a byte for so long is given up. */
const SILENCE_MS = 120_000;

class Reader {
  readonly #pieces: Piece[] = [];
  #wake = Promise.withResolvers<void>();

  push(piece: Piece): void {
    this.#pieces.push(piece);
    this.#wake.resolve();
  }

  async next(): Promise<Piece> {
    while (this.#pieces.length === 0) {
      this.#wake = Promise.withResolvers();
      await this.#wake.promise;
    }
    return this.#pieces.shift()!;
  }
}

const errorEvent = (code: number): WatchEvent => {
  const reason = code === 410 ? 'Expired' : 'InternalError';
  const object = { kind: 'Status', apiVersion: 'v1', metadata: {}, code, reason };
  return { type: 'ERROR', object: object as unknown as WatchEvent['object'] };
};

const reset = (): Error => Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });

/** How the connection's own end reaches the reader. */
function endOf(how: NonNullable<WatchFate['ends']>['how']): { piece?: Piece; afterMs: number }[] {
  switch (how) {
    case 'reset':
      return [{ piece: { error: reset() }, afterMs: 0 }];
    case 'close':
      return [{ piece: { end: true }, afterMs: 0 }];
    case 'silent':
      return [{ piece: { error: new DOMException('silent', 'TimeoutError') }, afterMs: SILENCE_MS }];
    case 'expired':
      return [{ piece: { event: errorEvent(410) }, afterMs: 0 }];
    case 'error':
      return [{ piece: { event: errorEvent(500) }, afterMs: 0 }];
  }
}

export async function* watchStream(
  { timeline, machine, weather }: Place,
  cluster: SeedCluster,
  path: string,
  signal: AbortSignal,
): AsyncIterable<WatchEvent> {
  const fate = weather().watch(path);
  const reader = new Reader();
  const onAbort = (): void => reader.push({ error: signal.reason });
  signal.addEventListener('abort', onAbort, { once: true });
  /** Events wait for those before them, and for a connection that hangs. */
  let readAt = 0;
  let isBroken = false;
  const deliver = (piece: Piece, extraMs = 0): void => {
    if (machine.isDead) return;
    readAt = Math.max(readAt, timeline.world() + fate.latencyMs + extraMs);
    onMachine(machine, () => timeline.after(readAt - timeline.world(), () => reader.push(piece)));
  };
  let stop = (): void => undefined;
  const inTheWorld = (ms: number, run: () => void): void => void onMachine(undefined, () => timeline.after(ms, run));
  inTheWorld(fate.latencyMs, () => {
    const answer = cluster.handle(machine.name, { method: 'GET', path });
    if (!isStream(answer))
      return deliver({ error: apiError(operationOf('GET', path), answer.status, answer.body.toString()) });
    const begun = answer.start({
      write(chunk) {
        throw new TypeError(`${path} answered text: ${chunk}`);
      },
      event(type, object) {
        if (isBroken) return;
        const event = { type, object } as WatchEvent;
        deliver({ event });
        if (fate.doublesEvents) deliver({ event });
      },
      end: () => (isBroken ? undefined : deliver({ end: true })),
    });
    stop = begun;
  });
  if (fate.hangs !== undefined) {
    const { afterMs, forMs } = fate.hangs;
    inTheWorld(afterMs, () => (readAt = timeline.world() + forMs));
  }
  if (fate.ends !== undefined) {
    const { afterMs, how } = fate.ends;
    inTheWorld(afterMs, () => {
      if (isBroken) return;
      isBroken = true;
      stop();
      for (const { piece, afterMs: later } of endOf(how)) if (piece) deliver(piece, later);
    });
  }
  try {
    for (;;) {
      const piece = await reader.next();
      if ('error' in piece) throw piece.error;
      if ('end' in piece) return;
      yield piece.event;
    }
  } finally {
    isBroken = true;
    signal.removeEventListener('abort', onAbort);
    onMachine(undefined, stop);
  }
}
