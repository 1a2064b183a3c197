import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, type Connection } from '#clients/kubernetes/api-server.ts';
import { type ElectionOptions, runElection, type Term } from '#controller/leading/lease.ts';
import { worldClock } from '#playground/clock.ts';
import { type Cluster, startCluster } from '#playground/cluster/server.ts';

const LEASES = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };
const clock = worldClock({ unref: true });
const silent = (): undefined => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

let cluster: Cluster;
let api: Connection;
let folder: string;
let stopping: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  const administrator = { username: 'test', groups: ['system:masters'] };
  cluster = await startCluster({ clock, tokens: { test: administrator } });
  folder = mkdtempSync(path.join(tmpdir(), 'lease-'));
  const kubeconfigPath = path.join(folder, 'kubeconfig');
  writeFileSync(kubeconfigPath, cluster.kubeconfig('test'));
  api = connect({ kubeconfigPath, clock });
  stopping = new AbortController();
});
afterEach(async () => {
  stopping.abort(new Error('the test is over'));
  await running;
  await api.close();
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

function elect(more: Pick<ElectionOptions, 'lead' | 'onOverrun'>): void {
  const options = { api, namespace: 'default', identity: 'me', clock, log, random: () => 0, ...more };
  running = runElection(options, stopping.signal);
}

const leaseNow = () => cluster.storage.get(LEASES, 'default', 'rollback-bot') as any;
/** Somebody else takes the lease and lets go of it, as a leader does that ends at once. */
function takeAndRelease(): void {
  const { spec } = leaseNow();
  cluster.load([
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'rollback-bot', namespace: 'default' },
      spec: { ...spec, holderIdentity: '', leaseTransitions: spec.leaseTransitions + 1 },
    },
  ]);
}

const ended = ({ signal }: Term): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

it('a term ends when somebody else led meanwhile, and the next one has a higher number', async () => {
  const terms: Term[] = [];
  const third = Promise.withResolvers<void>();
  elect({
    onOverrun: silent,
    async lead(term) {
      if (terms.push(term) === 1) takeAndRelease();
      else third.resolve();
      await ended(term);
    },
  });
  await third.promise;
  expect(terms[0]?.signal.aborted).toBe(true);
  expect(terms[1]!.epoch).toBeGreaterThan(terms[0]!.epoch + 1);
  expect(leaseNow().spec).toMatchObject({ holderIdentity: 'me', leaseTransitions: terms[1]!.epoch });
});

it('work that hangs after the lease was lost ends with the process; work that ends is left to end', async () => {
  const hanging = Promise.withResolvers<void>();
  const overrun = Promise.withResolvers<void>();
  let isAborted = false;
  elect({
    onOverrun: overrun.resolve,
    async lead({ signal }) {
      signal.addEventListener('abort', () => (isAborted = true), { once: true });
      takeAndRelease();
      await hanging.promise;
    },
  });
  await overrun.promise;
  expect(isAborted).toBe(true);
  stopping.abort(new Error('the process ends'));
  hanging.resolve();
});
