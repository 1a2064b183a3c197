/** What a pipeline does: a new image into a Deployment's template, with who and why. */
import type { Deployment } from '../cluster/objects.ts';
import { annotations, deployments } from '../cluster/objects.ts';
import { timestamp } from '../cluster/controllers/trusted-client.ts';
import type { ClusterStorage } from '../cluster/storage.ts';
import { changeCause, deployedBy, lastApplied } from './manifests.ts';

export interface Deploy {
  namespace: string;
  /** The Deployment's name. */
  workload: string;
  image: string;
  change: string;
  by: string;
  env?: Record<string, string>;
}

const pipeline = 'deploy-pipeline';

interface FieldManager {
  manager: string;
  [field: string]: unknown;
}

function changedTemplate(
  { template }: Deployment['spec'],
  { image, env = {} }: Deploy,
): Deployment['spec']['template'] {
  const containers = template.spec.containers.map((container, index) => {
    if (index > 0) return container;
    const kept = (container.env ?? []).filter(({ name }) => !(name in env));
    const variables = [...kept, ...Object.entries(env).map(([name, value]) => ({ name, value }))];
    return { ...container, image, ...(variables.length > 0 && { env: variables }) };
  });
  return { ...template, spec: { ...template.spec, containers } };
}

/** Throws StorageError 404 when there is no such Deployment. */
export function deploy(storage: ClusterStorage, clock: { now(): number }, order: Deploy): void {
  storage.change(deployments, order.namespace, order.workload, (object) => {
    const current = object as Deployment;
    const spec = { ...current.spec, template: changedTemplate(current.spec, order) };
    const known = current.metadata.annotations ?? {};
    const isApplied = annotations.lastApplied in known;
    const { apiVersion, kind, metadata } = current;
    const { name, namespace, labels } = metadata;
    const others = ((metadata['managedFields'] ?? []) as FieldManager[]).filter((m) => m.manager !== pipeline);
    const entry: FieldManager = {
      manager: pipeline,
      operation: 'Update',
      apiVersion,
      time: timestamp(clock.now()),
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:template': {} } },
    };
    return {
      ...current,
      metadata: {
        ...metadata,
        annotations: {
          ...known,
          [changeCause]: `${order.by}: ${order.change}`,
          [deployedBy]: order.by,
          ...(isApplied && {
            [annotations.lastApplied]: lastApplied({ apiVersion, kind, metadata: { labels, name, namespace }, spec }),
          }),
        },
        managedFields: [entry, ...others],
      },
      spec,
    };
  });
}
