import { describe, expect, it } from '@jest/globals';
import { startBudget } from '#capture/budget.ts';

const forEver = new Promise<string>(() => undefined);
const words = (error: unknown): string => String(error);
const { signal } = new AbortController();

describe('the capture budget', () => {
  it('gives the answer of a read that came in time', async () => {
    const budget = startBudget(10_000, signal, words);
    expect(await budget.within(Promise.resolve('lines'))).toEqual({ value: 'lines' });
    budget.end();
  });

  it('is not stretched by a read that hangs and ignores its signal', async () => {
    const budget = startBudget(20, signal, words);
    expect(await budget.within(forEver)).toEqual({ failed: 'timed out' });
    expect(budget.signal.aborted).toBe(true);
  });

  it('says why a read failed', async () => {
    const budget = startBudget(10_000, signal, () => 'gone');
    expect(await budget.within(Promise.reject(new Error('404')))).toEqual({ failed: 'gone' });
    budget.end();
  });

  it('ends with its caller', async () => {
    const caller = new AbortController();
    const budget = startBudget(10_000, caller.signal, words);
    const reading = budget.within(forEver);
    caller.abort();
    expect(await reading).toEqual({ failed: 'timed out' });
    budget.end();
  });
});
