import { describe, expect, it } from '@jest/globals';
import { backOffMs, createWorkQueue, type WorkQueue, type WorkQueueOptions } from '#controller/leading/work-queue.ts';
import { worldClock } from '#playground/clock.ts';

function started(work: WorkQueueOptions['work'], workers = 1) {
  const stop = new AbortController();
  const errors: string[] = [];
  const clock = worldClock({ unref: true });
  const queue: WorkQueue = createWorkQueue({
    work,
    workers,
    clock,
    signal: stop.signal,
    onError: (key, error, tries) => errors.push(`${key} ${String(error)} ${tries}`),
  });
  return { queue, errors, clock, stop: () => stop.abort(new Error('stop')) };
}

/** Lets everything that is ready run. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

it('grows the delay with each failure, up to 15 s', () => {
  expect([1, 2, 3, 9, 10, 50].map(backOffMs)).toEqual([50, 100, 200, 12_800, 15_000, 15_000]);
});

describe('a queue of work', () => {
  it('works on different keys at the same time, never on one key twice', async () => {
    const running: string[] = [];
    const gate = Promise.withResolvers<void>();
    const { queue, stop } = started(async (key) => {
      running.push(key);
      await gate.promise;
      return {};
    }, 2);
    queue.add('a');
    queue.add('b');
    await settled();
    queue.add('a');
    await settled();
    expect(running).toEqual(['a', 'b']);
    gate.resolve();
    await settled();
    expect(running).toEqual(['a', 'b', 'a']);
    stop();
    await queue.done;
  });

  it('comes back after the time that the work asked for, and sooner when somebody asks sooner', async () => {
    const worked: string[] = [];
    const { queue, clock, stop } = started((key) => {
      worked.push(key);
      return Promise.resolve(worked.length === 1 ? { afterMs: 60_000 } : {});
    });
    queue.add('a');
    await settled();
    queue.addAfter('a', 30_000);
    queue.addAfter('a', 90_000);
    clock.advance(29_000);
    await settled();
    expect(worked).toHaveLength(1);
    clock.advance(2_000);
    await settled();
    expect(worked).toHaveLength(2);
    clock.advance(100_000);
    await settled();
    expect(worked).toHaveLength(2);
    stop();
    await queue.done;
  });

  it('tries failed work again with growing delays, and forgets failures after a success', async () => {
    let fails = 2;
    const { queue, errors, clock, stop } = started(() => {
      if (fails-- > 0) return Promise.reject(new Error('no'));
      return Promise.resolve({});
    });
    queue.add('a');
    for (let n = 0; n < 4; n++) {
      await settled();
      clock.advance(200);
    }
    await settled();
    expect(errors).toEqual(['a Error: no 1', 'a Error: no 2']);
    fails = 1;
    queue.add('a');
    await settled();
    expect(errors.at(-1)).toBe('a Error: no 1');
    stop();
    await queue.done;
  });

  it('ends with its signal, waits for work under way, and begins nothing more', async () => {
    const gate = Promise.withResolvers<void>();
    const worked: string[] = [];
    const { queue, stop } = started(async (key) => {
      worked.push(key);
      await gate.promise;
      return {};
    });
    queue.add('a');
    queue.add('b');
    await settled();
    stop();
    queue.add('c');
    gate.resolve();
    await queue.done;
    expect(worked).toEqual(['a']);
  });
});
