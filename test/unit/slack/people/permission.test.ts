import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Permission } from '#rollback/ports.ts';
import { createPeople, type People } from '#slack/people/people.ts';
import { createPermission } from '#slack/people/permission.ts';
import { worldClock, type WorldClock } from '#playground/clock.ts';
import { type EmulatedSlack, startSlack } from '#playground/slack/server.ts';
import { manifest, webClient } from '#test/playground/slack/bolt-app.ts';
import { maya } from '#test/harness/builders.ts';
import { catalogue } from '../catalogue.ts';

const HOUR_MS = 60 * 60_000;
const silent = (): undefined => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const byKubectl = (id: string) => ({ id, name: id, via: 'kubectl' });
const tom = byKubectl('tom.okafor@lomashwood.com');
const ines = byKubectl('ines.duarte@lomashwood.com');

let clock: WorldClock;
let slack: EmulatedSlack;
let people: People;
let permission: Permission;
let stopping: AbortController;

beforeEach(async () => {
  clock = worldClock({ unref: true });
  slack = await startSlack({ clock, manifest: manifest() });
  people = createPeople(webClient(slack), clock);
  permission = createPermission(catalogue, people, log);
  stopping = new AbortController();
});
afterEach(async () => {
  stopping.abort(new Error('over'));
  await slack.stop();
});

const { signal } = new AbortController();
const reasonOf = async (answer: ReturnType<Permission['mayStill']>): Promise<string | undefined> =>
  (await answer)?.reason;

/** Both groups were asked for. */
async function remembered(): Promise<void> {
  void people.remember(['S0ONCALL', 'S0LEADS'], stopping.signal);
  while (people.lastKnown.members('S0LEADS') === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('while Slack is down', () => {
  it('nobody begins anything in Slack, and what was accepted goes on for a day, by what Slack said last', async () => {
    await remembered();
    slack.faults.setDown(true);
    expect(await reasonOf(permission.mayRollBack(maya, 'production', signal))).toBe('MembershipUnknown');
    expect(await permission.mayStill(maya, 'production', signal)).toBeUndefined();
    expect(await permission.mayStill(tom, 'production', signal)).toBeUndefined();
    expect(await reasonOf(permission.mayStill({ id: 'U0NOTALLOWED', name: 'Sam' }, 'production', signal))).toBe(
      'MembershipUnknown',
    );
    clock.advance(25 * HOUR_MS);
    expect(await reasonOf(permission.mayStill(tom, 'production', signal))).toBe('MembershipUnknown');
  });

  it('a bot that never heard of a group lets through whom the catalogue names by id', async () => {
    slack.faults.setDown(true);
    expect(await permission.mayStill(ines, 'production', signal)).toBeUndefined();
    expect(await reasonOf(permission.mayStill(tom, 'production', signal))).toBe('MembershipUnknown');
    expect(await reasonOf(permission.mayStill(byKubectl('nobody'), 'production', signal))).toBe('UnknownPerson');
  });
});

it('Slack answers: what it says now counts, whatever it said before', async () => {
  await remembered();
  slack.workspace.usergroups.get('S0ONCALL')!.users.splice(0);
  expect(await reasonOf(permission.mayStill(tom, 'production', signal))).toBe('NotAllowed');
  slack.faults.setDown(true);
  expect(await reasonOf(permission.mayStill(tom, 'production', signal))).toBe('NotAllowed');
  clock.advance(HOUR_MS);
  expect(await reasonOf(permission.mayStill(tom, 'production', signal))).toBe('MembershipUnknown');
});
