/** The OpenAPI v3 document of a group version that CustomResourceDefinitions made: what `kubectl explain` and strict validation read. */
import type { CustomResourceDefinition, CustomVersion } from '../registry.ts';
import { isObject } from './structural.ts';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** What a published schema may say; validation rules and the like stay. */
function published(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(published);
  if (!isObject(schema)) return schema;
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, published(value)]));
}

const queryParameter = (name: string): object => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
});

interface Names {
  group: string;
  version: string;
  kind: string;
}

const schemaName = ({ group, version, kind }: Names): string =>
  `${group.split('.').toReversed().join('.')}.${version}.${kind}`;

function operation(verb: string, action: string, names: Names, parameters: string[]): object {
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${schemaName(names)}` } } };
  return {
    tags: [`${names.group.replaceAll('.', '_')}_${names.version}`],
    operationId: `${verb}${names.kind}`,
    parameters: parameters.map(queryParameter),
    responses: { 200: { description: 'OK', content }, 401: { description: 'Unauthorized' } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': names,
  };
}

const WRITE = ['dryRun', 'fieldManager', 'fieldValidation'];

function pathsOf({ spec }: CustomResourceDefinition, { name: version, subresources }: CustomVersion): object {
  const { group, names, scope } = spec;
  const gvk = { group, version, kind: names.kind };
  const base = `/apis/${group}/${version}/${scope === 'Namespaced' ? 'namespaces/{namespace}/' : ''}${names.plural}`;
  const one = {
    get: operation('read', 'get', gvk, ['resourceVersion']),
    put: operation('replace', 'put', gvk, WRITE),
    delete: operation('delete', 'delete', gvk, ['dryRun', 'gracePeriodSeconds', 'propagationPolicy']),
    patch: operation('patch', 'patch', gvk, [...WRITE, 'force']),
  };
  const status = { get: one.get, put: one.put, patch: one.patch };
  return {
    [base]: {
      get: operation('list', 'list', gvk, ['continue', 'fieldSelector', 'labelSelector', 'limit', 'watch']),
      post: operation('create', 'post', gvk, WRITE),
    },
    [`${base}/{name}`]: one,
    ...(subresources?.status && { [`${base}/{name}/status`]: status }),
  };
}

function schemaOf({ spec }: CustomResourceDefinition, version: CustomVersion): object {
  const own = published(version.schema?.openAPIV3Schema ?? { type: 'object' }) as { properties?: object };
  return {
    ...own,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { allOf: [{ $ref: `#/components/schemas/${META}` }] },
      ...own.properties,
    },
    'x-kubernetes-group-version-kind': [{ group: spec.group, version: version.name, kind: spec.names.kind }],
  };
}

export function customDocument(definitions: CustomResourceDefinition[], groupVersion: string): object {
  const paths: Record<string, unknown> = {};
  const schemas: Record<string, unknown> = { [META]: { type: 'object' } };
  for (const definition of definitions) {
    for (const version of definition.spec.versions) {
      const { group, names } = definition.spec;
      if (`${group}/${version.name}` !== groupVersion || !version.served) continue;
      Object.assign(paths, pathsOf(definition, version));
      schemas[schemaName({ group, version: version.name, kind: names.kind })] = schemaOf(definition, version);
    }
  }
  const about = { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' };
  return { openapi: '3.0.0', ['info']: about, paths, components: { schemas } };
}
