/**
 * Records what the simulated cluster answers for a real API server: discovery, OpenAPI, table columns, version, bootstrap roles.
 * Run by hand against an empty control plane whenever the Kubernetes version moves:
 *   KUBECONFIG=… node scripts/record-cluster-documents.ts [kubectl]
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const kubectl = process.argv[2] ?? 'kubectl';
const folder = new URL('../playground/cluster/recorded/', import.meta.url);

/** The group versions the simulator serves. */
const served = [
  'v1',
  'apiextensions.k8s.io/v1',
  'apps/v1',
  'authentication.k8s.io/v1',
  'authorization.k8s.io/v1',
  'autoscaling/v2',
  'batch/v1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
  'events.k8s.io/v1',
  'policy/v1',
  'rbac.authorization.k8s.io/v1',
];

/** Bootstrap roles that people's and the bot's rights lean on. */
const roles = ['cluster-admin', 'admin', 'edit', 'view', 'system:basic-user', 'system:discovery'].concat(
  'system:public-info-viewer',
);

interface Discovered {
  metadata: { name?: string };
  versions: { version: string; resources: { resource: string; verbs: string[]; scope: string }[] }[];
}
interface Discovery {
  items: Discovered[];
}
interface OpenApi {
  paths: Record<string, unknown>;
  definitions: Record<string, { 'x-kubernetes-group-version-kind'?: { group: string; version: string }[] }>;
}

function raw(path: string): unknown {
  return JSON.parse(execFileSync(kubectl, ['get', '--raw', path], { encoding: 'utf8', maxBuffer: 1 << 28 }));
}

/** kubectl cannot ask for another representation, so a proxy does. */
async function negotiated(base: string, path: string, accept: string): Promise<unknown> {
  return (await fetch(base + path, { headers: { accept } })).json();
}

function write(name: string, document: unknown): void {
  const text = JSON.stringify(document);
  writeFileSync(new URL(`${name}.json.gz`, folder), gzipSync(text, { level: 9 }));
  console.log(name, text.length);
}

const groupPath = (groupVersion: string): string => (groupVersion === 'v1' ? 'api/v1' : `apis/${groupVersion}`);

function onlyServed(discovery: Discovery): Discovery {
  const items = discovery.items.flatMap((group) => {
    const versions = group.versions.filter((v) =>
      served.includes(group.metadata.name ? `${group.metadata.name}/${v.version}` : v.version),
    );
    return versions.length > 0 ? [{ ...group, versions }] : [];
  });
  return { ...discovery, items };
}

/** Definitions that the kept ones refer to, themselves included. */
function reachable(definitions: OpenApi['definitions'], roots: string[]): OpenApi['definitions'] {
  const kept: OpenApi['definitions'] = {};
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const definition = definitions[name];
    if (!definition || kept[name]) continue;
    kept[name] = definition;
    for (const [, to] of JSON.stringify(definition).matchAll(/"#\/definitions\/([^"]+)"/g)) queue.push(to!);
  }
  return kept;
}

function openApiV2(): unknown {
  const document = raw('/openapi/v2') as OpenApi;
  const roots = Object.entries(document.definitions).filter(([, definition]) =>
    (definition['x-kubernetes-group-version-kind'] ?? []).some((k) =>
      served.includes(k.group ? `${k.group}/${k.version}` : k.version),
    ),
  );
  const paths = Object.fromEntries(
    Object.entries(document.paths).filter(([path]) => served.some((v) => path.startsWith(`/${groupPath(v)}/`))),
  );
  return {
    ...document,
    paths,
    definitions: reachable(
      document.definitions,
      roots.map(([name]) => name),
    ),
  };
}

async function record(base: string): Promise<void> {
  const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const core = onlyServed((await negotiated(base, '/api', aggregated)) as Discovery);
  const groups = onlyServed((await negotiated(base, '/apis', aggregated)) as Discovery);
  const lists = served.map((groupVersion) => [groupVersion, raw(`/${groupPath(groupVersion)}`)]);
  write('discovery', { core, groups, lists: Object.fromEntries(lists) });
  write('version', raw('/version'));
  write('openapi-v2', openApiV2());
  for (const groupVersion of served) {
    write(`openapi-v3-${groupVersion.replace('/', '-')}`, raw(`/openapi/v3/${groupPath(groupVersion)}`));
  }
  const columns: Record<string, unknown> = {};
  for (const { metadata, versions } of [...core.items, ...groups.items]) {
    for (const { version, resources } of versions) {
      for (const { resource } of resources.filter((r) => r.verbs.includes('list'))) {
        const groupVersion = metadata.name ? `${metadata.name}/${version}` : version;
        const table = await negotiated(
          base,
          `/${groupPath(groupVersion)}/${resource}`,
          'application/json;as=Table;v=v1;g=meta.k8s.io',
        );
        columns[`${groupVersion}/${resource}`] = (table as { columnDefinitions: unknown }).columnDefinitions;
      }
    }
  }
  write('columns', columns);
  const path = '/apis/rbac.authorization.k8s.io/v1';
  const pick = (list: unknown): unknown[] =>
    (list as { items: { metadata: { name: string } }[] }).items.filter((r) => roles.includes(r.metadata.name));
  write('roles', {
    clusterRoles: pick(raw(`${path}/clusterroles`)),
    clusterRoleBindings: pick(raw(`${path}/clusterrolebindings`)),
  });
}

/** A proxy of kubectl's on a port of its own choosing, for the time of `use`. */
async function withProxy(use: (base: string) => Promise<void>): Promise<void> {
  const { spawn } = await import('node:child_process');
  const proxy = spawn(kubectl, ['proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const address = await new Promise<string>((resolve) => {
      proxy.stdout.on('data', (chunk: Buffer) => {
        const found = /127\.0\.0\.1:\d+/.exec(chunk.toString());
        if (found) resolve(found[0]);
      });
    });
    await use(`http://${address}`);
  } finally {
    proxy.kill();
  }
}

await withProxy(record);
