import { expect, it } from '@jest/globals';
import { type Fault, ROUND_MS, rounds, useNight } from './night/struck.ts';

const played = useNight();
const fault: Fault = {
  async strike({ replica }, holds) {
    await replica.end();
    for (const hold of holds) hold.drop();
  },
  heal: (night, { replica }) => night.startReplica(replica),
};

it.each(rounds)(
  'the leader is asked to end during %s',
  async (_moments, round) => {
    expect(await played(round, fault)).toEqual([]);
  },
  ROUND_MS,
);
