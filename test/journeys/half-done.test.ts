import { afterEach, expect, it } from '@jest/globals';
import type { ApiResponse } from '#playground/cluster/api/message.ts';
import { opens } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { inChannel, openForm, reply, thread } from '#test/harness/story.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };
const MADE_BEFORE = 4;

let night: Journey | undefined;
afterEach(() => night?.stop());

const metadataOf = (journey: Journey, service: string) =>
  journey.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', service)!.metadata;

it('the power is cut when four of nine are patched: the rest is patched by the next bot, each once', async () => {
  let patches = 0;
  let isDead = false;
  const journey = await startJourney({
    crashPoint(point, { kind }) {
      if (point === 'before' && kind === 'workload.patch' && ++patches > MADE_BEFORE) isDead = true;
      if (isDead) throw new Error('the power was cut');
    },
  });
  night = journey;
  const services = journey.world.view().map(({ name }) => name);
  const before = new Map(services.map((service) => [service, metadataOf(journey, service).generation!]));
  const patched = () => services.filter((service) => metadataOf(journey, service).generation! > before.get(service)!);
  await opens(journey, 'all production everything is slow', /\*analytics-service\*: /);
  await journey.maya.fill(/type production/, 'production');
  await journey.maya.submit();
  await journey.until('the bot is dead', () => isDead);
  await journey.stopBot();
  expect(patched().length).toBeLessThanOrEqual(MADE_BEFORE);
  isDead = false;
  patches = -Infinity;
  await journey.startBot();
  const root = await journey.post(/ROLLBACK INITIATED/);
  await journey.post(/\*ROLLBACK COMPLETE\*/);
  await reply(journey, root, /Outcome: 9 of 9 returned/);
  const [rollback] = journey.rollbacks();
  for (const service of services)
    expect(metadataOf(journey, service)).toMatchObject({
      generation: before.get(service)! + 1,
      annotations: { 'ops.lomashwood.com/operation': `${rollback?.metadata.uid}/${service}/1` },
    });
  expect(inChannel(journey)).toHaveLength(2);
  const replies = thread(journey, root).map(({ reads }) => reads);
  expect(replies).toEqual([...new Set(replies)]);
});

it('the create is made and its answer never comes: the object is found by its name, and is the only one', async () => {
  const journey = await startJourney();
  night = journey;
  let isLost = false;
  journey.cluster.faults.between(async ({ method, path }, pass) => {
    const answer = await pass();
    if (isLost || method !== 'POST' || !path.endsWith('/rollbacks')) return answer;
    isLost = true;
    return new Promise<ApiResponse>(() => undefined);
  });
  await openForm(journey, 'auth-service production logins fail');
  await journey.maya.submit();
  await journey.until('a receipt', () => journey.maya.modal()?.reads.includes('Started: auth-service in production'));
  await journey.post(/\*ROLLBACK COMPLETE\*/);
  expect(isLost).toBe(true);
  expect(journey.rollbacks()).toHaveLength(1);
  expect(inChannel(journey)).toHaveLength(2);
});
