/**
 * Something happens to the leader while rollbacks stand at different moments; the other replica brings each to its end, and the first one
 * comes back. A fault to a file, so that they run side by side.
 */
import { afterAll, beforeAll } from '@jest/globals';
import { faultsAfter } from './faults.ts';
import type { Hold } from './gateway.ts';
import { installDefinition } from './install.ts';
import { type Member, Night } from './night.ts';
import { type Phase, phases } from './phases.ts';
import { isSettled } from './story.ts';

export const NINE = [
  'api-gateway',
  'auth-service',
  'product-service',
  'order-payment-service',
  'appointment-service',
  'content-service',
  'customer-service',
  'notification-service',
  'analytics-service',
];

type Round = Record<string, { phase: Phase; services: readonly string[] }>;

const roundOf = (round: Round): readonly [string, Round] => [Object.keys(round).join(', '), round];

/** Rollbacks that the same fault meets, each at its own moment: of one service, or of nine; each round with its name. */
export const rounds = [
  roundOf({
    pressed: { phase: phases.pressed, services: ['auth-service'] },
    patched: { phase: phases.patched, services: ['auth-service'] },
    outcome: { phase: phases.outcome, services: ['auth-service'] },
  }),
  roundOf({
    asked: { phase: phases.asked, services: ['auth-service'] },
    told: { phase: phases.told, services: ['auth-service'] },
    half: { phase: phases.someThrough, services: NINE },
  }),
  roundOf({
    opened: { phase: phases.opened, services: NINE },
    initiated: { phase: phases.initiated, services: ['auth-service'] },
    resolving: { phase: phases.resolving, services: ['auth-service'] },
  }),
];

/** What happens to the leader, and how it comes back once the others have gone on. */
export interface Fault {
  strike: (leader: Member, holds: readonly Hold[], night: Night) => Promise<void>;
  heal: (night: Night, leader: Member, holds: readonly Hold[]) => Promise<void>;
}

/** Longer than anything in a round is waited for. */
export const ROUND_MS = 240_000;

/** A night for the tests of this file; answers what plays one round of it and tells what is not as it should be. */
export function useNight(): (round: Round, fault: Fault) => Promise<string[]> {
  let night: Night;
  beforeAll(async () => {
    await installDefinition();
    const stories = Object.assign({}, ...rounds.map(([, round]) => round)) as Round;
    night = await Night.start({
      stories: Object.fromEntries(Object.entries(stories).map(([name, { services }]) => [name, services])),
    });
  }, 480_000);
  afterAll(() => night.stop());

  return async (round, fault) => {
    const leader = await night.leader();
    const moments = Object.entries(round).map(([environment, { phase }]) => ({
      story: night.story(environment),
      phase,
    }));
    const holds = moments.map(({ story, phase }) => night.hold(leader, story, phase));
    const [first, ...others] = moments;
    await night.press(first!.story);
    for (const { story } of others) await night.create(story);
    await night.caught(holds);
    await fault.strike(leader, holds, night);
    await night.leader(leader);
    for (const { story } of moments) await night.reaches(story, 'is closed', isSettled);
    await fault.heal(night, leader, holds);
    const found = await Promise.all(moments.map(({ story }) => faultsAfter(night, story)));
    return found.flat();
  };
}
