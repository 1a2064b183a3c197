import { describe, expect, it } from '@jest/globals';
import { canonicalQuantity, defaultPullPolicy } from '#playground/cluster/api/kinds/pod-defaults.ts';
import { deployment, DEPLOYMENTS, MERGE_PATCH, startApi } from './api-client.ts';

const withSpec = (spec: object): object => ({ ...deployment(), spec: { ...deployment().spec, ...spec } });
const withContainers = (...containers: object[]): object => {
  const { template } = deployment().spec;
  return withSpec({ template: { ...template, spec: { containers } } });
};

describe('a Deployment', () => {
  it('does not keep what says nothing, so that setting it changes nothing', () => {
    const { post, patch } = startApi();
    const { metadata, spec } = post(
      DEPLOYMENTS,
      withContainers({
        name: 'web',
        image: 'example/web:v1',
        env: [{ name: 'EMPTY', value: '' }],
        args: [],
        tty: false,
      }),
    ).body;
    const [container] = spec.template.spec.containers;
    expect(container.env).toEqual([{ name: 'EMPTY' }]);
    expect(container).not.toHaveProperty('args');
    expect(container).not.toHaveProperty('tty');
    const resumed = patch(`${DEPLOYMENTS}/web`, { spec: { paused: false, minReadySeconds: 0 } }, MERGE_PATCH).body;
    expect(resumed.spec).toEqual(spec);
    expect(resumed.metadata.generation).toBe(metadata.generation);
  });

  it('gets the defaults of the real server, field by field', () => {
    const { post } = startApi();
    const probe = { httpGet: { path: '/health', port: 8080 }, periodSeconds: 5 };
    const body = withContainers({
      name: 'web',
      image: 'example/web:v1',
      ports: [{ containerPort: 8080 }],
      env: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
      readinessProbe: probe,
    });
    const { spec } = post(DEPLOYMENTS, body).body;
    // As Kubernetes 1.37 answered for the same body.
    expect(spec).toEqual({
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'example/web:v1',
              ports: [{ containerPort: 8080, protocol: 'TCP' }],
              env: [{ name: 'POD', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } }],
              resources: {},
              readinessProbe: {
                httpGet: { path: '/health', port: 8080, scheme: 'HTTP' },
                timeoutSeconds: 1,
                periodSeconds: 5,
                successThreshold: 1,
                failureThreshold: 3,
              },
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
              imagePullPolicy: 'IfNotPresent',
            },
          ],
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          dnsPolicy: 'ClusterFirst',
          securityContext: {},
          schedulerName: 'default-scheduler',
        },
      },
    });
  });

  it('defaults the modes of its volumes', () => {
    const { post } = startApi();
    const { template } = deployment().spec;
    const volumes = [
      { name: 'c', configMap: { name: 'c' } },
      { name: 's', secret: { secretName: 's' } },
      { name: 'e' },
    ];
    const body = withSpec({ template: { ...template, spec: { ...template.spec, volumes } } });
    expect(post(DEPLOYMENTS, body).body.spec.template.spec.volumes).toEqual([
      { name: 'c', configMap: { name: 'c', defaultMode: 420 } },
      { name: 's', secret: { secretName: 's', defaultMode: 420 } },
      { name: 'e', emptyDir: {} },
    ]);
  });

  it.each([
    [
      'nothing but a bad name',
      { metadata: { name: 'Bad_Name' }, spec: {} },
      ['metadata.name', 'spec.selector', 'spec.template.metadata.labels', 'spec.template.spec.containers'],
    ],
    [
      'labels that the selector does not match',
      withSpec({ selector: { matchLabels: { app: 'x' } } }),
      ['spec.template.metadata.labels'],
    ],
    [
      'containers without name and image',
      withContainers({ name: 'a' }, { image: 'x' }),
      ['spec.template.spec.containers[0].image', 'spec.template.spec.containers[1].name'],
    ],
    [
      'a mount of no volume',
      withContainers({ name: 'a', image: 'x', volumeMounts: [{ name: 'q', mountPath: '/q' }] }),
      ['spec.template.spec.containers[0].volumeMounts[0].name'],
    ],
    ['a negative number of replicas', withSpec({ replicas: -1 }), ['spec.replicas']],
    [
      'no way to update',
      withSpec({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      ['spec.strategy.rollingUpdate.maxUnavailable'],
    ],
  ])('with %s is refused, naming each field', (_what, body, fields) => {
    const { post } = startApi();
    const answer = post(DEPLOYMENTS, body);
    expect(answer.code).toBe(422);
    expect(answer.body.details.causes.map((c: any) => c.field)).toEqual(fields);
  });

  it('keeps its selector', () => {
    const { post, patch } = startApi();
    post(DEPLOYMENTS, deployment());
    const answer = patch(`${DEPLOYMENTS}/web`, { spec: { selector: { matchLabels: { app: 'x' } } } }, MERGE_PATCH);
    expect(answer.body.message).toBe(
      'Deployment.apps "web" is invalid: [spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`, spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: field is immutable]',
    );
  });

  it('is scaled through its subresource', () => {
    const { post, put, get, patch } = startApi();
    post(DEPLOYMENTS, deployment());
    expect(get(`${DEPLOYMENTS}/web/scale`).body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'app=web' },
    });
    put(`${DEPLOYMENTS}/web/scale`, { metadata: { name: 'web' }, spec: { replicas: 3 } });
    expect(get(`${DEPLOYMENTS}/web`).body).toMatchObject({ spec: { replicas: 3 }, metadata: { generation: 2 } });
    expect(patch(`${DEPLOYMENTS}/web/scale`, { spec: { replicas: -1 } }, MERGE_PATCH).body.message).toBe(
      'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
  });
});

describe('images and quantities', () => {
  it.each([
    ['example/web', 'Always'],
    ['example/web:latest', 'Always'],
    ['example/web:v1', 'IfNotPresent'],
    ['registry:5000/web', 'Always'],
    ['example/web@sha256:abc', 'IfNotPresent'],
  ])('pulls %s %s', (image, policy) => {
    expect(defaultPullPolicy(image)).toBe(policy);
  });

  it.each([
    [0.5, '500m'],
    ['1024Mi', '1Gi'],
    ['64Mi', '64Mi'],
    ['1500m', '1500m'],
    ['2000m', '2'],
    [2, '2'],
    ['1000', '1k'],
  ])('writes %s as %s', (given, canonical) => {
    expect(canonicalQuantity(given)).toBe(canonical);
  });
});
