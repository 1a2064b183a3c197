/** A rollback that waits for pods, so that something can happen to the bot meanwhile, and its end. */
import { expect } from '@jest/globals';
import type { SeenMessage } from '#playground/slack/people/person.ts';
import type { Journey } from './journey.ts';
import { deploy, inChannel, reply, rollBack, untilReads } from './story.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };
const PODS = { group: '', version: 'v1', plural: 'pods' };
const imageOf = (service: string, version: string) =>
  `123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/${service}:${version}`;

const generationOf = (night: Journey, service: string) =>
  night.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', service)?.metadata.generation ?? 0;

interface Waiting {
  service: string;
  target: string;
  root: SeenMessage;
  generation: number;
}

/** Rolled back, and its pods do not come yet. */
export async function waiting(night: Journey, service: string): Promise<Waiting> {
  const target = night.version(service);
  await deploy(night, 'deploy-bad', service);
  const generation = generationOf(night, service);
  night.world.images.push(imageOf(service, target), 'never-ready');
  const root = await rollBack(night, `${service} production it is slow`);
  await untilReads(night, root, /Now: \d of \d pods ready/);
  return { service, target, root, generation };
}

/** They come, and it is told, once; the workload was patched once. */
export async function expectComeBack(night: Journey, { service, target, root, generation }: Waiting): Promise<void> {
  night.world.images.push(imageOf(service, target), 'ok');
  for (const { name, ready } of night.world.view().find((seen) => seen.name === service)?.pods ?? [])
    if (!ready) night.cluster.storage.remove(PODS, 'lomash-wood', name);
  await night.post(new RegExp(`\\*ROLLBACK COMPLETE\\*[^]*${service}, ${target}`));
  await reply(night, root, new RegExp(`Back: ${service}`));
  expect(generationOf(night, service)).toBe(generation + 1);
  expect(inChannel(night).filter(({ reads }) => reads.includes(service))).toHaveLength(2);
}
