import { describe, expect, it } from '@jest/globals';
import { outdated, strays } from '#notify/sweep.ts';
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

describe('messages that show an older state', () => {
  const shown = (hash?: string) => ({ ...record('4.1'), ...(hash ? { hash } : {}) });

  it('are those in which Slack holds something else than it took last', () => {
    const found = [
      { slot: 'root', ts: '4.1', content: 'older' },
      { slot: 'outcome', ts: '4.1', content: 'newest' },
    ];
    expect(outdated(found, { root: shown('newest'), outcome: shown('newest') })).toEqual(['root']);
  });

  it('are named once, seen in the channel and in the thread', () => {
    const seen = { slot: 'needs-person/1', ts: '4.1', content: 'older' };
    expect(outdated([seen, seen], { 'needs-person/1': shown('newest') })).toEqual(['needs-person/1']);
  });

  it('are not those that are edited anyway, one too many, or of a bot that did not say', () => {
    const found = [
      { slot: 'root', ts: '4.1', content: 'older' },
      { slot: 'outcome', ts: '4.0', content: 'older' },
      { slot: 'checklist', ts: '4.1' },
    ];
    expect(outdated(found, { root: shown(), outcome: shown('newest'), checklist: shown('newest') })).toEqual([]);
  });
});
