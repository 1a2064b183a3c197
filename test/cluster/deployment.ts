/** Deployments for tests on the real plane. An image tag that ends in -broken cannot be pulled there, one in -crash crashes. */
export interface DeploymentSketch {
  image: string;
  replicas?: number;
  env?: Record<string, string>;
  annotations?: Record<string, string>;
  progressDeadlineSeconds?: number;
  /** Absent: the API server's own, 10. */
  revisionHistoryLimit?: number;
}

export function deployment(name: string, sketch: DeploymentSketch): object {
  const {
    image,
    replicas = 1,
    env = {},
    annotations = {},
    progressDeadlineSeconds = 600,
    revisionHistoryLimit,
  } = sketch;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, annotations },
    spec: {
      replicas,
      progressDeadlineSeconds,
      ...(revisionHistoryLimit === undefined ? {} : { revisionHistoryLimit }),
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [{ name: 'main', image, env: Object.entries(env).map(([key, value]) => ({ name: key, value })) }],
        },
      },
    },
  };
}
