import { describe } from '@jest/globals';
import { meets } from './night/struck.ts';

describe('the leader is killed', () => {
  meets({
    async strike({ replica }, holds) {
      await replica.kill();
      for (const hold of holds) hold.drop();
    },
    heal: (night, { replica }) => night.startReplica(replica),
  });
});
