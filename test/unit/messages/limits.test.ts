import { describe, expect, it } from '@jest/globals';
import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { cut, escape } from '#blocks/escape.ts';
import { render } from '#messages/render.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { Phase, TargetState } from '#rollback/status.ts';
import {
  aMonitored,
  aPlan,
  aPlannedService,
  aRollback,
  aTarget,
  aVersion,
  at,
  inputs,
  maya,
} from '#test/harness/builders.ts';

const nasty = fc.oneof(
  fc.string({ maxLength: 400 }),
  fc.constantFrom('<!channel>', '<@U0ONCALL>', '&'.repeat(400), '😀'.repeat(300), '<https://x|y>', '```'),
);

/** A rollback whose every text came from somebody else. */
const anyRollback: fc.Arbitrary<Rollback> = fc
  .record({
    texts: fc.array(nasty, { minLength: 4, maxLength: 4 }),
    phase: fc.constantFrom(...Phase.options),
    states: fc.array(fc.constantFrom(...TargetState.options), { minLength: 1, maxLength: 9 }),
    drill: fc.boolean(),
  })
  .map(({ texts, phase, states, drill }) => {
    const [reason = '', detail = '', note = '', version = ''] = texts;
    const services = states.map((_s, i) => aPlannedService(`service-${i}`, { to: aVersion(version || 'v1') }));
    return aRollback({
      spec: {
        drill,
        reason: { kind: 'other', text: reason },
        inputs: inputs(
          { kind: 'note', by: maya, at: at('03:08'), text: note },
          { kind: 'check', by: { id: 'U9', name: note }, at: at('03:08'), item: 'login', answer: 'fail', text: detail },
        ),
      },
      status: aMonitored({
        phase,
        plan: aPlan({ services, fullSystem: true }),
        targets: states.map((state, i) => aTarget(`service-${i}`, { state, detail })),
        timeline: Array.from({ length: 30 }, (_v, i) => ({ at: at('03:04'), text: `${i} ${detail}`.slice(0, 500) })),
        verification: {
          at: at('03:05'),
          health: states.map((_s, i) => ({ service: `service-${i}`, result: 'fail', evidence: detail })),
        },
        askedAt: at('03:20'),
      }),
    });
  });

function texts(blocks: readonly KnownBlock[]): string[] {
  return [...JSON.stringify(blocks).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(
    ([, text]) => JSON.parse(`"${text}"`) as string,
  );
}

describe('whatever people, pods and commits say', () => {
  it('every message stays within Slack’s limits and calls nobody but the holder', () => {
    fc.assert(
      fc.property(anyRollback, (rollback) => {
        for (const { text, blocks, key } of render(rollback)) {
          expect([key, blocks.length]).toEqual([key, expect.anything()]);
          expect(blocks.length).toBeLessThanOrEqual(50);
          expect(text.length).toBeGreaterThan(0);
          const all = texts(blocks);
          for (const one of all) expect(Array.from(one).length).toBeLessThanOrEqual(3000);
          expect(all.join('').length).toBeLessThanOrEqual(13_000);
          const calls = [text, ...all].join(' ').replaceAll('<@U0ONCALL>', '');
          if (!rollback.spec.drill) expect(calls).not.toMatch(/<[!@#]/);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is cut after escaping, by code points, never inside an entity', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 50 }), (text, max) => {
        const short = cut(escape(text), max);
        expect(Array.from(short).length).toBeLessThanOrEqual(max);
        expect(short).not.toMatch(/&(?!amp;|lt;|gt;)/);
        expect(short).not.toMatch(/[<>]/);
      }),
    );
  });
});
