/** A namespace of its own on the real control plane, watched. */
import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { KubernetesObject } from '#clients/kubernetes/api.ts';
import { connect } from '#clients/kubernetes/api-server.ts';
import { type LiveCollection, watchCollection } from '#clients/kubernetes/watched.ts';
import { worldClock } from '#playground/clock.ts';
import type { Deployment, Pod, ReplicaSet } from '#playground/cluster/objects.ts';
import { patient } from '#test/harness/patient-api.ts';
import { kubeconfigPath } from '../cluster/plane.ts';
import { type Plane, type RawEvent, Restless, seenEvent, type StillTo, untilGone, untilPodGone } from './plane.ts';
import type { Objects } from './rest.ts';
import type { SeenEvent } from './view.ts';

const patienceMs = 600_000;
/** Each controller writes its events one after the other, whatever waits. */
const eventPatienceMs = 600_000;
const clock = worldClock();

/** Changes that somebody tells of, counted, so that none is missed between a look and the wait for the next. */
class Changes {
  #told = 0;
  #waiting = Promise.withResolvers<void>();

  tell = (): void => {
    this.#told += 1;
    this.#waiting.resolve();
    this.#waiting = Promise.withResolvers<void>();
  };

  count = (): number => this.#told;

  /** The first change after so many, or the end of patience. */
  async after(count: number, withinMs: number): Promise<void> {
    // What comes in one chunk is looked at once.
    await setImmediate();
    if (this.#told > count) return;
    const late = Promise.withResolvers<void>();
    const cancel = clock.after(Math.max(0, withinMs), late.resolve);
    await Promise.race([this.#waiting.promise, late.promise]);
    cancel();
  }
}

/**
 * ReplicaSets made within one second are of the same age, and their names decide, which are hashes; so every change begins in a second of
 * its own.
 */
async function nextSecond({ replicaSets }: Objects): Promise<void> {
  const newest = Math.max(0, ...replicaSets.map((set) => Date.parse(set.metadata.creationTimestamp)));
  while (Date.now() < newest + 1_000) await clock.sleep(newest + 1_000 - Date.now());
}

/** With connections of its own: each watch keeps one, and a pool has an end. */
export async function realPlane(seed: number): Promise<Plane> {
  const api = patient(connect({ kubeconfigPath: kubeconfigPath(), clock }));
  const over = new AbortController();
  const { signal } = over;
  const namespace = `differential-${seed}-${randomBytes(3).toString('hex')}`;
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const core = `/api/v1/namespaces/${namespace}`;
  await api.create(
    '/api/v1/namespaces',
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { signal },
  );

  const changes = new Changes();
  const live = <T>(path: string): LiveCollection<T & KubernetesObject, T> => {
    const collection = watchCollection<T & KubernetesObject, T>({ api, path, toRow: (raw) => raw, clock, signal });
    collection.onChange(changes.tell);
    return collection;
  };
  const deployments = live<Deployment>(`${apps}/deployments`);
  const replicaSets = live<ReplicaSet>(`${apps}/replicasets`);
  const pods = live<Pod>(`${core}/pods`);
  const accounts = live<KubernetesObject>(`${core}/serviceaccounts`);
  const told = watchCollection<RawEvent, SeenEvent>({ api, path: `${core}/events`, toRow: seenEvent, clock, signal });
  told.onChange(changes.tell);
  await Promise.all([deployments, replicaSets, pods, accounts, told].map((collection) => collection.synced));

  const known = (): Objects => ({ deployments: deployments.all(), replicaSets: replicaSets.all(), pods: pods.all() });

  /** The caches are each late in their own way: what they promise is read again. */
  async function read(): Promise<Objects> {
    const list = async <T>(path: string): Promise<T[]> => (await api.get<{ items: T[] }>(path, { signal })).items;
    return {
      pods: await list<Pod>(`${core}/pods`),
      replicaSets: await list<ReplicaSet>(`${apps}/replicasets`),
      deployments: await list<Deployment>(`${apps}/deployments`),
    };
  }

  async function reached(still: StillTo): Promise<Objects> {
    const endsAt = clock.monotonic() + patienceMs;
    for (;;) {
      const count = changes.count();
      const late = still(known());
      const found = late === undefined ? await read() : undefined;
      const why = found ? still(found) : late;
      if (found && why === undefined) return found;
      if (clock.monotonic() > endsAt) throw new Restless(why, found ?? known());
      await changes.after(count, endsAt - clock.monotonic());
    }
  }

  async function begun(still: StillTo): Promise<Objects> {
    const found = await reached(still);
    await nextSecond(found);
    return found;
  }

  const isFurnished = (): string | undefined => (accounts.get('default') ? undefined : 'no service account yet');
  await reached(isFurnished);
  return {
    hands: {
      api,
      addresses: { apps, core },
      signal,
      untilGone: async () => void (await reached(untilGone)),
      untilPodGone: async (uid) => void (await reached(untilPodGone(uid))),
    },
    until: begun,
    untilOnce: async (still) => void (await begun(still)),
    async events(doSatisfy) {
      const endsAt = clock.monotonic() + eventPatienceMs;
      for (;;) {
        const count = changes.count();
        const events = told.all();
        if (doSatisfy(events) || clock.monotonic() > endsAt) return events;
        await changes.after(count, endsAt - clock.monotonic());
      }
    },
    async close() {
      over.abort(new Error('the sequence is over'));
      await api.delete(`/api/v1/namespaces/${namespace}`, { signal: new AbortController().signal });
      await api.close();
    },
  };
}
