/** The scale subresource of Deployments, ReplicaSets and StatefulSets, and of custom resources that declare one. */
import type { StoredObject } from '../../storage-contract.ts';
import { isDryRun } from './admission.ts';
import { objectBody, patchBody, patchType } from '../body.ts';
import { namedResource, type Call } from '../call.ts';
import { managerOf, trackManager } from '../managed-fields.ts';
import { jsonAnswer, type ApiAnswer } from '../message.ts';
import { applyJsonPatch, PatchRejected, type Operation } from '../patches/json-patch.ts';
import { applyMergePatch } from '../patches/merge-patch.ts';
import { existing } from './read.ts';
import { kindSchema } from '../schemas/open-api.ts';
import { badRequest, conflict, fieldInvalid, invalid, MODIFIED, patchRejected, StatusError } from '../status.ts';
import { selectorText } from '../tables/workload-cells.ts';

interface Scale {
  metadata: { name: string; uid?: string; resourceVersion?: string };
  spec?: { replicas?: number };
}

interface Paths {
  spec: string[];
  status: string[];
}

const keys = (path: string): string[] => path.split('.').filter((key) => key !== '');

function pathsOf({ definition }: Call): Paths {
  const custom = definition.custom?.version.subresources?.scale;
  return {
    spec: keys(custom?.specReplicasPath ?? '.spec.replicas'),
    status: keys(custom?.statusReplicasPath ?? '.status.replicas'),
  };
}

function at(object: unknown, path: string[]): unknown {
  return path.reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}

function scaleOf(call: Call, object: StoredObject): object {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const paths = pathsOf(call);
  const replicas = at(object, paths.spec);
  if (replicas === undefined && call.definition.custom) {
    const why = `the spec replicas field ".${paths.spec.join('.')}" does not exist`;
    throw new StatusError(500, 'InternalError', `Internal error occurred: ${why}`, {
      causes: [{ reason: '', message: why }],
    });
  }
  const selector = at(object, ['spec', 'selector']) as Parameters<typeof selectorText>[0];
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: at(object, paths.status) ?? 0, ...(selector && { selector: selectorText(selector) }) },
  };
}

function patched(call: Call, current: object): Scale {
  const type = patchType(call.request, call.definition.custom !== undefined);
  const body = patchBody(call.request, type);
  try {
    const next = type === 'json' ? applyJsonPatch(current, body as Operation[]) : applyMergePatch(current, body);
    return next as Scale;
  } catch (error) {
    if (error instanceof PatchRejected) throw patchRejected();
    throw error;
  }
}

function withReplicas(object: StoredObject, path: string[], replicas: number): StoredObject {
  const next = structuredClone(object);
  const parent = at(next, path.slice(0, -1)) as Record<string, unknown>;
  parent[path.at(-1)!] = replicas;
  return next;
}

function write(call: Call, object: StoredObject, wanted: Scale): StoredObject {
  const { definition, world, request, target } = call;
  const { name, resourceVersion, uid } = wanted.metadata;
  if (name !== target.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`);
  }
  const isStale =
    resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== object.metadata.resourceVersion;
  if (isStale || (uid !== undefined && uid !== '' && uid !== object.metadata.uid)) {
    throw conflict(namedResource(call), MODIFIED);
  }
  const replicas = wanted.spec?.replicas ?? 0;
  if (!Number.isInteger(replicas) || replicas < 0) {
    const error = fieldInvalid('spec.replicas', replicas, 'must be greater than or equal to 0');
    throw invalid({ group: 'autoscaling', kind: 'Scale', name: target.name ?? '' }, [error]);
  }
  const next = withReplicas(object, pathsOf(call).spec, replicas);
  if (isDryRun(call, 'UpdateOptions')) return next;
  const schema = definition.custom ? undefined : kindSchema(definition.group, definition.version, definition.kind);
  trackManager(next, object, schema, {
    manager: managerOf(request.query, request.headers['user-agent']),
    subresource: 'scale',
    time: new Date(world.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
  });
  return world.storage.revise(definition, object.metadata.namespace, object.metadata.name, () => next);
}

/** get, update and patch of the number. */
export function scale(call: Call): ApiAnswer {
  const object = existing(call);
  const current = scaleOf(call, object);
  if (call.target.verb === 'get') return jsonAnswer(200, current);
  const wanted =
    call.target.verb === 'patch' ? patched(call, current) : (objectBody(call.request, 'Scale') as unknown as Scale);
  return jsonAnswer(200, scaleOf(call, write(call, object, wanted)));
}
