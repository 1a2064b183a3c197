/** What `kubectl apply -k k8s/` applies, asked of a real API server without leaving anything there. */
import { beforeAll, expect, it } from '@jest/globals';
import { manifests } from '#playground/cluster/server.ts';
import { kubectl } from './against-kubectl/kubectl.ts';
import { eventually, usePlane } from './plane.ts';

const plane = usePlane('installation');
let made: any[] = [];

beforeAll(async () => {
  const { text } = await kubectl(plane.namespace, 'kustomize k8s/');
  made = manifests(text.replaceAll('namespace: rollback-bot', `namespace: ${plane.namespace}`));
  const labels = made.find(({ kind }) => kind === 'Namespace').metadata.labels;
  const { signal } = plane;
  const namespace = `/api/v1/namespaces/${plane.namespace}`;
  await plane.api.mergePatch(namespace, { metadata: { labels } }, { signal });
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'rollback-bot' } };
  await plane.api.create(`${namespace}/serviceaccounts`, account, { signal });
});

it.each(['Deployment', 'PodDisruptionBudget', 'NetworkPolicy', 'ConfigMap'])('its %s is accepted', async (kind) => {
  const [object, ...others] = made.filter((one) => one.kind === kind);
  expect(others).toEqual([]);
  const { text } = await kubectl(plane.namespace, 'apply --dry-run=server -f -', JSON.stringify(object));
  expect(text).toMatch(new RegExp(`^${kind.toLowerCase()}[^ ]*/rollback-bot[^ ]* created \\(server dry run\\)`));
  expect(text).not.toContain('Warning');
});

it('its pods may run where only restricted ones may', async () => {
  const { template } = made.find(({ kind }) => kind === 'Deployment').spec;
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, name: 'bot' }, spec: template.spec };
  const create = (one: object) => kubectl(plane.namespace, 'create --dry-run=server -f -', JSON.stringify(one));
  const asRoot = { ...pod, spec: { ...pod.spec, securityContext: {} } };
  // The API server hears of the namespace's labels a moment after they were written.
  await eventually('a pod that runs as root is refused', async () =>
    (await create(asRoot)).text.includes('violates PodSecurity "restricted'),
  );
  expect((await create(pod)).text).toContain('pod/bot created (server dry run)');
});
