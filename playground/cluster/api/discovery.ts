/** What is no resource: version, health, discovery in both its forms, and OpenAPI documents. */
import { createHash } from 'node:crypto';
import { openApiName, recorded, recordedText } from '../recorded/documents.ts';
import { jsonAnswer, textAnswer, type ApiAnswer, type ApiRequest } from './message.ts';
import type { DiscoveredGroup, DiscoveredResource, Registry } from './registry.ts';
import { customDocument } from './schemas/custom-open-api.ts';
import { unknownResource } from './status.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const wantsAggregated = (request: ApiRequest): boolean =>
  (request.headers['accept'] ?? '')
    .split(',')
    .some((choice) => choice.includes('g=apidiscovery.k8s.io') && /v=v2(;|$)/.test(choice));

function aggregated(items: DiscoveredGroup[]): ApiAnswer {
  const body = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
  return jsonAnswer(200, body, { 'content-type': AGGREGATED });
}

function legacyGroup({ metadata, versions }: DiscoveredGroup): object {
  const all = versions.map(({ version }) => ({ groupVersion: `${metadata.name}/${version}`, version }));
  return { name: metadata.name, versions: all, preferredVersion: all[0] };
}

function legacyResources({ resource, ...found }: DiscoveredResource): object[] {
  const own = {
    name: resource,
    singularName: found.singularResource,
    namespaced: found.scope === 'Namespaced',
    kind: found.responseKind.kind,
    verbs: found.verbs,
    ...(found.shortNames && { shortNames: found.shortNames }),
    ...(found.categories && { categories: found.categories }),
  };
  const subresources = (found.subresources ?? []).map((s) => ({
    name: `${resource}/${s.subresource}`,
    singularName: '',
    namespaced: found.scope === 'Namespaced',
    ...(s.responseKind.group !== found.responseKind.group && {
      group: s.responseKind.group,
      version: s.responseKind.version,
    }),
    kind: s.responseKind.kind,
    verbs: s.verbs,
  }));
  return [own, ...subresources];
}

function resourceList(registry: Registry, groupVersion: string): ApiAnswer {
  const lists = recorded<{ lists: Record<string, object> }>('discovery').lists;
  const known = lists[groupVersion];
  if (known) return jsonAnswer(200, known);
  const found = registry
    .groups()
    .flatMap((group) => group.versions.filter((v) => `${group.metadata.name}/${v.version}` === groupVersion))[0];
  if (!found) return textAnswer(404, '404 page not found\n');
  const resources = found.resources.flatMap(legacyResources);
  return jsonAnswer(200, { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources });
}

const hashOf = (text: string): string => createHash('sha512').update(text).digest('hex').toUpperCase();

/** Recorded documents never change: hashed once. */
const recordedHashes = new Map<string, string>();

function groupVersions(registry: Registry): string[] {
  const versions = [...registry.core(), ...registry.groups()].flatMap(({ metadata, versions: all }) =>
    all.map(({ version }) => (metadata.name ? `${metadata.name}/${version}` : version)),
  );
  return versions;
}

const customOf = (registry: Registry, groupVersion: string): ReturnType<Registry['definitions']> =>
  registry.definitions().filter((d) => groupVersion.startsWith(`${d.spec.group}/`));

function openApiText(registry: Registry, groupVersion: string): string | undefined {
  const custom = customOf(registry, groupVersion);
  if (custom.length > 0) return JSON.stringify(customDocument(custom, groupVersion));
  return groupVersions(registry).includes(groupVersion) ? recordedText(openApiName(groupVersion)) : undefined;
}

function openApiHash(registry: Registry, groupVersion: string): string {
  const known = recordedHashes.get(groupVersion);
  if (known !== undefined) return known;
  const hash = hashOf(openApiText(registry, groupVersion) ?? '');
  if (customOf(registry, groupVersion).length === 0) recordedHashes.set(groupVersion, hash);
  return hash;
}

const openApiPath = (groupVersion: string): string =>
  groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;

function openApi(registry: Registry, path: string, request: ApiRequest): ApiAnswer {
  if (path === '/openapi/v2') {
    const accepts = request.headers['accept'] ?? '*/*';
    const isJson = accepts.split(',').some((choice) => /^(\*\/\*|application\/(json|\*))/.test(choice.trim()));
    if (isJson)
      return { status: 200, headers: { 'content-type': 'application/json' }, body: recordedText('openapi-v2') };
    return { status: 406, headers: {}, body: '' };
  }
  if (path === '/openapi/v3') {
    const entries = groupVersions(registry).map((groupVersion) => {
      const url = `/openapi/v3/${openApiPath(groupVersion)}?hash=${openApiHash(registry, groupVersion)}`;
      return [openApiPath(groupVersion), { serverRelativeURL: url }];
    });
    return jsonAnswer(200, { paths: Object.fromEntries(entries) as object });
  }
  const groupVersion = path.replace(/^\/openapi\/v3\/apis?\//, '');
  const text = openApiText(registry, groupVersion);
  if (text === undefined) throw unknownResource();
  return { status: 200, headers: { 'content-type': 'application/json' }, body: text };
}

const HEALTH = new Set(['/healthz', '/livez', '/readyz']);

/** Answers a path that names no resource. */
export function discovery(registry: Registry, request: ApiRequest): ApiAnswer {
  const path = request.path.length > 1 ? request.path.replace(/\/$/, '') : request.path;
  if (request.method !== 'GET' && request.method !== 'HEAD') return textAnswer(404, '404 page not found\n');
  if (path === '/version') return jsonAnswer(200, recorded('version'));
  if (HEALTH.has(path) || [...HEALTH].some((h) => path.startsWith(`${h}/`))) return textAnswer(200, 'ok');
  if (path.startsWith('/openapi/')) return openApi(registry, path, request);
  if (path === '/api') {
    if (wantsAggregated(request)) return aggregated(registry.core());
    return jsonAnswer(200, { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
  }
  if (path === '/apis') {
    if (wantsAggregated(request)) return aggregated(registry.groups());
    const groups = registry.groups().map(legacyGroup);
    return jsonAnswer(200, { kind: 'APIGroupList', apiVersion: 'v1', groups });
  }
  const [, , group, version, more] = path.split('/');
  if (path === '/api/v1') return resourceList(registry, 'v1');
  if (path.startsWith('/apis/') && more === undefined) {
    if (version !== undefined) return resourceList(registry, `${group}/${version}`);
    const found = registry.groups().find((g) => g.metadata.name === group);
    if (found) return jsonAnswer(200, { kind: 'APIGroup', apiVersion: 'v1', ...legacyGroup(found) });
  }
  if (path === '/') {
    const paths = groupVersions(registry).map((v) => `/${openApiPath(v)}`);
    return jsonAnswer(200, { paths: ['/api', '/apis', ...paths, ...HEALTH, '/openapi/v2', '/openapi/v3', '/version'] });
  }
  return textAnswer(404, '404 page not found\n');
}
