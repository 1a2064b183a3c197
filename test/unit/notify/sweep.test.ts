import { describe, expect, it } from '@jest/globals';
import { strays } from '#notify/sweep.ts';
import { at } from '#test/harness/builders.ts';

const record = (ts?: string) => ({ channel: 'C1', state: 'sent' as const, at: at('03:03'), ...(ts ? { ts } : {}) });

describe('messages that stand twice', () => {
  it('leave the one on record', () => {
    const found = [
      { slot: 'root', ts: '1.1' },
      { slot: 'root', ts: '1.2' },
      { slot: 'outcome', ts: '1.3' },
    ];
    expect(strays(found, { root: record('1.2'), outcome: record('1.3') })).toEqual(['1.1']);
  });

  it('leave the oldest where none is on record, or the one on record is gone', () => {
    const found = [
      { slot: 'root', ts: '2.2' },
      { slot: 'root', ts: '2.1' },
      { slot: 'outcome', ts: '2.4' },
      { slot: 'outcome', ts: '2.3' },
    ];
    expect(strays(found, { root: record(), outcome: record('2.0') })).toEqual(['2.2', '2.4']);
  });

  it('are told from one that is seen in the channel and in its thread', () => {
    const found = [
      { slot: 'needs-person/1', ts: '3.1' },
      { slot: 'needs-person/1', ts: '3.1' },
    ];
    expect(strays(found, {})).toEqual([]);
  });
});
