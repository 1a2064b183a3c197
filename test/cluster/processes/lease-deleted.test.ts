import { expect, it } from '@jest/globals';
import { isLeadersOwn } from './night/faults.ts';
import { deleteLease } from './night/install.ts';
import { type Fault, ROUND_MS, rounds, useNight } from './night/struck.ts';

const played = useNight();
const fault: Fault = {
  async strike({ replica }, _holds, { home }) {
    replica.freeze();
    await deleteLease(home);
  },
  async heal(night, { replica, gateway }, holds) {
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
  'its lease is deleted under a leader that is frozen during %s: the other leads, in a term above its own',
  async (_moments, round) => {
    expect(await played(round, fault)).toEqual([]);
  },
  ROUND_MS,
);
