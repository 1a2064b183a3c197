/** ReplicaSets of nobody's, as a namespace of many Deployments gathers them: each a template of the usual size, and no pods. */
import type { Api } from '#clients/kubernetes/api.ts';

/** Requests under way at a time. */
const AT_ONCE = 16;

function replicaSet(name: string): object {
  const labels = { app: name };
  const env = Array.from({ length: 40 }, (_, i) => ({
    name: `SETTING_${i}`,
    value: `${name}-${i}-value-of-a-usual-length`,
  }));
  const containers = [{ name: 'main', image: `registry.example/${name}:v1`, env }];
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name, labels },
    spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}

/** Resolves when there are `count` of them. */
export async function crowd(api: Api, namespace: string, count: number, signal: AbortSignal): Promise<void> {
  let made = 0;
  const make = async (): Promise<void> => {
    while (made < count) {
      made += 1;
      await api.create(`/apis/apps/v1/namespaces/${namespace}/replicasets`, replicaSet(`crowd-${made}`), { signal });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, make));
}
