import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { failure } from '#playground/cluster/front.ts';
import type { ApiRequest, ApiResponse } from '#playground/cluster/api/message.ts';
import { isStream } from '#playground/cluster/api/message.ts';
import { opens, pressed } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { inChannel, reply, rollbackOf, soonPosted, thread } from '#test/harness/story.ts';

/** One full system, in which each service's first patch meets a fault of its own. */
const REFUSED: Record<string, number> = {
  'api-gateway': 429,
  'auth-service': 500,
  'product-service': 504,
  'order-payment-service': 401,
  'appointment-service': 409,
};
const DONE_UNTOLD = 'content-service';
const NEVER_DONE = 'customer-service';
const LATE = 'notification-service';
const FORBIDDEN = 'analytics-service';
const TRIED_AGAIN = [...Object.keys(REFUSED), DONE_UNTOLD, NEVER_DONE, LATE];

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };
const never = new Promise<ApiResponse>(() => undefined);

let night: Journey;
/** Service → statuses of the answers to its patches, in order; those that nobody heard too. */
const answered = new Map<string, number[]>();
const generations: Record<string, number> = {};
let arrives: () => void;

const stored = (service: string) => night.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', service)!.metadata;
const services = () => night.world.view().map(({ name }) => name);

function meddle(request: ApiRequest, pass: () => Promise<ApiResponse>): Promise<ApiResponse> {
  const [, service] = /\/namespaces\/lomash-wood\/deployments\/([a-z-]+)$/.exec(request.path) ?? [];
  if (request.method !== 'PATCH' || service === undefined) return pass();
  const seen = answered.get(service) ?? [];
  answered.set(service, seen);
  const isFirst = seen.length === 0;
  const taken = async (): Promise<ApiResponse> => {
    const answer = await pass();
    if (!isStream(answer)) seen.push(answer.status);
    return answer;
  };
  const refused = (status: number): Promise<ApiResponse> => {
    seen.push(status);
    return Promise.resolve(failure(status));
  };
  if (service === FORBIDDEN) return refused(403);
  // The bot reads its token anew and repeats what a 401 refused, at once.
  if (service === 'order-payment-service' && seen.filter((status) => status === 401).length === 1) return refused(401);
  if (!isFirst) return taken();
  if (REFUSED[service] !== undefined) return refused(REFUSED[service]);
  if (service === DONE_UNTOLD) return taken().then(() => never);
  seen.push(0);
  if (service === LATE) arrives = () => void pass().then((answer) => isStream(answer) || seen.push(-answer.status));
  return never;
}

beforeAll(async () => {
  night = await startJourney();
  for (const service of services()) generations[service] = stored(service).generation!;
  await opens(night, 'all production everything is slow', /\*analytics-service\*: /);
  await night.maya.fill(/type production/, 'production');
  night.cluster.faults.between(meddle);
  await pressed(night);
  await soonPosted(night, /\*ROLLBACK PARTIAL\*/);
});
afterAll(() => night.stop());

it.each(TRIED_AGAIN)('a patch that meets trouble is made in the end, once: %s', (service) => {
  const all = answered.get(service) ?? [];
  expect(all.filter((status) => status === 200)).toHaveLength(1);
  expect(stored(service)).toMatchObject({
    generation: generations[service]! + 1,
    annotations: { 'ops.lomashwood.com/operation': `${rollbackOf(night, service)?.metadata.uid}/${service}/1` },
  });
});

it('each fault was met: refused, not answered, done without an answer', () => {
  for (const [service, status] of Object.entries(REFUSED)) expect(answered.get(service)?.[0]).toBe(status);
  expect(answered.get(DONE_UNTOLD)?.[0]).toBe(200);
  for (const service of [NEVER_DONE, LATE]) expect(answered.get(service)?.[0]).toBe(0);
});

it('a patch that arrives late changes nothing', async () => {
  const before = [stored(LATE).generation, night.version(LATE)];
  arrives();
  const late = await night.until('it was refused', () => answered.get(LATE)?.find((status) => status < 0));
  expect(late).toBe(-422);
  expect([stored(LATE).generation, night.version(LATE)]).toEqual(before);
});

it('a patch that is forbidden is not tried for ever: the outcome names the service, why, and calls the holder', async () => {
  const partial = await night.post(/\*ROLLBACK PARTIAL\*/);
  expect(partial.reads).toContain('8 of 9 services returned to previous version.');
  expect(partial.reads).toMatch(/NOT returned: analytics-service.*may not/);
  expect(partial.reads).toContain('@Maya Chen');
  expect(answered.get(FORBIDDEN)!.length).toBeLessThanOrEqual(3);
  expect(stored(FORBIDDEN).generation).toBe(generations[FORBIDDEN]);
});

it('all of it is told once, in at most twelve replies before the outcome', async () => {
  const [root, outcome] = inChannel(night);
  await reply(night, root!, /Outcome: 8 of 9 returned/);
  expect(inChannel(night)).toHaveLength(2);
  expect(thread(night, root!).filter(({ ts }) => ts < outcome!.ts).length).toBeLessThanOrEqual(12);
});
