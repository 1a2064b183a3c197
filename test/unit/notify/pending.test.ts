import { describe, expect, it } from '@jest/globals';
import { createEditBudget } from '#notify/edit-budget.ts';
import { agrees, pending } from '#notify/pending.ts';
import { slackFailure } from '#notify/posts.ts';
import type { Slot } from '#messages/slot.ts';
import type { SlackSlot } from '#rollback/status.ts';
import { at } from '#test/harness/builders.ts';

const slot = (key: string, more: Partial<Slot> = {}): Slot => ({
  key,
  channel: 'C1',
  text: key,
  blocks: [],
  urgency: 'progress',
  ...more,
});
const sent = (hash: string): SlackSlot => ({ channel: 'C1', state: 'sent', at: at('03:03'), ts: '1.1', hash });
const intent: SlackSlot = { channel: 'C1', state: 'intent', at: at('03:03') };
const hashOf = (s: Slot): string => s.text;
const keys = (slots: { key: string }[]): string[] => slots.map(({ key }) => key);

describe('what Slack lacks', () => {
  it('is an intent for each new slot, replies waiting for their root', () => {
    const wanted = pending([slot('root'), slot('timeline/0', { thread: 'root' })], {}, hashOf);
    expect(keys(wanted.intents)).toEqual(['root']);
  });

  it('is the post of an intent without a result', () => {
    const wanted = pending([slot('root'), slot('outcome')], { root: sent('root'), outcome: intent }, hashOf);
    expect([keys(wanted.intents), keys(wanted.posts), keys(wanted.edits)]).toEqual([[], ['outcome'], []]);
  });

  it('is the edit of what differs, the outcome first', () => {
    const slots = [slot('root'), slot('checklist', { urgency: 'ticks' }), slot('outcome', { urgency: 'outcome' })];
    const wanted = pending(slots, { root: sent('old'), checklist: sent('old'), outcome: sent('old') }, hashOf);
    expect(keys(wanted.edits)).toEqual(['outcome', 'checklist', 'root']);
  });

  it('is nothing when all is posted as it should be', () => {
    expect(agrees([slot('root')], { root: sent('root') }, hashOf)).toBe(true);
    expect(agrees([slot('root')], { root: intent }, hashOf)).toBe(false);
  });
});

describe('the edit budget', () => {
  it('keeps a reserve for the outcome when progress has used its share', () => {
    const budget = createEditBudget();
    let taken = 0;
    while (budget.take(`m${taken}`, 'progress', 0) === 0) taken += 1;
    expect(taken).toBe(30);
    expect(budget.take('root', 'outcome', 0)).toBe(0);
  });

  it('edits one message at most every 1.5 s, but for its outcome', () => {
    const budget = createEditBudget();
    expect(budget.take('root', 'progress', 0)).toBe(0);
    expect(budget.take('root', 'progress', 1000)).toBe(500);
    expect(budget.take('root', 'outcome', 1000)).toBe(0);
  });

  it('waits as long as Slack said', () => {
    const budget = createEditBudget();
    budget.pause(5000);
    expect(budget.take('root', 'outcome', 1000)).toBe(4000);
  });
});

describe("Slack's errors", () => {
  it.each([
    ['a rate limit', { code: 'slack_webapi_rate_limited_error', retryAfter: 30 }, 'limited', 30_000],
    [
      'a deleted message',
      { code: 'slack_webapi_platform_error', data: { ok: false, error: 'message_not_found' } },
      'missing',
      0,
    ],
    [
      'a channel the bot is not in',
      { code: 'slack_webapi_platform_error', data: { ok: false, error: 'not_in_channel' } },
      'refused',
      0,
    ],
    [
      'a message of somebody else',
      { code: 'slack_webapi_platform_error', data: { ok: false, error: 'cant_update_message' } },
      'refused',
      0,
    ],
    [
      "Slack's own trouble",
      { code: 'slack_webapi_platform_error', data: { ok: false, error: 'internal_error' } },
      'lost',
      0,
    ],
    ['no answer', { code: 'slack_webapi_request_error' }, 'lost', 0],
    ['anything else', new TypeError('fetch failed'), 'lost', 0],
  ])('%s', (_name, error, sort, retryAfterMs) => {
    expect(slackFailure(error)).toMatchObject({ sort, retryAfterMs });
  });
});
