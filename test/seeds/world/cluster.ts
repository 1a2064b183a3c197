/** The simulated cluster of a seed: its API server without a network, its controllers and nodes, and a record of what was asked of it. */
import { readFileSync } from 'node:fs';
import { type Api, createApi } from '#playground/cluster/api/api.ts';
import { type ApiAnswer, type ApiRequest, type ApiStream, isStream } from '#playground/cluster/api/message.ts';
import { startControllers } from '#playground/cluster/controllers/controllers.ts';
import { fastTimings } from '#playground/cluster/kubelet/container-worker.ts';
import { type ImageRegistry, imageRegistry } from '#playground/cluster/kubelet/images.ts';
import { startKubelet } from '#playground/cluster/kubelet/kubelet.ts';
import { manifests } from '#playground/cluster/server.ts';
import { type ClusterStorage, createStorage } from '#playground/cluster/storage.ts';
import type { StorageEvent } from '#playground/cluster/storage-contract.ts';
import { simulateTraffic, type Traffic } from '#playground/services/traffic.ts';
import { onMachine } from '../time/machine.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Setting } from './setting.ts';

const DEFINITION = JSON.stringify(manifests(readFileSync('k8s/crd.yaml', 'utf8'))[0]);
const TOKENS = { bot: 'bot', person: 'person' };
/** In every container's log: it may never leave the cluster. */
export const LOG_CANARY = 'canary0log0secret';

/** A write, as the server saw it. */
export interface RecordedWrite {
  atMs: number;
  /** When it was sent; it may have been long on its way. */
  sentAtMs: number;
  /** The machine that sent it, or "person". */
  from: string;
  method: string;
  path: string;
  status: number;
  /** Events that it caused: none when it changed nothing. */
  events: StorageEvent[];
}

export interface SeedCluster {
  storage: ClusterStorage;
  images: ImageRegistry;
  traffic: Traffic;
  writes: RecordedWrite[];
  /** Every change of every object, in order. */
  events: { atMs: number; event: StorageEvent }[];
  handle(
    from: string,
    request: Pick<ApiRequest, 'method' | 'path'> & { body?: string; contentType?: string },
    sentAtMs?: number,
  ): ApiAnswer | ApiStream;
  /** Older watches get 410. */
  expire(): void;
}

export interface ClusterOptions {
  setting: Setting;
  timeline: Timeline;
  random: () => number;
}

function fill(storage: ClusterStorage, { objects }: Setting): void {
  for (const { resource, object } of objects) storage.create(resource, object);
}

function ask(api: Api, from: string, sent: Parameters<SeedCluster['handle']>[1]): ApiAnswer | ApiStream {
  const [path = '', query = ''] = sent.path.split('?');
  return api.handle({
    method: sent.method,
    path,
    query: new URLSearchParams(query),
    headers: {
      authorization: `Bearer ${from === 'person' ? TOKENS.person : TOKENS.bot}`,
      'user-agent': from === 'person' ? 'kubectl' : 'rollback-bot',
      'content-type': sent.contentType ?? 'application/json',
    },
    body: Buffer.from(sent.body ?? ''),
  });
}

/** Everything runs on the timeline; nothing has to be stopped. */
export function startSeedCluster({ setting, timeline, random }: ClusterOptions): SeedCluster {
  const storage = createStorage(timeline, random);
  const images = imageRegistry();
  for (const image of setting.images) images.push(image, 'ok');
  fill(storage, setting);
  const engine = { storage, clock: timeline, random, recordsEvents: () => false };
  startControllers(engine);
  const kubelet = startKubelet({ ...engine, images, timings: fastTimings });
  const masters = ['system:masters', 'system:authenticated'];
  const api = createApi({
    storage,
    clock: timeline,
    random,
    tokens: {
      [TOKENS.bot]: { username: 'system:serviceaccount:rollback-bot:rollback-bot', groups: masters },
      [TOKENS.person]: { username: 'maya.chen@lomashwood.com', groups: masters },
    },
    podLogs: () => (namespace, pod, options) =>
      `${kubelet.logs(namespace, pod, options)}\nDB_PASSWORD=${LOG_CANARY} refused\n`,
  });
  const created = ask(api, 'person', {
    method: 'POST',
    path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    body: DEFINITION,
  });
  if (created.status !== 201) throw new Error('the CRD was refused');
  const events: SeedCluster['events'] = [];
  const writes: RecordedWrite[] = [];
  storage.subscribe((event) => void events.push({ atMs: timeline.now(), event }));
  return {
    storage,
    images,
    traffic: simulateTraffic({ storage, images, catalogue: setting.catalogue, clock: timeline, random }),
    writes,
    events,
    expire: () => api.expire(),
    handle: (from, sent, sentAtMs = timeline.world()) =>
      onMachine(undefined, () => {
        const before = events.length;
        const answer = ask(api, from, sent);
        if (sent.method !== 'GET' && !isStream(answer)) {
          const caused = events.slice(before).map(({ event }) => event);
          const { method, path } = sent;
          writes.push({ atMs: timeline.now(), sentAtMs, from, method, path, status: answer.status, events: caused });
        }
        return answer;
      }),
  };
}
