import { describe, expect, it } from '@jest/globals';
import { createPerform } from '#controller/perform.ts';
import { type Effect, NotLeaderError, StillUnknownError } from '#rollback/ports.ts';

const { signal } = new AbortController();

/** One effect, with what happened to it in order. */
function anEffect(more: Partial<Effect<string>> = {}) {
  const happened: string[] = [];
  const step = (name: string) => () => {
    happened.push(name);
    return Promise.resolve(name);
  };
  const effect: Effect<string> = {
    kind: 'workload.patch',
    id: 'uid/auth-service/1',
    rollback: 'auth-service-1a2b3c',
    lookFirst: false,
    find: step('found'),
    act: step('acted'),
    ...more,
  };
  return { happened, effect };
}

describe('the one door', () => {
  const audit = (): void => undefined;

  it('acts without looking when the intent is new, and looks first when it is not', async () => {
    const perform = createPerform({ isLeader: () => true, audit });
    expect(await perform(anEffect().effect, signal)).toBe('acted');
    const again = anEffect({ lookFirst: true });
    expect(await perform(again.effect, signal)).toBe('found');
    expect(again.happened).toEqual(['found']);
  });

  it('does nothing while it cannot tell whether the effect stands', async () => {
    const { effect, happened } = anEffect({ lookFirst: true, find: () => Promise.resolve('unknown' as const) });
    await expect(createPerform({ isLeader: () => true, audit })(effect, signal)).rejects.toThrow(StillUnknownError);
    expect(happened).toEqual([]);
  });

  it('looks at the lease after the preparation, which may have taken longer than the lease', async () => {
    let isLeader = true;
    const { effect, happened } = anEffect({
      prepare: () => {
        isLeader = false;
        return Promise.resolve();
      },
    });
    await expect(createPerform({ isLeader: () => isLeader, audit })(effect, signal)).rejects.toThrow(NotLeaderError);
    expect(happened).toEqual([]);
  });

  it('prepares nothing for what is found', async () => {
    const { effect, happened } = anEffect({
      lookFirst: true,
      prepare: () => Promise.reject(new Error('prepared in vain')),
    });
    expect(await createPerform({ isLeader: () => true, audit })(effect, signal)).toBe('found');
    expect(happened).toEqual(['found']);
  });
});
