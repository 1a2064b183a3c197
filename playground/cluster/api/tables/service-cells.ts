/** Cells of Services, HorizontalPodAutoscalers, PodDisruptionBudgets and ControllerRevisions. */
import type { StoredObject } from '../../storage-contract.ts';
import { age } from './duration.ts';
import { selectorText } from './workload-cells.ts';

interface Service extends StoredObject {
  spec: {
    type?: string;
    clusterIP?: string;
    externalName?: string;
    externalIPs?: string[];
    selector?: Record<string, string>;
    ports?: { port: number; protocol?: string; nodePort?: number }[];
  };
}

export function serviceCells(object: StoredObject, now: number): unknown[] {
  const { metadata, spec } = object as Service;
  const ports = (spec.ports ?? []).map((p) => `${p.port}${p.nodePort ? `:${p.nodePort}` : ''}/${p.protocol ?? 'TCP'}`);
  const external = spec.type === 'ExternalName' ? spec.externalName : spec.externalIPs?.join(',');
  return [
    metadata.name,
    spec.type,
    spec.clusterIP ?? '<none>',
    external ?? (spec.type === 'LoadBalancer' ? '<pending>' : '<none>'),
    ports.length > 0 ? ports.join(',') : '<none>',
    age(metadata.creationTimestamp, now),
    selectorText({ matchLabels: spec.selector ?? {} }),
  ];
}

interface MetricTarget {
  averageUtilization?: number;
  averageValue?: string;
  value?: string;
}

interface Autoscaler extends StoredObject {
  spec: {
    scaleTargetRef: { kind: string; name: string };
    minReplicas?: number;
    maxReplicas: number;
    metrics?: { type: string; resource?: { name: string; target: MetricTarget } }[];
  };
  status?: {
    currentReplicas?: number;
    currentMetrics?: { resource?: { name: string; current: MetricTarget } }[] | null;
  };
}

function targets({ spec, status }: Autoscaler): string {
  const texts = (spec.metrics ?? []).map(({ type, resource }) => {
    if (type !== 'Resource' || !resource) return '<unknown>/<auto>';
    const now = status?.currentMetrics?.find((m) => m.resource?.name === resource.name)?.resource?.current;
    const wanted = resource.target;
    if (wanted.averageUtilization !== undefined) {
      const current = now?.averageUtilization === undefined ? '<unknown>' : `${now.averageUtilization}%`;
      return `${resource.name}: ${current}/${wanted.averageUtilization}%`;
    }
    return `${resource.name}: ${now?.averageValue ?? '<unknown>'}/${wanted.averageValue ?? wanted.value ?? '<auto>'}`;
  });
  return texts.length === 0 ? '<none>' : texts.join(', ');
}

export function autoscalerCells(object: StoredObject, now: number): unknown[] {
  const autoscaler = object as Autoscaler;
  const { metadata, spec, status } = autoscaler;
  return [
    metadata.name,
    `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
    targets(autoscaler),
    String(spec.minReplicas ?? '<unset>'),
    spec.maxReplicas,
    status?.currentReplicas ?? 0,
    age(metadata.creationTimestamp, now),
  ];
}

export function disruptionBudgetCells({ metadata, ...object }: StoredObject, now: number): unknown[] {
  const spec = object['spec'] as { minAvailable?: number | string; maxUnavailable?: number | string } | undefined;
  const status = object['status'] as { disruptionsAllowed?: number } | undefined;
  return [
    metadata.name,
    String(spec?.minAvailable ?? 'N/A'),
    String(spec?.maxUnavailable ?? 'N/A'),
    status?.disruptionsAllowed ?? 0,
    age(metadata.creationTimestamp, now),
  ];
}

export function controllerRevisionCells({ metadata, ...object }: StoredObject, now: number): unknown[] {
  const owner = metadata.ownerReferences?.find((o) => o.controller);
  const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
  const name = owner ? `${owner.kind.toLowerCase()}${group}/${owner.name}` : '<none>';
  return [metadata.name, name, object['revision'], age(metadata.creationTimestamp, now)];
}
