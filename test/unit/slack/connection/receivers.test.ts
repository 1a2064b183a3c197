import { expect, it } from '@jest/globals';
import { dismissalsAfter, dismissedDelayMs, reconnectDelayMs } from '#slack/connection/receivers.ts';

it('a socket that served is opened again at once, and one that fails at most every 15 seconds', () => {
  expect([0, 1, 2, 3, 10].map(reconnectDelayMs)).toEqual([0, 500, 1000, 2000, 15_000]);
});

it('a Slack that greets and dismisses is asked at once, and again, and then ever less often', () => {
  let dismissals = 0;
  const delays = Array.from({ length: 9 }, () => dismissedDelayMs((dismissals = dismissalsAfter(dismissals, 20))));
  expect(delays).toEqual([0, 0, 500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  expect(dismissedDelayMs(dismissalsAfter(dismissals, 3_600_000))).toBe(0);
});
