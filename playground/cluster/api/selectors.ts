/** What a list or watch selects: labels (label-selector.ts) and fields, refused in the API server's words. */
import { labelMatcher } from './label-selector.ts';
import type { StoredObject } from '../storage-contract.ts';
import type { ResourceDefinition } from './registry.ts';
import { badRequest } from './status.ts';

export type Matches = (object: StoredObject) => boolean;

/** Besides metadata.name and metadata.namespace. */
const FIELDS: Record<string, string[]> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  secrets: ['type'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  replicasets: ['status.replicas'],
  jobs: ['status.successful'],
};

function fieldValue(object: StoredObject, path: string): string {
  const at = path === 'source' ? 'source.component' : path;
  let value: unknown = object;
  for (const part of at.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : '';
}

function fieldMatcher(text: string, { plural }: ResourceDefinition): Matches {
  const known = ['metadata.name', 'metadata.namespace', ...(FIELDS[plural] ?? [])];
  const tests = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const found = /^([^=!]+)(==|=|!=)(.*)$/.exec(part);
      if (!found) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
      const [, path = '', operator, value = ''] = found;
      if (value.includes('=')) throw badRequest('invalid field selector: unescaped character in value: 61');
      if (!known.includes(path)) {
        throw badRequest(
          FIELDS[plural]
            ? `field label not supported: ${path}`
            : `"${path}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
        );
      }
      return (object: StoredObject): boolean => (fieldValue(object, path) === value) !== (operator === '!=');
    });
  return (object) => tests.every((test) => test(object));
}

/** What `labelSelector` and `fieldSelector` of a query let through. Throws 400. */
export function matcher(query: URLSearchParams, definition: ResourceDefinition): Matches {
  const labels = labelMatcher(query.get('labelSelector') ?? '');
  const fields = fieldMatcher(query.get('fieldSelector') ?? '', definition);
  return (object) => labels(object.metadata.labels ?? {}) && fields(object);
}
