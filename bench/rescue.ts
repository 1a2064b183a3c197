/**
 * How long it takes from the press to the patch: the Rollback is created as the form does, and the Deployment's template is looked at until
 * it is the old one again. The bot is a process of its own, as in life; the API server is the playground's. The baseline are the three calls that
 * `kubectl rollout undo` makes, without the start of kubectl.
 */
import { connect, type Connection } from '#clients/kubernetes/api-server.ts';
import { worldClock } from '#playground/clock.ts';
import { startPlayground } from '#playground/playground.ts';
import { crowd } from './crowd.ts';
import { median, tell } from './result.ts';

const ROUNDS = 5;
const CROWD = 5000;
const LOOK_MS = 2;
const NAMESPACE = 'lomash-wood';
const ROLLBACKS = '/apis/ops.lomashwood.com/v1alpha1/namespaces/rollback-bot/rollbacks';
const ONE = ['auth-service'];
const NINE = [
  'api-gateway',
  'auth-service',
  'product-service',
  'order-payment-service',
  'appointment-service',
  'content-service',
  'customer-service',
  'notification-service',
  'analytics-service',
];

interface Deployment {
  metadata: { labels: Record<string, string> };
  spec: {
    selector: { matchLabels: Record<string, string> };
    template: { metadata: { labels: Record<string, string> }; spec: { containers: { image: string }[] } };
  };
  status?: { updatedReplicas?: number; replicas?: number; availableReplicas?: number };
}

const clock = worldClock();
const { signal } = new AbortController();
const playground = await startPlayground({ port: 0, seed: 1, startsBot: true, onPlane: false, log: () => undefined });
const api: Connection = connect({ kubeconfigPath: playground.personKubeconfig, clock });
/** As the form creates it. */
const bot: Connection = connect({ kubeconfigPath: playground.settings['KUBECONFIG']!, clock });
const deployments = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
const read = (service: string): Promise<Deployment> => api.get(`${deployments}/${service}`, { signal });
const imageOf = ({ spec }: Deployment): string => spec.template.spec.containers[0]!.image;
let made = 0;

async function until(look: () => Promise<boolean>, everyMs = LOOK_MS): Promise<void> {
  while (!(await look())) await clock.sleep(everyMs, signal);
}

/** A version that nobody can pull; answers the images before it. */
async function deployBroken(services: readonly string[]): Promise<Map<string, string>> {
  const before = new Map<string, string>();
  for (const service of services) {
    const { spec } = await read(service);
    before.set(service, spec.template.spec.containers[0]!.image);
    made += 1;
    const containers = spec.template.spec.containers.map((c) => ({ ...c, image: `${c.image}-broken-${made}` }));
    const patch = [{ op: 'replace' as const, path: '/spec/template/spec/containers', value: containers }];
    await api.jsonPatch(`${deployments}/${service}`, patch, { signal });
  }
  return before;
}

const isBack = async (before: Map<string, string>): Promise<boolean> =>
  (await Promise.all([...before].map(async ([service, image]) => imageOf(await read(service)) === image))).every(
    Boolean,
  );

/** ms from the press until all are patched; comes back when the rollback is told as over. */
async function byBot(services: readonly string[]): Promise<number> {
  const before = await deployBroken(services);
  await clock.sleep(1500, signal);
  const name = `bench-${made}`;
  const spec = {
    environment: 'production',
    targets: services.map((service) => ({ service })),
    reason: { kind: 'other', text: 'benchmark' },
    requestedBy: { id: 'U0ONCALL', name: 'Maya Chen', via: 'slack' },
  };
  const object = { apiVersion: 'ops.lomashwood.com/v1alpha1', kind: 'Rollback', metadata: { name }, spec };
  const startedAt = performance.now();
  await bot.create(ROLLBACKS, object, { signal });
  await until(() => isBack(before));
  const ms = performance.now() - startedAt;
  type Told = { status?: { phase?: string } };
  await until(
    async () => (await api.get<Told>(`${ROLLBACKS}/${name}`, { signal })).status?.phase === 'Monitoring',
    100,
  );
  return ms;
}

/** ms for what `kubectl rollout undo` asks of the API server. */
async function byHand(service: string): Promise<number> {
  const before = await deployBroken([service]);
  await clock.sleep(1500, signal);
  const startedAt = performance.now();
  const { spec } = await read(service);
  const selector = Object.entries(spec.selector.matchLabels).map(([key, value]) => `${key}=${value}`);
  const sets = `/apis/apps/v1/namespaces/${NAMESPACE}/replicasets?labelSelector=${encodeURIComponent(selector.join())}`;
  const { items } = await api.get<{ items: Deployment[] }>(sets, { signal });
  const { template } = items.find((set) => imageOf(set) === before.get(service))!.spec;
  delete template.metadata.labels['pod-template-hash'];
  await api.jsonPatch(`${deployments}/${service}`, [{ op: 'replace', path: '/spec/template', value: template }], {
    signal,
  });
  return performance.now() - startedAt;
}

async function rounds(measure: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < ROUNDS; i++) all.push(await measure());
  return median(all);
}

const hand = await rounds(() => byHand(ONE[0]!));
const one = await rounds(() => byBot(ONE));
tell({ what: 'press to patch', against: "the calls of kubectl's undo", unit: 'ms', measured: one, baseline: hand });
const nine = await rounds(() => byBot(NINE));
tell({ what: 'press to the last of nine patches', against: 'one', unit: 'ms', measured: nine, baseline: one });
await crowd(api, NAMESPACE, CROWD, signal);
const crowded = await rounds(() => byBot(ONE));
tell({
  what: `press to patch among ${CROWD} ReplicaSets`,
  against: 'few',
  unit: 'ms',
  measured: crowded,
  baseline: one,
});
await Promise.all([api.close(), bot.close()]);
await playground.stop();
process.exit(0);
