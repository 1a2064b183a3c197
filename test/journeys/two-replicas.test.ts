import { afterAll, beforeAll, expect, it } from '@jest/globals';
import path from 'node:path';
import { readConfig } from '#config';
import { type Bot, startBot } from '#main';
import type { SeenMessage } from '#playground/slack/people/person.ts';
import type { Log } from '#rollback/ports.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, inChannel, reply, rollBack, thread, untilReads } from '#test/harness/story.ts';
import { layWire, type Wire } from '#test/harness/wire.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };
const PODS = { group: '', version: 'v1', plural: 'pods' };
const LEASES = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };
const HOUR_MS = 60 * 60_000;

interface Replica {
  name: string;
  bot: Bot;
  wire: Wire;
  /** How far its wall clock is off, ms. */
  clock: { offMs: number };
}

let night: Journey;
let replicas: Replica[];
const quiet: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

async function start(name: string): Promise<Replica> {
  const folder = path.dirname(night.personKubeconfig);
  const wire = await layWire(path.join(folder, 'bot.kubeconfig'), path.join(folder, `${name}.kubeconfig`));
  const clock = { offMs: 0 };
  const settings = {
    SLACK_API_URL: night.slack.apiUrl,
    SLACK_BOT_TOKEN: night.slack.tokens.bot,
    SLACK_APP_TOKEN: night.slack.tokens.app,
    KUBECONFIG: wire.kubeconfig,
    CATALOGUE: path.join(folder, 'catalogue.yaml'),
    ROLLBACK_NAMESPACE: 'rollback-bot',
    POD_NAME: name,
  };
  const own = { ...night.clock, now: () => night.clock.now() + clock.offMs };
  const bot = await startBot(readConfig(settings), {
    clock: own,
    log: quiet,
    audit: () => undefined,
    messageIntervalMs: 100,
  });
  return { name, bot, wire, clock };
}

beforeAll(async () => {
  night = await startJourney({ startsBot: false });
  replicas = await Promise.all(['one', 'two'].map(start));
});
afterAll(async () => {
  for (const { wire } of replicas) wire.mend();
  await Promise.all(replicas.map(({ bot }) => bot.stop()));
  await Promise.all(replicas.map(({ wire }) => wire.stop()));
  await night.stop();
});

interface Lease {
  spec: { holderIdentity?: string; leaseTransitions?: number; renewTime?: string };
}
const lease = () =>
  (night.cluster.storage.get(LEASES, 'rollback-bot', 'rollback-bot') as unknown as Lease | undefined)?.spec;
const leads = ({ name }: Replica) => lease()?.holderIdentity?.startsWith(`${name}-`) === true;
const leader = () => night.until('somebody leads', () => replicas.find(leads));
const generationOf = (service: string) =>
  night.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', service)?.metadata.generation ?? 0;

async function renewed(): Promise<void> {
  const before = lease()?.renewTime;
  await night.until('the lease is renewed', () => lease()?.renewTime !== before);
}

interface Waiting {
  service: string;
  target: string;
  root: SeenMessage;
  generation: number;
}

async function waiting(service: string): Promise<Waiting> {
  const target = night.version(service);
  await deploy(night, 'deploy-bad', service);
  const generation = generationOf(service);
  night.world.images.push(
    `123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/${service}:${target}`,
    'never-ready',
  );
  const root = await rollBack(night, `${service} production it is slow`);
  await untilReads(night, root, /Now: \d of \d pods ready/);
  return { service, target, root, generation };
}

async function expectComeBack({ service, target, root, generation }: Waiting): Promise<void> {
  night.world.images.push(`123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/${service}:${target}`, 'ok');
  for (const { name, ready } of night.world.view().find((seen) => seen.name === service)?.pods ?? [])
    if (!ready) night.cluster.storage.remove(PODS, 'lomash-wood', name);
  await night.post(new RegExp(`\\*ROLLBACK COMPLETE\\*[^]*${service}, ${target}`));
  await reply(night, root, new RegExp(`Back: ${service}`));
  expect(generationOf(service)).toBe(generation + 1);
  expect(inChannel(night).filter(({ reads }) => reads.includes(service))).toHaveLength(2);
  const replies = thread(night, root).map(({ reads }) => reads);
  expect(replies).toEqual([...new Set(replies)]);
}

it('two that start together: one leads, and its lease is deleted in the middle: one leads again, done once', async () => {
  await leader();
  const term = lease()?.leaseTransitions ?? 0;
  const rollback = await waiting('auth-service');
  night.cluster.storage.remove(LEASES, 'rollback-bot', 'rollback-bot');
  await night.until('there is a lease again', () => lease()?.holderIdentity);
  await expectComeBack(rollback);
  expect(replicas.filter(leads)).toHaveLength(1);
  // Whoever was quicker: the running term keeps its number, another one begins above it.
  expect(lease()?.leaseTransitions).toBeGreaterThanOrEqual(term);
});

it('the clocks of both jump by an hour, there and back: nobody else leads', async () => {
  const first = await leader();
  const second = replicas.find((replica) => replica !== first)!;
  const term = lease()?.leaseTransitions;
  for (const offMs of [HOUR_MS, -HOUR_MS, 0]) {
    first.clock.offMs = offMs;
    second.clock.offMs = -offMs;
    await renewed();
    expect([leads(first), lease()?.leaseTransitions]).toEqual([true, term]);
  }
});

it('the leader is cut off from the API server: the other goes on with it, and when it is back nothing is doubled', async () => {
  const first = await leader();
  const rollback = await waiting('content-service');
  first.wire.cut();
  await night.until('the other leads', () => replicas.find((replica) => replica !== first && leads(replica)));
  await expectComeBack(rollback);
  first.wire.mend();
  await night.until('both are well', () => replicas.every(({ bot }) => bot.problems().length === 0));
  expect(leads(first)).toBe(false);
  expect(inChannel(night).filter(({ reads }) => reads.includes('content-service'))).toHaveLength(2);
});
