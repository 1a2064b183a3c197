/** StatefulSets and DaemonSets for tests on the real plane; image tags mean what they do in ../deployment.ts. */
interface Sketch {
  image: string;
  annotations?: Record<string, string>;
  updateStrategy?: object;
  revisionHistoryLimit?: number;
}

export interface StatefulSetSketch extends Sketch {
  replicas?: number;
  podManagementPolicy?: 'OrderedReady' | 'Parallel';
}

function workload(kind: string, name: string, { image, annotations = {}, ...spec }: Sketch, more: object): object {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, annotations },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } },
      ...more,
      ...spec,
    },
  };
}

export function statefulSet(name: string, { replicas = 3, ...sketch }: StatefulSetSketch): object {
  return workload('StatefulSet', name, sketch, { serviceName: name, replicas });
}

export function daemonSet(name: string, sketch: Sketch): object {
  return workload('DaemonSet', name, sketch, {});
}
