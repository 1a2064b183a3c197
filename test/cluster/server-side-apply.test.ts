/** What a rollback does to a manager that applies on the server's side. On the real plane only: the simulator refuses such patches. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kubectlWith, type Kubectl } from '#test/conformance/harness/kubectl.ts';
import { readFileSync } from 'node:fs';
import type { RawDeployment } from '#clients/kubernetes/rows/deployment-row.ts';
import { deployment } from './deployment.ts';
import { eventually, kubeconfigPath, usePlane } from './plane.ts';

const { api, namespace, signal } = usePlane('applied');
const path = `/apis/apps/v1/namespaces/${namespace}/deployments/web`;
let kubectl: Kubectl;
beforeAll(() => {
  kubectl = kubectlWith(readFileSync(kubeconfigPath(), 'utf8'));
});
afterAll(() => kubectl.stop());

const apply = (tag: string, ...more: string[]): ReturnType<Kubectl> =>
  kubectl(
    ['apply', '-n', namespace, '--server-side', '--field-manager=pipeline', ...more, '-f', '-'],
    JSON.stringify(deployment('web', { image: `web:${tag}` })),
  );

const revision = (n: number): Promise<RawDeployment> =>
  eventually(`revision ${n}`, async () => {
    const read = await api.get<RawDeployment>(path, { signal });
    return read.metadata.annotations?.['deployment.kubernetes.io/revision'] === String(n) ? read : undefined;
  });

describe('an undo of what a pipeline applied on the server', () => {
  it('takes the changed fields from it, so that its next apply conflicts until it is forced', async () => {
    expect((await apply('v1')).code).toBe(0);
    await revision(1);
    expect((await apply('v2')).code).toBe(0);
    await revision(2);
    expect((await kubectl(`rollout undo deployment/web -n ${namespace}`)).code).toBe(0);
    await revision(3);
    const refused = await apply('v2');
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/conflict with "kubectl[^"]*"/);
    expect(refused.err).toContain('.spec.template.spec.containers[name="main"].image');
    expect((await apply('v2', '--force-conflicts')).code).toBe(0);
    const { spec } = await revision(4);
    expect(spec.template.spec?.containers?.[0]?.image).toBe('web:v2');
  });

  it('does not when it applies what the undo brought back', async () => {
    const { metadata } = await api.get<RawDeployment>(path, { signal });
    expect((await kubectl(`rollout undo deployment/web -n ${namespace}`)).code).toBe(0);
    await revision(5);
    expect(await apply('v1')).toMatchObject({ code: 0, err: '' });
    expect((await api.get<RawDeployment>(path, { signal })).metadata.uid).toBe(metadata.uid);
  });
});
