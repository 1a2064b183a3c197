import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { MESSAGE_BLOCKS_MAX } from '#blocks/blocks.ts';
import { MESSAGE_BLOCK_TEXT_MAX, MESSAGE_TEXT_MAX } from '#blocks/fit.ts';
import { render } from '#messages/render.ts';
import type { Slot } from '#messages/slot.ts';
import { Rollback } from '#rollback/rollback.ts';
import { blockOn } from '#playground/slack/block-rules.ts';
import { messageLimits } from '#playground/slack/limits.ts';
import { anyRollback, HOLDER } from '#test/harness/any-rollback.ts';
import {
  aFullSystem,
  aMonitored,
  aPlannedService,
  aPlan,
  aRollback,
  aTarget,
  at,
  nine,
} from '#test/harness/builders.ts';

const length = (text: string): number => Array.from(text).length;

/** Every string under a key `text`, or only those of mrkdwn. */
function textsIn(value: unknown, type?: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => textsIn(one, type));
  if (typeof value !== 'object' || value === null) return [];
  const isWanted = type === undefined || ('type' in value && value.type === type);
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? (isWanted ? [inner] : []) : textsIn(inner, type),
  );
}

/** What Slack would object to, as the emulator knows it. */
function objections({ key, text, blocks }: Slot): string[] {
  const found: string[] = [];
  blocks.forEach((block, i) =>
    blockOn.message(block, `/blocks/${i}`, ({ at: where, message }) => found.push(`${key}${where} ${message}`)),
  );
  const ids = blocks.flatMap(({ block_id: id }) => (id === undefined ? [] : [id]));
  if (new Set(ids).size < ids.length) found.push(`${key}: a block_id twice: ${ids.join(', ')}`);
  if (blocks.length > MESSAGE_BLOCKS_MAX) found.push(`${key}: ${blocks.length} blocks`);
  if (text.trim() === '' || length(text) > MESSAGE_TEXT_MAX) found.push(`${key}: text of ${length(text)}`);
  const all = length(textsIn(blocks).join(''));
  if (all > MESSAGE_BLOCK_TEXT_MAX) found.push(`${key}: block text of ${all}`);
  return found;
}

/** What Slack may act on: the holder (not in a drill), a date, a web address that shows where it leads or has a label of ours. */
const OURS = /<(?:!date\^\d+\^[^<>|]*\|[^<>|]*|https?:\/\/[^<>|]*(?:\|[^<>|]*)?)>/g;

/** Control sequences and broken entities that are not ours. */
function strangers({ key, text, blocks }: Slot, isDrill: boolean): string[] {
  return [text, ...textsIn(blocks, 'mrkdwn')]
    .map((said) => said.replaceAll(OURS, '').replaceAll(isDrill ? '\0' : `<@${HOLDER}>`, ''))
    .filter((said) => /<|&(?!amp;|lt;|gt;)/.test(said))
    .map((said) => `${key}: ${said}`);
}

describe('whatever people, pods and commits say', () => {
  it('every message stays within the limits of Slack', () => {
    fc.assert(
      fc.property(anyRollback, (rollback) => {
        expect(render(rollback).flatMap(objections)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('nobody is called but the holder, and no control sequence of theirs comes through', () => {
    fc.assert(
      fc.property(anyRollback, (rollback) => {
        expect(render(rollback).flatMap((slot) => strangers(slot, rollback.spec.drill === true))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('every slot has a key of its own, and its thread is rendered before it', () => {
    fc.assert(
      fc.property(anyRollback, (rollback) => {
        const slots = render(rollback);
        const keys = slots.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        const orphans = slots.filter(({ thread }, i) => thread !== undefined && !keys.slice(0, i).includes(thread));
        expect(orphans).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('these rollbacks are ones that the schema allows', () => {
    fc.assert(
      fc.property(anyRollback, (rollback) => {
        expect(Rollback.safeParse(rollback).error).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });
});

describe('nine services with long texts', () => {
  const long = 'image registry.lomashwood.com/some/very/long/path@sha256:0123456789abcdef not found '.repeat(5);
  const rollback = aFullSystem(
    nine.map((service) => aTarget(service, { state: 'NotBack', detail: long })),
    { phase: 'Failed', outcomeAt: at('03:13') },
  );

  it('leave the status line whole', () => {
    const outcome = render(rollback).find(({ key }) => key === 'outcome');
    expect(JSON.stringify(outcome?.blocks)).toContain('Status: NOT monitoring, needs a person. <@U0ONCALL>');
    expect(messageLimits.blockText).toBeGreaterThan(MESSAGE_BLOCK_TEXT_MAX);
    expect(messageLimits.updateText).toBeGreaterThan(MESSAGE_TEXT_MAX);
  });

  it('leave the line "Now:" whole, however long the reason', () => {
    const plan = aPlan({ services: nine.map((service) => aPlannedService(service)) });
    const talkative = aRollback({
      spec: { reason: { kind: 'other', text: 'x '.repeat(1500) } },
      status: aMonitored({ plan, targets: nine.map((service) => aTarget(service)) }),
    });
    expect(JSON.stringify(render(talkative)[0]?.blocks)).toContain('Now: done in 2 min 0 s, see ROLLBACK COMPLETE.');
  });
});
