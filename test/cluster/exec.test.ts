/** The plane itself: what testplane/build.sh patches in kwok, and what testplane/stages.yaml makes of images. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { deployment } from './deployment.ts';
import { eventually, kubeconfigPath, usePlane } from './plane.ts';

const { api, namespace, signal } = usePlane('exec');

const kubectl = process.env['KUBECTL'] ?? '.cache/testplane/bin/kubectl';

interface Pods {
  items: {
    metadata: { name: string };
    status: { phase: string; containerStatuses?: { ready: boolean; state: { waiting?: { reason: string } } }[] };
  }[];
}

/** `kubectl exec` in the pod; kwok runs the command on this machine. */
function exec(words: string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, KUBECONFIG: kubeconfigPath() };
  const line = ['exec', '-i', '-n', namespace, 'shell', '--', ...words];
  return spawnSync(kubectl, line, { input, encoding: 'utf8', timeout: 20_000, env });
}

describe('kubectl exec', () => {
  beforeAll(async () => {
    const shell = { name: 'shell', image: 'shell:v1' };
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    await eventually('a pod', () =>
      api
        .create(
          pods,
          { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'shell' }, spec: { containers: [shell] } },
          { signal },
        )
        // The namespace's service account comes a moment after the namespace.
        .catch(() => undefined),
    );
    await api.create(
      `/apis/kwok.x-k8s.io/v1alpha1/namespaces/${namespace}/execs`,
      {
        apiVersion: 'kwok.x-k8s.io/v1alpha1',
        kind: 'Exec',
        metadata: { name: 'shell' },
        spec: { execs: [{ local: {} }] },
      },
      { signal },
    );
    await eventually('exec works', () => exec(['true']).status === 0 || undefined);
  });

  it('ends with the exit code of the command', () => {
    expect(exec(['sh', '-c', 'echo out; echo err >&2; exit 3'])).toMatchObject({ status: 3, stdout: 'out\n' });
  });

  it('ends the standard input, so that what reads it to the end ends too', () => {
    const text = 'SELECT 1;\n'.repeat(10_000);
    expect(exec(['cat'], text)).toMatchObject({ status: 0, stdout: text });
  });
});

describe('an image', () => {
  it.each([
    ['v1', 'Running', true, undefined],
    ['v1-broken', 'Pending', false, 'ImagePullBackOff'],
    ['v1-crash', 'Running', false, 'CrashLoopBackOff'],
    ['v1-never-ready', 'Running', false, undefined],
  ])('%s makes a pod %s, ready %s, waiting for %s', async (tag, phase, ready, waiting) => {
    const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    await api.create(deployments, deployment(tag, { image: `image:${tag}` }), { signal });
    const selected = `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${tag}`;
    const status = await eventually('a state', async () => {
      const { items } = await api.get<Pods>(selected, { signal });
      return items[0]?.status.containerStatuses ? items[0].status : undefined;
    });
    expect(status.phase).toBe(phase);
    const [container] = status.containerStatuses!;
    expect([container?.ready, container?.state.waiting?.reason]).toEqual([ready, waiting]);
  });
});
