/** Label and field selectors, parsed and refused as the API server does. */
import type { StoredObject } from '../storage-contract.ts';
import type { ResourceDefinition } from './registry.ts';
import { badRequest } from './status.ts';

export type Matches = (object: StoredObject) => boolean;

interface Requirement {
  key: string;
  operator: 'in' | 'notin' | 'exists' | '!';
  values: string[];
}

const KEY = /^[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?$/;

/** Splits at commas outside parentheses. */
function clauses(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(current);
      current = '';
    } else current += character;
  }
  return [...parts, current].map((part) => part.trim()).filter((part) => part !== '');
}

function requirement(clause: string): Requirement {
  const sets = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(clause);
  if (sets) {
    const values = sets[3]!.split(',').map((value) => value.trim());
    return { key: sets[1]!, operator: sets[2] as 'in' | 'notin', values };
  }
  const equality = /^([^=!<>\s]+)\s*(==|=|!=)\s*([^=!\s]*)$/.exec(clause);
  if (equality) {
    return { key: equality[1]!, operator: equality[2] === '!=' ? 'notin' : 'in', values: [equality[3]!] };
  }
  if (/^![^=\s]+$/.test(clause)) return { key: clause.slice(1).trim(), operator: '!', values: [] };
  if (KEY.test(clause)) return { key: clause, operator: 'exists', values: [] };
  const found = /={1,2}\s*(=|!)/.exec(clause)?.[1] ?? clause;
  throw badRequest(`unable to parse requirement: found '${found}', expected: identifier`);
}

function holds({ key, operator, values }: Requirement, labels: Record<string, string>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
  }
}

function labelMatcher(text: string): Matches {
  const requirements = clauses(text).map(requirement);
  for (const { key } of requirements) {
    if (!KEY.test(key)) throw badRequest(`unable to parse requirement: found '${key}', expected: identifier`);
  }
  return ({ metadata }) => requirements.every((r) => holds(r, metadata.labels ?? {}));
}

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
      const [, path = '', operator, value] = found;
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
  return (object) => labels(object) && fields(object);
}
