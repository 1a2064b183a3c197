import { expect, it } from '@jest/globals';
import { isLeadersOwn } from './night/faults.ts';
import { type Fault, ROUND_MS, rounds, useNight } from './night/struck.ts';

const played = useNight();
const fault: Fault = {
  strike: ({ replica }) => Promise.resolve(replica.freeze()),
  async heal(night, { replica, gateway }, holds) {
    // What it had sent arrives now, long after its term.
    const before = gateway.writes.length;
    await Promise.all(holds.map((hold) => hold.release()));
    const late = gateway.writes.slice(before).filter(isLeadersOwn);
    expect(late.length).toBeGreaterThan(0);
    expect(late.filter(({ status }) => status < 300)).toEqual([]);
    replica.thaw();
    await night.gaveUp(replica);
  },
};

it.each(rounds)(
  'the leader is frozen during %s, and wakes when another has led it all to its end',
  async (_moments, round) => {
    expect(await played(round, fault)).toEqual([]);
  },
  ROUND_MS,
);
