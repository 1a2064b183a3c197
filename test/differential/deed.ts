/** Does one step through an API server. What it answers is what the person saw: the same on both planes. */
import type { Api } from '#clients/kubernetes/api.ts';
import { ApiError } from '#clients/kubernetes/api.ts';
import type { Deployment, Pod, ReplicaSet } from '#playground/cluster/objects.ts';
import { controllerOf } from '#playground/cluster/objects.ts';
import { type Addresses, restart, revisionNumber, undo } from './kubectl-undo.ts';
import type { Sketch, Step, Strategy, Version } from './sequence.ts';

export const name = 'web';
const changeCause = 'kubernetes.io/change-cause';

/** A plane, as far as doing things to one namespace goes. */
export interface Hands {
  api: Api;
  addresses: Addresses;
  signal: AbortSignal;
  /** Until nothing is left of the Deployment, but ReplicaSets that were let go. */
  untilGone(): Promise<void>;
  untilPodGone(uid: string): Promise<void>;
}

const imageOf = ({ number, outcome }: Version): string => `web:v${number}${outcome === 'good' ? '' : `-${outcome}`}`;

function strategyFields({ type, maxSurge, maxUnavailable }: Strategy): object {
  return type === 'Recreate' ? { type, rollingUpdate: null } : { type, rollingUpdate: { maxSurge, maxUnavailable } };
}

function manifest(sketch: Sketch): object {
  const { strategy, version, change } = sketch;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, ...(change !== undefined && { annotations: { [changeCause]: change } }) },
    spec: {
      replicas: sketch.replicas,
      revisionHistoryLimit: sketch.historyLimit,
      progressDeadlineSeconds: sketch.progressDeadlineSeconds,
      minReadySeconds: sketch.minReadySeconds,
      selector: { matchLabels: { app: name } },
      strategy: strategyFields(strategy),
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name,
              image: imageOf(version),
              env: [{ name: 'MODE', value: 'first' }],
              readinessProbe: { httpGet: { path: '/health', port: 8080 } },
            },
          ],
        },
      },
    },
  };
}

async function podAt({ api, addresses, signal }: Hands, place: number): Promise<Pod | undefined> {
  const options = { signal };
  const pods = await api.get<{ items: Pod[] }>(`${addresses.core}/pods`, options);
  const sets = await api.get<{ items: ReplicaSet[] }>(`${addresses.apps}/replicasets`, options);
  const revisions = new Map(sets.items.map((set) => [set.metadata.uid, revisionNumber(set)]));
  const revisionOf = (pod: Pod): number => revisions.get(controllerOf(pod)?.uid ?? '') ?? 0;
  const sorted = pods.items.toSorted((a, b) => revisionOf(a) - revisionOf(b));
  return sorted[place % Math.max(1, sorted.length)];
}

async function act(step: Step, hands: Hands): Promise<string> {
  const { api, addresses, signal } = hands;
  const path = `${addresses.apps}/deployments/${name}`;
  const container = '/spec/template/spec/containers/0';
  const options = { signal };
  switch (step.kind) {
    case 'deploy':
      await api.jsonPatch(path, [{ op: 'replace', path: `${container}/image`, value: imageOf(step.version) }], options);
      return 'deployed';
    case 'configure':
      await api.jsonPatch(path, [{ op: 'replace', path: `${container}/env/0/value`, value: step.value }], options);
      return 'configured';
    case 'deploy again': {
      const { spec } = await api.get<Deployment>(path, options);
      await api.mergePatch(path, { spec: { template: spec.template } }, options);
      return 'unchanged';
    }
    case 'undo':
      return undo({ api, addresses, name, signal }, step.place);
    case 'scale':
      await api.mergePatch(`${path}/scale`, { spec: { replicas: step.replicas } }, options);
      return 'scaled';
    case 'annotate':
      await api.mergePatch(path, { metadata: { annotations: { [changeCause]: step.change } } }, options);
      return 'annotated';
    case 'pause':
    case 'resume':
      await api.mergePatch(path, { spec: { paused: step.kind === 'pause' } }, options);
      return `${step.kind}d`;
    case 'restart':
      return restart({ api, addresses, name, signal }, step.at);
    case 'use a service account': {
      const accounts = { serviceAccountName: step.account, serviceAccount: step.account };
      await api.mergePatch(path, { spec: { template: { spec: accounts } } }, options);
      return 'changed';
    }
    case 'delete a pod': {
      const pod = await podAt(hands, step.place);
      if (!pod) return 'no pod';
      await api.delete(`${addresses.core}/pods/${pod.metadata.name}`, options);
      await hands.untilPodGone(pod.metadata.uid);
      return 'pod deleted';
    }
    case 'delete and recreate':
      await api.delete(`${path}?propagationPolicy=${step.orphaned ? 'Orphan' : 'Background'}`, options);
      await hands.untilGone();
      await create(step.sketch, hands);
      return 'recreated';
    case 'change the strategy':
      await api.mergePatch(path, { spec: { strategy: strategyFields(step.strategy) } }, options);
      return 'changed';
    case 'limit the history':
      await api.mergePatch(path, { spec: { revisionHistoryLimit: step.limit } }, options);
      return 'limited';
  }
}

export async function create(sketch: Sketch, { api, addresses, signal }: Hands): Promise<void> {
  await api.create(`${addresses.apps}/deployments`, manifest(sketch), { signal });
}

/** A refusal is an answer too. */
export async function perform(step: Step | Sketch, hands: Hands): Promise<string> {
  try {
    if ('kind' in step) return await act(step, hands);
    await create(step, hands);
    return 'created';
  } catch (error) {
    if (error instanceof ApiError) return `${error.status} ${error.message}`;
    throw error;
  }
}
