/**
 * The two planes that the conformance suite runs on, PLANE=simulated (default) or real. A test never asks which one it is on: what must be
 * done differently is done here. Simulated: the playground's API server over HTTPS with its controllers and kubelet, one per test file.
 * Real: the control plane that KUBECONFIG names, shared, with its etcd's and kwok's files beside it (testplane/up.sh).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Api } from '#clients/kubernetes/api.ts';
import { worldClock } from '#playground/clock.ts';
import { startControllers } from '#playground/cluster/controllers/controllers.ts';
import { fastTimings } from '#playground/cluster/kubelet/container-worker.ts';
import { imageRegistry } from '#playground/cluster/kubelet/images.ts';
import { startKubelet } from '#playground/cluster/kubelet/kubelet.ts';
import { startCluster } from '#playground/cluster/server.ts';

export interface Backend {
  /** An administrator's, as YAML. */
  kubeconfig: string;
  /** Versions before now can be neither listed nor continued any more. */
  compact(): Promise<void>;
  /** From now on the first container of the pod has a log of at least five lines. */
  giveLog(api: Api, pod: { namespace: string; name: string }, signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

const ADMIN = 'admin-token';

async function simulated(): Promise<Backend> {
  const clock = worldClock({ unref: true });
  const random = Math.random;
  const cluster = await startCluster({ clock, tokens: { [ADMIN]: { username: 'admin', groups: ['system:masters'] } } });
  const { storage } = cluster;
  const controllers = startControllers({ storage, clock, random });
  const kubelet = startKubelet({ storage, clock, random, images: imageRegistry(), timings: fastTimings });
  cluster.setPodLogs((namespace, pod, options) => kubelet.logs(namespace, pod, options));
  return {
    kubeconfig: cluster.kubeconfig(ADMIN),
    async compact() {
      cluster.faults.expire();
    },
    // A container writes four lines as it starts, and one every four seconds.
    async giveLog() {
      clock.advance(20_000);
    },
    async stop() {
      controllers.stop();
      kubelet.stop();
      await cluster.stop();
    },
  };
}

const EtcdRange = z.object({ header: z.object({ revision: z.string() }) });

/** etcd's own compaction, over its JSON gateway: kube-apiserver's comes every five minutes only. */
async function compactEtcd(folder: string): Promise<void> {
  const [port] = readFileSync(join(folder, 'ports'), 'utf8').split(' ');
  const post = async (call: string, body: object): Promise<unknown> => {
    const url = `http://127.0.0.1:${port}/v3/kv/${call}`;
    const answer = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return answer.json();
  };
  const { header } = EtcdRange.parse(await post('range', { key: Buffer.from('none').toString('base64') }));
  await post('compaction', { revision: header.revision, physical: true });
}

/** Lines as a container runtime keeps them. */
function runtimeLog(): string {
  const startedAt = Date.now() - 60_000;
  const line = (n: number): string => `${new Date(startedAt + n * 1000).toISOString()} stdout F line ${n}\n`;
  return [1, 2, 3, 4, 5, 6].map(line).join('');
}

async function real(): Promise<Backend> {
  const path = process.env['KUBECONFIG'];
  if (path === undefined || path === '') {
    throw new Error('PLANE=real needs KUBECONFIG: the kubeconfig of a running control plane.');
  }
  const folder = mkdtempSync(join(tmpdir(), 'container-logs-'));
  return {
    kubeconfig: readFileSync(path, 'utf8'),
    compact: () => compactEtcd(process.env['PLANE_DIR'] ?? dirname(path)),
    async giveLog(api, { namespace, name }, signal) {
      const logsFile = join(folder, `${namespace}-${name}.log`);
      writeFileSync(logsFile, runtimeLog());
      await api.create(
        `/apis/kwok.x-k8s.io/v1alpha1/namespaces/${namespace}/logs`,
        {
          apiVersion: 'kwok.x-k8s.io/v1alpha1',
          kind: 'Logs',
          metadata: { name },
          spec: { logs: [{ logsFile }] },
        },
        { signal },
      );
    },
    async stop() {
      rmSync(folder, { recursive: true });
    },
  };
}

export function startBackend(): Promise<Backend> {
  const plane = process.env['PLANE'] ?? 'simulated';
  if (plane === 'simulated') return simulated();
  if (plane === 'real') return real();
  throw new Error(`PLANE is "${plane}"; it is "simulated" or "real".`);
}
