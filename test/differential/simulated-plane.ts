/** A simulated cluster of its own for each sequence, in process and in virtual time: the same seed gives the same run. */
import { apiError, operationOf } from '#clients/kubernetes/answer.ts';
import type { Api } from '#clients/kubernetes/api.ts';
import { createApi, type Transport } from '#clients/kubernetes/api-server.ts';
import { worldClock } from '#playground/clock.ts';
import { createApi as createSimulatedApi, type Api as SimulatedApi } from '#playground/cluster/api/api.ts';
import { isStream } from '#playground/cluster/api/message.ts';
import { startControllers } from '#playground/cluster/controllers/controllers.ts';
import { fastTimings } from '#playground/cluster/kubelet/container-worker.ts';
import { imageRegistry } from '#playground/cluster/kubelet/images.ts';
import { startKubelet } from '#playground/cluster/kubelet/kubelet.ts';
import type { Deployment, Pod, ReplicaSet } from '#playground/cluster/objects.ts';
import { createStorage } from '#playground/cluster/storage.ts';
import { seededRandom } from '#playground/scenarios/seeded-random.ts';
import { virtualClock } from '#playground/scenarios/virtual-clock.ts';
import { type Plane, type RawEvent, Restless, seenEvent, type StillTo, untilGone, untilPodGone } from './plane.ts';
import type { Objects } from './rest.ts';

const namespace = 'differential';
const token = 'admin-token';
/** How finely virtual time is looked at, how long rest must last to be believed, and when it is given up. */
const glanceMs = 20;
const lastingMs = 2_000;
const patienceMs = 120_000;

function inProcess(server: SimulatedApi): Transport {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- the contract is that of a network
    async exchange({ method, path, body, contentType = 'application/json' }) {
      const { pathname, searchParams } = new URL(path, 'https://cluster');
      const response = server.handle({
        method,
        path: pathname,
        query: searchParams,
        headers: { authorization: `Bearer ${token}`, 'user-agent': 'rollback-bot', 'content-type': contentType },
        body: Buffer.from(body ?? ''),
      });
      if (isStream(response)) throw new TypeError(`${path} answered a stream`);
      const text = response.body.toString();
      if (response.status >= 300) throw apiError(operationOf(method, path), response.status, text);
      return text;
    },
    stream() {
      throw new TypeError('nothing is watched here: virtual time moves only when it is told to');
    },
  };
}

async function objects(api: Api, signal: AbortSignal): Promise<Objects> {
  const list = async <T>(path: string): Promise<T[]> => (await api.get<{ items: T[] }>(path, { signal })).items;
  return {
    deployments: await list<Deployment>(`/apis/apps/v1/namespaces/${namespace}/deployments`),
    replicaSets: await list<ReplicaSet>(`/apis/apps/v1/namespaces/${namespace}/replicasets`),
    pods: await list<Pod>(`/api/v1/namespaces/${namespace}/pods`),
  };
}

export async function simulatedPlane(seed: number): Promise<Plane> {
  const clock = virtualClock(Date.parse('2026-03-02T03:00:00Z'));
  const random = seededRandom(seed);
  const storage = createStorage(clock, random);
  const server = createSimulatedApi({
    storage,
    clock,
    random,
    tokens: { [token]: { username: 'admin', groups: ['system:masters'] } },
  });
  const controllers = startControllers({ storage, clock, random });
  const kubelet = startKubelet({ storage, clock, random, images: imageRegistry(), timings: fastTimings });
  const api = createApi(inProcess(server), worldClock({ unref: true }));
  const { signal } = new AbortController();
  await api.create('/api/v1/namespaces', { metadata: { name: namespace } }, { signal });
  clock.advance(lastingMs);

  async function reached(still: StillTo): Promise<Objects> {
    const endsAt = clock.now() + patienceMs;
    for (;;) {
      const found = await objects(api, signal);
      const why = still(found);
      if (why === undefined) return found;
      if (clock.now() > endsAt) throw new Restless(why, found);
      clock.advance(glanceMs);
    }
  }

  async function until(still: StillTo): Promise<Objects> {
    const endsAt = clock.now() + patienceMs;
    for (;;) {
      await reached(still);
      clock.advance(lastingMs);
      const found = await objects(api, signal);
      const why = still(found);
      if (why === undefined) return found;
      if (clock.now() > endsAt) throw new Restless(`again and again: ${why}`, found);
    }
  }

  return {
    hands: {
      api,
      addresses: { apps: `/apis/apps/v1/namespaces/${namespace}`, core: `/api/v1/namespaces/${namespace}` },
      signal,
      untilGone: async () => void (await reached(untilGone)),
      untilPodGone: async (uid) => void (await reached(untilPodGone(uid))),
    },
    until,
    async untilOnce(still) {
      await reached(still);
      // ReplicaSets of one second are of one age, here as there.
      clock.advance(1_000 - (clock.now() % 1_000));
    },
    async events() {
      const { items } = await api.get<{ items: RawEvent[] }>(`/api/v1/namespaces/${namespace}/events`, { signal });
      return items.map(seenEvent);
    },
    close() {
      controllers.stop();
      kubelet.stop();
      return Promise.resolve();
    },
  };
}
