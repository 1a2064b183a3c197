/**
 * The real control plane these tests run on: its connection, and a namespace of their own, removed afterwards. Or a plane of their own, for
 * those that do to it what others must not notice.
 */
import { afterAll, beforeAll } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Connection, connect } from '#clients/kubernetes/api-server.ts';
import { worldClock } from '#playground/clock.ts';
import { patient } from '#test/harness/patient-api.ts';

const SYNC_TIMEOUT_MS = 60_000;

/** Real time. */
export const clock = worldClock();

/** Fails clearly when there is no plane to test on. */
export function kubeconfigPath(): string {
  const path = process.env['KUBECONFIG'];
  if (path === undefined || path === '') {
    throw new Error('KUBECONFIG is not set: these tests need a running Kubernetes control plane.');
  }
  return path;
}

export interface Plane {
  api: Connection;
  namespace: string;
  /** Aborted when the tests of the file are over. */
  signal: AbortSignal;
}

/** To be called at the top of a test file; the fields are there once tests run. */
export function usePlane(prefix: string): Plane {
  const over = new AbortController();
  const plane: Plane = {
    api: patient(connect({ kubeconfigPath: kubeconfigPath(), clock })),
    namespace: `${prefix}-${randomBytes(4).toString('hex')}`,
    signal: over.signal,
  };
  beforeAll(async () => {
    await plane.api.create(
      '/api/v1/namespaces',
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: plane.namespace } },
      { signal: over.signal },
    );
  });
  afterAll(async () => {
    await releaseRollbacks(plane);
    await plane.api.delete(`/api/v1/namespaces/${plane.namespace}`, { signal: new AbortController().signal });
    over.abort(new Error('the tests are over'));
    await plane.api.close();
  });
  return plane;
}

/** A Rollback that no bot will ever settle would keep its namespace for ever. */
async function releaseRollbacks({ api, namespace }: Plane): Promise<void> {
  const { signal } = new AbortController();
  const path = `/apis/ops.lomashwood.com/v1alpha1/namespaces/${namespace}/rollbacks`;
  const { items } = await api
    .get<{ items: { metadata: { name: string } }[] }>(path, { signal })
    .catch(() => ({ items: [] }));
  for (const { metadata } of items)
    await api.mergePatch(`${path}/${metadata.name}`, { metadata: { finalizers: null } }, { signal });
}

/** Polls until the value is there; the error says what was waited for. */
export async function eventually<T>(
  what: string,
  read: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = SYNC_TIMEOUT_MS,
): Promise<T> {
  const endsAt = performance.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > endsAt) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await clock.sleep(50);
  }
}

/** A control plane of one test file. */
export interface OwnPlane {
  /** SIGKILL. Resolves when it is gone. */
  killApiServer(): Promise<void>;
  /** SIGSTOP: connections stand, what is sent is kept for it, nothing is answered. */
  freezeApiServer(): Promise<void>;
  /** Thawed, or started anew. Resolves when it is ready, and so are the nodes. */
  healApiServer(): Promise<void>;
  /** Takes it down; what is stored goes too. */
  stop(): Promise<void>;
}

const run = promisify(execFile);
const script = (name: string): string => fileURLToPath(new URL(`../../testplane/${name}`, import.meta.url));

/** KUBECONFIG is that of this plane until it is stopped. */
export async function startOwnPlane(): Promise<OwnPlane> {
  const folder = await mkdtemp(join(tmpdir(), 'own-plane-'));
  const before = kubeconfigPath();
  const up = async (): Promise<void> => void (await run('bash', [script('up.sh'), folder]));
  const pid = async (): Promise<number> => Number(await readFile(join(folder, 'pid/kube-apiserver'), 'utf8'));
  const plane: OwnPlane = {
    async killApiServer() {
      const running = await pid();
      process.kill(running, 'SIGKILL');
      // Of one that is dead and not yet reaped there is no program any more.
      await eventually('the API server is gone', () => !existsSync(`/proc/${running}/exe`));
    },
    freezeApiServer: async () => void process.kill(await pid(), 'SIGSTOP'),
    async healApiServer() {
      const known = await pid();
      if (existsSync(`/proc/${known}/exe`)) process.kill(known, 'SIGCONT');
      await up();
    },
    async stop() {
      process.env['KUBECONFIG'] = before;
      await run('bash', [script('down.sh'), folder]);
      await rm(folder, { recursive: true });
    },
  };
  try {
    await up();
  } catch (error) {
    await plane.stop();
    throw error;
  }
  process.env['KUBECONFIG'] = join(folder, 'kubeconfig');
  return plane;
}
