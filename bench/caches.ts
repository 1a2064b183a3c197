/**
 * What the caches of a namespace with many ReplicaSets weigh, against one list of the same as it comes over the wire, parsed. Measured in a
 * process that holds nothing else; the API server is in this one.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '#clients/kubernetes/api-server.ts';
import { workloads } from '#clients/kubernetes/workloads.ts';
import { worldClock } from '#playground/clock.ts';
import { startCluster } from '#playground/cluster/server.ts';
import { crowd } from './crowd.ts';
import { tell } from './result.ts';

const CROWD = 10_000;
const NAMESPACE = 'crowded';
const TIMEOUT_MS = 60_000;
const clock = worldClock();
const { signal } = new AbortController();

/** Of the heap, after everything that can go has gone. */
function usedKiB(): number {
  for (let i = 0; i < 3; i++) globalThis.gc!();
  return process.memoryUsage().heapUsed / 1024;
}

async function measure(kubeconfigPath: string): Promise<void> {
  const api = connect({ kubeconfigPath, clock });
  // What the connection itself needs is no cache's.
  await api.get('/version', { signal });
  const empty = usedKiB();
  const view = workloads({ api, namespace: NAMESPACE, clock });
  await view.start(signal);
  const measured = usedKiB() - empty;
  const before = usedKiB();
  const path = `/apis/apps/v1/namespaces/${NAMESPACE}/replicasets`;
  const { items } = await api.get<{ items: object[] }>(path, { signal, timeoutMs: TIMEOUT_MS });
  const baseline = usedKiB() - before;
  if (items.length !== CROWD || view.replicaSets.all().length !== CROWD) throw new Error('not all were listed');
  tell({ what: `caches of ${CROWD} ReplicaSets`, against: 'their list, parsed', unit: 'KiB', measured, baseline });
  process.exit(0);
}

async function serve(): Promise<void> {
  const person = { username: 'bench', groups: ['system:masters'] };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  const cluster = await startCluster({ clock, objects: [namespace], tokens: { bench: person } });
  const folder = mkdtempSync(join(tmpdir(), 'rollback-bench-'));
  const kubeconfigPath = join(folder, 'config');
  writeFileSync(kubeconfigPath, cluster.kubeconfig('bench', NAMESPACE), { mode: 0o600 });
  const api = connect({ kubeconfigPath, clock });
  await crowd(api, NAMESPACE, CROWD, signal);
  await api.close();
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), kubeconfigPath], {
    stdio: 'inherit',
  });
  child.on('exit', resolve);
  process.exitCode = (await promise) ?? 1;
  rmSync(folder, { recursive: true });
  await cluster.stop();
}

const [given] = process.argv.slice(2);
await (given === undefined ? serve() : measure(given));
