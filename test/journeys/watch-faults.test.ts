import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { failure } from '#playground/cluster/front.ts';
import { jsonAnswer } from '#playground/cluster/api/message.ts';
import { imageOf, repositoryOf } from '#playground/scenarios/company.ts';
import type { SeenMessage } from '#playground/slack/people/person.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { inChannel, reply, rollBack, rollbackOf, soonPosted, untilReads } from '#test/harness/story.ts';
import { betweenWatches, type LineHand } from '#test/harness/watch-hand.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };
const PODS = { group: '', version: 'v1', plural: 'pods' };
const OF_WORKLOADS = /lomash-wood\/(deployments|replicasets|pods)$/;
const EXPIRED = {
  kind: 'Status',
  status: 'Failure',
  code: 410,
  reason: 'Expired',
  message: 'too old resource version',
};

/** What goes wrong with what is told of each service, in the watches that are open when it begins. */
const HUNG = 'auth-service';
const LOST = 'product-service';
const DOUBLED = 'order-payment-service';

let night: Journey;
let isBlind = false;

/** One watch: everything once more and after what came later, every other line lost, or all of them. */
function handOfOne(): LineHand {
  const wasBlind = isBlind;
  let lost = 0;
  let held: string | undefined;
  return (line, write) => {
    if (!isBlind || wasBlind) return write(line);
    if (line.includes(`"${HUNG}`)) return undefined;
    if (line.includes(`"${LOST}`) && lost++ % 2 === 0) return undefined;
    write(line);
    if (!line.includes(`"${DOUBLED}`)) return undefined;
    if (held !== undefined) write(held);
    held = line;
  };
}
const watches = betweenWatches((path) => (OF_WORKLOADS.test(path) ? handOfOne() : undefined));

beforeAll(async () => {
  night = await startJourney({ startsBot: false });
  night.cluster.faults.between(watches);
  await night.startBot();
});
afterAll(() => night.stop());

const podsOf = (service: string) => night.world.view().find(({ name }) => name === service)?.pods ?? [];
const generationOf = (service: string) =>
  night.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', service)?.metadata.generation ?? 0;

/** Whatever it may go back to behaves so. */
function pastImages(service: string, behaviour: 'ok' | 'never-ready'): void {
  const { images } = night.world;
  const tags = images.tagsOf(repositoryOf(service)).filter((tag) => tag !== night.version(service));
  for (const tag of tags) images.push(imageOf(service, tag), behaviour);
}

const targetOf = (service: string) => rollbackOf(night, service)?.status?.plan?.services[0]?.to?.version ?? 'none';

/** Rolled back to a version whose pods do not become ready yet. */
async function waiting(service: string): Promise<SeenMessage> {
  pastImages(service, 'never-ready');
  const root = await rollBack(night, `${service} production it is slow`);
  await untilReads(night, root, /Now: \d of \d pods ready/);
  return root;
}

/** Its pods come back, whether the bot can see it or not. */
async function podsCome(service: string): Promise<void> {
  night.world.images.push(imageOf(service, targetOf(service)), 'ok');
  for (const { name, ready } of podsOf(service)) if (!ready) night.cluster.storage.remove(PODS, 'lomash-wood', name);
  await night.until(`pods of ${service} are back`, () => {
    const pods = podsOf(service);
    return pods.length > 0 && pods.every(({ ready, version }) => ready && version === targetOf(service));
  });
}

async function expectToldOnce(service: string, root: SeenMessage): Promise<void> {
  await soonPosted(night, new RegExp(`\\*ROLLBACK COMPLETE\\*[^]*${service}, ${targetOf(service)}`));
  await reply(night, root, new RegExp(`Back: ${service}`));
  expect(inChannel(night).filter(({ reads }) => reads.includes(service))).toHaveLength(2);
  expect(rollbackOf(night, service)?.status?.timeline.filter(({ text }) => text.startsWith('Back:'))).toHaveLength(1);
}

it('watches that hang, lose, double and reorder: what is waited for is read anew, and told within a minute', async () => {
  const services = [HUNG, LOST, DOUBLED];
  const before = services.map(generationOf);
  const roots: SeenMessage[] = [];
  for (const service of services) roots.push(await waiting(service));
  isBlind = true;
  for (const service of services) await podsCome(service);
  const cameAt = performance.now();
  for (const [i, service] of services.entries()) await expectToldOnce(service, roots[i]!);
  expect(performance.now() - cameAt).toBeLessThan(60_000);
  expect(services.map(generationOf)).toEqual(before.map((generation) => generation + 1));
});

it('watches that break off: gone on with, nothing missed', async () => {
  const root = await waiting('content-service');
  night.cluster.faults.dropConnections();
  await podsCome('content-service');
  await expectToldOnce('content-service', root);
});

it('an expired watch, then 503 to the list: lists again until it may, and sees what is gone', async () => {
  const root = await waiting('customer-service');
  let expired = 0;
  let refused = 0;
  night.cluster.faults.between((request, pass) => {
    const isWatch = OF_WORKLOADS.test(request.path) && request.query.get('watch') === 'true';
    if (isWatch && request.query.has('resourceVersion') && expired < 3) {
      expired += 1;
      return jsonAnswer(410, EXPIRED);
    }
    if (isWatch && request.query.has('sendInitialEvents') && refused < 4) {
      refused += 1;
      return failure(503);
    }
    return watches(request, pass);
  });
  night.cluster.faults.dropConnections();
  await podsCome('customer-service');
  await expectToldOnce('customer-service', root);
  await night.soon('each fault was met', () => expired === 3 && refused === 4);
});
