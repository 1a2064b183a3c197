/** Objects of the scenarios as the API server would have stored them: defaulted, with field managers. */
import { timestamp } from '../cluster/controllers/trusted-client.ts';
import type { Deployment, PodTemplate } from '../cluster/objects.ts';
import type { StoredObject } from '../cluster/storage-contract.ts';

export const changeCause = 'kubernetes.io/change-cause';
export const deployedBy = 'ops.lomashwood.com/deployed-by';
export const configName = 'lomash-wood-config';
export const secretName = 'lomash-wood-secrets';

type Manifest = Omit<StoredObject, 'metadata'> & { metadata: object };

/** Who wrote the object's fields last, and when. */
export function managedBy(manager: string, atMs: number, field: string): object[] {
  const fieldsV1 = { [`f:${field}`]: {} };
  return [{ manager, operation: 'Update', apiVersion: 'v1', time: timestamp(atMs), fieldsType: 'FieldsV1', fieldsV1 }];
}

export function podTemplate(service: string, image: string, env: Record<string, string> = {}): PodTemplate {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
  return {
    metadata: { labels: { app: service } },
    spec: {
      containers: [
        {
          name: service,
          image,
          imagePullPolicy: 'IfNotPresent',
          ports: [{ name: 'http', containerPort: 3000, protocol: 'TCP' }],
          ...(variables.length > 0 && { env: variables }),
          envFrom: [{ configMapRef: { name: configName } }, { secretRef: { name: secretName } }],
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
          readinessProbe: {
            httpGet: { path: '/ready', port: 'http', scheme: 'HTTP' },
            failureThreshold: 3,
            periodSeconds: 10,
            successThreshold: 1,
            timeoutSeconds: 1,
          },
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
    },
  };
}

export interface DeploymentFields {
  name: string;
  namespace: string;
  service: string;
  image: string;
  replicas: number;
  env?: Record<string, string>;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  spec?: Partial<Deployment['spec']>;
}

export function deploymentManifest(fields: DeploymentFields): Manifest & { spec: Deployment['spec'] } {
  const { name, namespace, service, image, replicas, env } = fields;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace,
      labels: { app: service, ...fields.labels },
      ...(fields.annotations && { annotations: fields.annotations }),
    },
    spec: {
      replicas,
      selector: { matchLabels: { app: service } },
      template: podTemplate(service, image, env),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...fields.spec,
    },
    status: {},
  };
}

/** What `kubectl apply` would have kept of it. */
export function lastApplied({ apiVersion, kind, metadata, spec }: Manifest & { spec: Deployment['spec'] }): string {
  const { replicas, selector, template } = spec;
  const { annotations: _all, ...rest } = metadata as { annotations?: object };
  return `${JSON.stringify({ apiVersion, kind, metadata: { annotations: {}, ...rest }, spec: { replicas, selector, template } })}\n`;
}

export function namespaceManifest(name: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

export function configMapManifest(
  namespace: string,
  name: string,
  atMs: number,
  values: Record<string, string>,
): Manifest {
  const managedFields = managedBy('kubectl-client-side-apply', atMs, 'data');
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, managedFields }, ['data']: values };
}

export function secretManifest(
  namespace: string,
  name: string,
  atMs: number,
  values: Record<string, string>,
): Manifest {
  const encoded = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, managedFields: managedBy('kubectl-create', atMs, 'data') },
    type: 'Opaque',
    ['data']: Object.fromEntries(encoded),
  };
}

export function serviceManifest(namespace: string, name: string, service: string, clusterIP: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { app: service } },
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      sessionAffinity: 'None',
      selector: { app: service },
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' }],
    },
    status: { loadBalancer: {} },
  };
}

export function autoscalerManifest(
  namespace: string,
  name: string,
  { min, max }: { min: number; max: number },
): Manifest {
  const target = { type: 'Utilization', averageUtilization: 70 };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: min,
      maxReplicas: max,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
    },
    status: {
      currentMetrics: [
        { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 34, averageValue: '34m' } } },
      ],
    },
  };
}

export function disruptionBudgetManifest(
  namespace: string,
  name: string,
  service: string,
  minAvailable: number,
): Manifest {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace },
    spec: { minAvailable, selector: { matchLabels: { app: service } } },
    status: {},
  };
}

/** A pod nobody owns, as the runbook's databases are addressed. */
export function databasePodManifest(namespace: string, name: string, image: string): Manifest {
  const app = name.replace(/-\d+$/, '');
  const { spec } = podTemplate(app, image);
  const containers = spec.containers.map(({ envFrom: _none, readinessProbe: _noProbe, ...container }) => container);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app } },
    spec: { ...spec, containers, serviceAccountName: 'default' },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  };
}
