import { describe, expect, it } from '@jest/globals';
import { render } from '#messages/render.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Input } from '#rollback/spec.ts';
import {
  aCondition,
  aFullSystem,
  aMonitored,
  aRollback,
  aStatus,
  aTarget,
  at,
  inputs,
  nine,
  tom,
} from '#test/harness/builders.ts';
import { linesOf, slotKeys } from '#test/harness/message-text.ts';

const entries = (count: number, time = '03:04') =>
  Array.from({ length: count }, (_v, i) => ({ at: at(time), text: `entry ${i}` }));
const withTimeline = (count: number): Rollback => aRollback({ status: aStatus({ timeline: entries(count) }) });
const note = (text: string, more: { permalink?: string } = {}): Input => ({
  kind: 'note',
  by: tom,
  at: at('03:09'),
  text,
  ...more,
});
const oneCaptured = { configMaps: [{ service: 'auth-service', name: 'rb-auth-service' }], missing: [] };

describe('the timeline', () => {
  it('has at most twelve replies before the outcome, whatever happens to however many services', () => {
    const rollback = aFullSystem(
      nine.map((service) => aTarget(service, { state: 'Patched', detail: 'x'.repeat(300) })),
      { timeline: entries(60), evidence: oneCaptured, conditions: [aCondition('NeedsPerson', 'PastEta', 'x')] },
      { reason: { kind: 'other', text: 'x'.repeat(3000) } },
    );
    const replies = render(rollback).filter(({ thread }) => thread === 'root');
    expect(replies.length).toBeLessThanOrEqual(12);
    expect(JSON.stringify(replies)).toContain('entry 59');
  });

  it('dates each entry and names who did it', () => {
    const timeline = [{ at: at('03:04'), text: 'Started: auth-service.', by: tom }];
    expect(linesOf(aRollback({ status: aStatus({ timeline }) }), 'timeline/0')).toEqual([
      '2026-11-23 03:04 UTC · Started: auth-service. — Tom Okafor',
    ]);
  });

  it('keeps what a reply says when more happens', () => {
    for (const i of [0, 1, 2, 3, 4])
      expect(linesOf(withTimeline(40), `timeline/${i}`)).toEqual(linesOf(withTimeline(5), `timeline/${i}`));
  });

  it('names who did it once, also where the sentence does', () => {
    const timeline = [
      { at: at('03:04'), text: 'Marked resolved by Tom Okafor.', by: tom },
      { at: at('03:05'), text: 'Cancelled before anything was touched.', by: tom },
    ];
    const rollback = aRollback({ status: aStatus({ timeline }) });
    expect([linesOf(rollback, 'timeline/0'), linesOf(rollback, 'timeline/1')].flat()).toEqual([
      '2026-11-23 03:04 UTC · Marked resolved by Tom Okafor.',
      '2026-11-23 03:05 UTC · Cancelled before anything was touched. — Tom Okafor',
    ]);
  });

  it('says how many entries one reply could not hold', () => {
    expect(linesOf(withTimeline(200), 'timeline/5')[0]).toBe(
      '135 more entries are in the object: `kubectl get rollback auth-service-1a2b3c`',
    );
    expect(linesOf(withTimeline(200), 'timeline/5').at(-1)).toContain('entry 199');
  });

  it('goes on in new replies after the outcome', () => {
    const timeline = [...entries(2, '03:04'), ...entries(1, '03:19')];
    const keys = slotKeys(aRollback({ status: aMonitored({ timeline }) }));
    expect(keys.filter((key) => key.startsWith('timeline'))).toEqual(['timeline/0', 'timeline/1', 'timeline/after/0']);
  });
});

describe('notes', () => {
  it('are replies with a link to what was noted', () => {
    const spec = { inputs: inputs(note('gateway is < slow', { permalink: 'https://slack.test/1' })) };
    expect(linesOf(aRollback({ spec }), 'note/k0')).toEqual([
      '2026-11-23 03:09 UTC · gateway is &lt; slow (<https://slack.test/1|message>) — Tom Okafor',
    ]);
  });

  it('do not flood the thread', () => {
    const spec = { inputs: inputs(...Array.from({ length: 30 }, (_v, i) => note(`note ${i}`))) };
    const rollback = aRollback({ spec });
    expect(slotKeys(rollback).filter((key) => key.startsWith('note')).length).toBe(21);
    expect(linesOf(rollback, 'notes/more').length).toBe(10);
  });
});
