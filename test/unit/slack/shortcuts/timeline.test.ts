import { expect, it } from '@jest/globals';
import { timelineView } from '#slack/shortcuts/timeline.ts';
import { aMonitored, aPlan, aRollback, at } from '#test/harness/builders.ts';

const message = { channel: 'C0INCIDENT', ts: '1.2', text: 'the queue is drained' };

function chosen(...names: Parameters<typeof timelineView>[0]): string | undefined {
  const [block] = timelineView(names, message)?.blocks ?? [];
  const { element } = block as { element: { initial_option?: { value: string } } };
  return element.initial_option?.value;
}

const ended = aRollback({ name: 'newest-ended', status: aMonitored({ phase: 'Resolved', endedAt: at('03:30') }) });
const running = aRollback({ name: 'running', status: aMonitored() });
const staging = { name: 'staging', production: false, channel: 'C0STAGING', namespace: 'lomash-wood-staging' };
const elsewhere = aRollback({ name: 'elsewhere', status: aMonitored({ plan: aPlan({ environment: staging }) }) });

it('chooses the rollback that the message most likely belongs to', () => {
  expect(chosen(ended, elsewhere, running)).toBe('running');
  expect(chosen(ended, elsewhere)).toBe('elsewhere');
  expect(chosen(ended)).toBe('newest-ended');
  expect(timelineView([], message)).toBeUndefined();
});
