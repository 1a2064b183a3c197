import { describe, expect, it } from '@jest/globals';
import { abortable, LateError } from '#slack/deadline.ts';

describe('work that is told to stop when it is late', () => {
  it('is late, whatever it says itself the moment it is told', async () => {
    let reason: unknown;
    const work = (signal: AbortSignal): Promise<string> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
          reject(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
        });
      });
    await expect(abortable(5, 'create', work)).rejects.toBeInstanceOf(LateError);
    expect(reason).toBeInstanceOf(LateError);
  });

  it('gives its result, or its own failure, when it comes in time', async () => {
    expect(await abortable(10_000, 'create', () => Promise.resolve('done'))).toBe('done');
    await expect(abortable(10_000, 'create', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
