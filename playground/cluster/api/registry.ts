/** Which resources exist: those of the recorded discovery, and those that CustomResourceDefinitions add. */
import { recorded } from '../recorded/documents.ts';
import type { ClusterStorage } from '../storage.ts';
import type { Resource, StoredObject } from '../storage-contract.ts';

export interface DiscoveredSubresource {
  subresource: string;
  responseKind: { group: string; version: string; kind: string };
  verbs: string[];
}

/** As aggregated discovery names it. */
export interface DiscoveredResource {
  resource: string;
  responseKind: { group: string; version: string; kind: string };
  scope: 'Namespaced' | 'Cluster';
  singularResource: string;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  subresources?: DiscoveredSubresource[];
}

export interface DiscoveredGroup {
  metadata: { name?: string };
  versions: { version: string; resources: DiscoveredResource[]; freshness: string }[];
}

export interface ResourceDefinition extends Resource {
  kind: string;
  singular: string;
  namespaced: boolean;
  verbs: readonly string[];
  subresources: ReadonlyMap<string, DiscoveredSubresource>;
  /** The CustomResourceDefinition behind it. */
  custom?: { definition: CustomResourceDefinition; version: CustomVersion };
}

export interface CustomVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema?: object };
  subresources?: { status?: object; scale?: { specReplicasPath: string; statusReplicasPath: string } };
  additionalPrinterColumns?: {
    name: string;
    type: string;
    format?: string;
    description?: string;
    priority?: number;
    jsonPath: string;
  }[];
}

export interface CustomResourceDefinition extends StoredObject {
  spec: {
    group: string;
    scope: 'Namespaced' | 'Cluster';
    names: {
      kind: string;
      listKind?: string;
      plural: string;
      singular?: string;
      shortNames?: string[];
      categories?: string[];
    };
    versions: CustomVersion[];
  };
}

interface Recorded {
  core: { items: DiscoveredGroup[] };
  groups: { items: DiscoveredGroup[] };
  lists: Record<string, { resources: object[] }>;
}

export const CUSTOM_RESOURCE_DEFINITIONS: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
};

export const groupVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group === '' ? version : `${group}/${version}`;

function fromDiscovery(group: string, version: string, found: DiscoveredResource): ResourceDefinition {
  return {
    group,
    version,
    plural: found.resource,
    kind: found.responseKind.kind,
    singular: found.singularResource,
    namespaced: found.scope === 'Namespaced',
    verbs: found.verbs,
    subresources: new Map((found.subresources ?? []).map((s) => [s.subresource, s])),
  };
}

const CUSTOM_VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

function discovered(definition: CustomResourceDefinition, version: CustomVersion): DiscoveredResource {
  const { group, names, scope } = definition.spec;
  const kind = { group, version: version.name, kind: names.kind };
  const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
  const verbs = ['get', 'patch', 'update'];
  const subresources = [
    ...(version.subresources?.status ? [{ subresource: 'status', responseKind: kind, verbs }] : []),
    ...(version.subresources?.scale ? [{ subresource: 'scale', responseKind: scale, verbs }] : []),
  ];
  return {
    resource: names.plural,
    responseKind: kind,
    scope,
    singularResource: names.singular ?? names.kind.toLowerCase(),
    verbs: CUSTOM_VERBS,
    ...(names.shortNames && { shortNames: names.shortNames }),
    ...(names.categories && { categories: names.categories }),
    ...(subresources.length > 0 && { subresources }),
  };
}

export interface Registry {
  find(group: string, version: string, plural: string): ResourceDefinition | undefined;
  hasVersion(group: string, version: string): boolean;
  /** Aggregated discovery of the core group. */
  core(): DiscoveredGroup[];
  /** Aggregated discovery of the named groups, custom ones included. */
  groups(): DiscoveredGroup[];
  definitions(): CustomResourceDefinition[];
  all(): ResourceDefinition[];
}

export function createRegistry(storage: ClusterStorage): Registry {
  const builtin = recorded<Recorded>('discovery');
  const fixed = new Map<string, ResourceDefinition>();
  for (const { metadata, versions } of [...builtin.core.items, ...builtin.groups.items]) {
    for (const { version, resources } of versions) {
      for (const found of resources) {
        const definition = fromDiscovery(metadata.name ?? '', version, found);
        fixed.set(`${groupVersionOf(definition)}/${definition.plural}`, definition);
      }
    }
  }
  const definitions = (): CustomResourceDefinition[] =>
    storage.peek(CUSTOM_RESOURCE_DEFINITIONS) as CustomResourceDefinition[];

  let seen: readonly StoredObject[] | undefined;
  let custom = new Map<string, ResourceDefinition>();
  /** The storage hands out the same array until a definition changes. */
  function customResources(): Map<string, ResourceDefinition> {
    const now = definitions();
    if (now === seen) return custom;
    seen = now;
    custom = new Map(
      now.flatMap((definition) =>
        definition.spec.versions
          .filter((version) => version.served)
          .map((version): [string, ResourceDefinition] => {
            const { group } = definition.spec;
            const found = fromDiscovery(group, version.name, discovered(definition, version));
            return [`${groupVersionOf(found)}/${found.plural}`, { ...found, custom: { definition, version } }];
          }),
      ),
    );
    return custom;
  }

  function customGroups(): DiscoveredGroup[] {
    const groups = new Map<string, Map<string, DiscoveredResource[]>>();
    for (const definition of definitions()) {
      const versions = groups.get(definition.spec.group) ?? new Map<string, DiscoveredResource[]>();
      groups.set(definition.spec.group, versions);
      for (const version of definition.spec.versions.filter((v) => v.served)) {
        versions.set(version.name, [...(versions.get(version.name) ?? []), discovered(definition, version)]);
      }
    }
    return [...groups].map(([name, versions]) => ({
      metadata: { name },
      versions: [...versions].map(([version, resources]) => ({ version, resources, freshness: 'Current' })),
    }));
  }

  return {
    find: (group, version, plural) => {
      const key = `${groupVersionOf({ group, version })}/${plural}`;
      return fixed.get(key) ?? customResources().get(key);
    },
    hasVersion: (group, version) =>
      [...builtin.core.items, ...builtin.groups.items, ...customGroups()].some(
        (g) => (g.metadata.name ?? '') === group && g.versions.some((v) => v.version === version),
      ),
    core: () => builtin.core.items,
    groups: () => [...builtin.groups.items, ...customGroups()],
    definitions,
    all: () => [...fixed.values(), ...customResources().values()],
  };
}
