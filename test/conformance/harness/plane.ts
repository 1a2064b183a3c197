/** What a conformance test has in its hands: our own client and kubectl, in a namespace that is its own and removed afterwards. */
import { afterAll } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { connect, type Connection } from '#clients/kubernetes/api-server.ts';
import { worldClock } from '#playground/clock.ts';
import { defineRollbacks } from '#test/harness/definition.ts';
import { patient } from '#test/harness/patient-api.ts';
import { startBackend } from './backends.ts';
import { kubectlWith, type Kubectl, type Result } from './kubectl.ts';

const TIMEOUT_MS = 60_000;
const POLL_MS = 15;

/** Real time. */
export const clock = worldClock();

/** Reads until there is a value; the error says what was waited for. */
export async function eventually<T>(
  what: string,
  read: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const endsAt = performance.now() + TIMEOUT_MS;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > endsAt) throw new Error(`Not within ${TIMEOUT_MS} ms: ${what}`);
    await clock.sleep(POLL_MS);
  }
}

/** Somebody who uses the plane. */
export interface Person {
  api: Connection;
  kubectl: Kubectl;
}

export interface Plane extends Person {
  namespace: string;
  /** Aborted when the tests of the file are over. */
  signal: AbortSignal;
  /** Standard output of a kubectl that succeeds and warns of nothing. */
  out: (words: string | readonly string[], input?: string) => Promise<string>;
  /** A new service account that may do what these rules say in the namespace, and nothing else. */
  account: (name: string, rules: object[]) => Promise<Person>;
  /** Makes Rollbacks known, to the API server and to kubectl. */
  define: () => Promise<void>;
  compact: () => Promise<void>;
  giveLog: (pod: string) => Promise<void>;
}

interface Kubeconfig {
  users: { user: object }[];
  contexts: { context: { namespace?: string } }[];
}

/** Runs in reverse order when the tests of the file are over. */
function useCleanUp(): (act: () => Promise<unknown> | void) => void {
  const acts: (() => Promise<unknown> | void)[] = [];
  afterAll(async () => {
    for (const act of acts.toReversed()) await act();
  });
  return (act) => void acts.push(act);
}

/** To be awaited at the top of a test file. */
export async function usePlane(prefix: string): Promise<Plane> {
  const later = useCleanUp();
  const backend = await startBackend();
  later(() => backend.stop());
  const namespace = `${prefix}-${randomBytes(4).toString('hex')}`;
  const over = new AbortController();
  const { signal } = over;

  function person(change: (config: Kubeconfig) => void): Person {
    const config = parse(backend.kubeconfig) as Kubeconfig;
    for (const { context } of config.contexts) context.namespace = namespace;
    change(config);
    const text = stringify(config);
    const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
    const kubeconfigPath = join(folder, 'config');
    writeFileSync(kubeconfigPath, text, { mode: 0o600 });
    const api = patient(connect({ kubeconfigPath, clock }));
    const kubectl = kubectlWith(text);
    later(async () => {
      kubectl.stop();
      await api.close();
      rmSync(folder, { recursive: true });
    });
    return { api, kubectl };
  }

  const administrator = person(() => undefined);
  const { api, kubectl } = administrator;
  const spaced = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await api.create('/api/v1/namespaces', spaced, { signal });
  later(async () => {
    await api.delete(`/api/v1/namespaces/${namespace}`, { signal });
    over.abort(new Error('the tests are over'));
  });
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  // Both are put there by controllers of their own, a moment after the namespace.
  for (const path of [`${accounts}/default`, `/api/v1/namespaces/${namespace}/configmaps/kube-root-ca.crt`])
    await eventually(path, () => api.get(path, { signal }).catch(() => false));

  async function account(name: string, rules: object[]): Promise<Person> {
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
    const subjects = [{ kind: 'ServiceAccount', name, namespace }];
    await api.create(accounts, { metadata: { name } }, { signal });
    await api.create(`${rbac}/roles`, { metadata: { name }, rules }, { signal });
    await api.create(`${rbac}/rolebindings`, { metadata: { name }, roleRef, subjects }, { signal });
    const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const { status } = await api.create<{ status: { token: string } }>(`${accounts}/${name}/token`, asked, { signal });
    return person(({ users }) => {
      for (const entry of users) entry.user = { token: status.token };
    });
  }

  return {
    ...administrator,
    namespace,
    signal,
    async out(words, input) {
      const result: Result = await kubectl(words, input);
      if (result.code !== 0 || result.err !== '') {
        throw new Error(`kubectl ${String(words)} ended with ${result.code}: ${result.err}${result.out}`);
      }
      return result.out;
    },
    account,
    define: () =>
      defineRollbacks((words) => eventually(`kubectl ${words}`, async () => (await kubectl(words)).code === 0)),
    compact: () => backend.compact(),
    async giveLog(name) {
      await backend.giveLog(api, { namespace, name }, signal);
      const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
      await eventually(`a log of ${name}`, () =>
        api.text(path, { signal }).then(
          (text) => text !== '',
          () => false,
        ),
      );
    },
  };
}
