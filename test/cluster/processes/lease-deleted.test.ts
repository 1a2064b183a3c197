import { describe, expect } from '@jest/globals';
import { isLeadersOwn } from './night/faults.ts';
import { deleteLease } from './night/install.ts';
import { meets } from './night/struck.ts';

describe('the lease is deleted under a leader that is frozen: the other leads at once, in a term above its own', () => {
  meets({
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
  });
});
