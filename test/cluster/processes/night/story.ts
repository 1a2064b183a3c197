/** One rollback of a night: an environment of its own, so that nothing of another story is in its way. */
import type { Api, KubernetesObject } from '#clients/kubernetes/api.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { deployment } from '../../deployment.ts';
import { eventually } from '../../plane.ts';
import { administrator } from './install.ts';

const BAD = 'v2.0.0';
export const GOOD = 'v1.0.0';
const ROLLED_OUT_WITHIN_MS = 240_000;

export interface Story {
  /** What people call the environment. */
  environment: string;
  namespace: string;
  services: readonly string[];
}

export interface StoredDeployment extends KubernetesObject {
  metadata: KubernetesObject['metadata'] & { generation: number };
  spec: { replicas: number; template: { spec: { containers: { image: string }[] } } };
  status?: { observedGeneration?: number; updatedReplicas?: number; replicas?: number; availableReplicas?: number };
}

const pathOf = ({ namespace }: Story): string => `/apis/apps/v1/namespaces/${namespace}/deployments`;
const imageOf = (service: string, version: string): string => `lomashwood/${service}:${version}`;

function isOut({ metadata, spec, status }: StoredDeployment, generation: number): boolean {
  const { observedGeneration = 0, updatedReplicas, replicas, availableReplicas } = status ?? {};
  const counts = [updatedReplicas, replicas, availableReplicas];
  return (
    metadata.generation === generation && observedGeneration >= generation && counts.every((n) => n === spec.replicas)
  );
}

/** Two versions of each service, the second one running: the third generation of a Deployment is a rollback's. */
export async function deployBadVersion(story: Story): Promise<void> {
  const api = administrator();
  const { signal } = new AbortController();
  const rolledOut = (service: string, generation: number) =>
    eventually(
      `generation ${generation} of ${service} is out in ${story.environment}`,
      async () => isOut(await api.get<StoredDeployment>(`${pathOf(story)}/${service}`, { signal }), generation),
      ROLLED_OUT_WITHIN_MS,
    );
  await Promise.all(
    story.services.map(async (service) => {
      await api.create(pathOf(story), deployment(service, { image: imageOf(service, GOOD) }), { signal });
      await rolledOut(service, 1);
      const containers = [{ name: 'main', image: imageOf(service, BAD) }];
      const change = [
        { op: 'replace' as const, path: '/spec/template/spec/containers/0/image', value: containers[0]!.image },
      ];
      await api.jsonPatch(`${pathOf(story)}/${service}`, change, { signal });
      await rolledOut(service, 2);
    }),
  );
  await api.close();
}

/** Why the Deployments are not as one rollback, made once, leaves them. */
export async function faultsOfDeployments(api: Api, story: Story, signal: AbortSignal): Promise<string[]> {
  const { items } = await api.get<{ items: StoredDeployment[] }>(pathOf(story), { signal });
  return items.flatMap((stored) => {
    const { name, generation } = stored.metadata;
    const image = stored.spec.template.spec.containers[0]?.image;
    return [
      ...(image === imageOf(name, GOOD) ? [] : [`${name} runs ${image}`]),
      ...(generation === 3 ? [] : [`${name} was changed ${generation - 2} times`]),
      ...(isOut(stored, generation) ? [] : [`${name} is not out`]),
    ];
  });
}

export const isSettled = ({ status }: Rollback): boolean =>
  status?.conditions.some(({ type, status: s }) => type === 'Settled' && s === 'True') === true;
