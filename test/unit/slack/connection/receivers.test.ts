import { expect, it } from '@jest/globals';
import { reconnectDelayMs } from '#slack/connection/receivers.ts';

it('a socket that served is opened again at once, and one that fails at most every 15 seconds', () => {
  expect([0, 1, 2, 3, 10].map(reconnectDelayMs)).toEqual([0, 500, 1000, 2000, 15_000]);
});
