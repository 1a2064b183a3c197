/**
 * What the bot works on, started as one: the simulated cluster with the very manifests that an installation uses, the company's world in
 * it, and the files that lead a bot there (a kubeconfig, a catalogue whose health checks go to the simulated services). Starting over is
 * stopping this and starting it again. It knows neither Slack nor the bot's process.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Catalogue } from '#catalogue/catalogue.ts';
import { readCatalogue } from '#catalogue/read.ts';
import type { WorldClock } from '../clock.ts';
import { serviceAccountUser } from '../cluster/api/access/accounts.ts';
import type { ApiAnswer } from '../cluster/api/message.ts';
import type { KubeletTimings } from '../cluster/kubelet/container-worker.ts';
import { startPlane } from '../cluster/plane/plane.ts';
import { type Cluster, type KubernetesManifest, manifests, startCluster } from '../cluster/server.ts';
import { rememberedJournals } from '../scenarios/remembered.ts';
import { startWorld, type WorldControl } from '../scenarios/world.ts';

/** Fixed, like Slack's tokens in the playground: they open nothing else. */
const tokens = { bot: 'playground-bot', person: 'playground-person' };
const account = { namespace: 'rollback-bot', name: 'rollback-bot' };

/** Who sends what the bot sends (src/clients/kubernetes/transport.ts). */
const program = 'rollback-bot';

const installed = (file: string): string => fileURLToPath(new URL(`../../k8s/${file}`, import.meta.url));
const read = async (file: string) => manifests(await readFile(installed(file), 'utf8'));

/** The sample for kubectl's authors, with what it leaves to each company filled in: its on-call engineers may roll back production too. */
async function authors(): Promise<KubernetesManifest[]> {
  const filled = (rule: Rule): Rule =>
    rule.resources.includes('environments') ? { ...rule, resourceNames: ['production', 'staging'] } : rule;
  return (await read('samples/author.yaml')).map((manifest) =>
    manifest.kind === 'Role' ? { ...manifest, rules: (manifest['rules'] as Rule[]).map(filled) } : manifest,
  );
}

/** By whose name the API server knows those who came with these credentials: it says so when it refuses them what only administrators may. */
function namesOf(cluster: Cluster, credentials: readonly string[]): string[] {
  return credentials.map((authorization) => {
    const request = { method: 'GET', path: '/api/v1/secrets', query: new URLSearchParams(), body: Buffer.alloc(0) };
    const { status, body } = cluster.api.handle({ ...request, headers: { authorization } }) as ApiAnswer;
    return status === 200
      ? 'an administrator'
      : (/User \\"([^"\\]+)\\"/.exec(body.toString())?.[1] ?? `nobody (${status})`);
  });
}

export interface Surroundings {
  cluster: Cluster;
  world: WorldControl;
  /** What the bot needs to get here. */
  settings: { KUBECONFIG: string; CATALOGUE: string; ROLLBACK_NAMESPACE: string };
  /** A kubeconfig with which a person may do everything. */
  personKubeconfig: string;
  /** The Kubernetes users as whom the bot has asked the API server until now. */
  botUsers: () => string[];
  stop(): Promise<void>;
}

interface Rule {
  resources: string[];
  resourceNames?: string[];
}

export interface SurroundingsOptions {
  clock: WorldClock;
  seed: number;
  /** An own, private folder for the files. */
  folder: string;
  /** How fast pods are; default: one to two seconds. */
  timings?: KubeletTimings;
  /** The folder of a real control plane, in the place of the simulated one (cluster/plane/plane.ts). */
  plane?: string;
  /** Changes the bot's catalogue before it is written. */
  change?: (catalogue: Catalogue) => void;
}

/** The catalogue as installed, except that each environment's services answer on this machine. */
async function writeCatalogue(
  file: string,
  world: WorldControl,
  change?: (catalogue: Catalogue) => void,
): Promise<void> {
  const catalogue = structuredClone(world.catalogue);
  for (const [name, environment] of Object.entries(catalogue.environments)) environment.baseUrl = world.baseUrl(name);
  change?.(catalogue);
  await writeFile(file, stringify(catalogue));
}

interface Started {
  cluster: Cluster;
  tokens: { bot: string; person: string };
}

async function startSimulated(clock: WorldClock): Promise<Started> {
  const cluster = await startCluster({
    clock,
    objects: [...(await read('namespace.yaml')), ...(await read('crd.yaml'))],
    policies: await read('admission.yaml'),
    tokens: {
      [tokens.bot]: serviceAccountUser(account.namespace, account.name, 'playground'),
      [tokens.person]: { username: 'playground', groups: ['system:masters'] },
    },
  });
  return { cluster, tokens };
}

async function startReal(clock: WorldClock, folder: string, { environments }: Catalogue): Promise<Started> {
  const namespaces = [account.namespace, ...Object.values(environments).map(({ namespace }) => namespace)];
  const [objects, policies] = [await read('crd.yaml'), await read('admission.yaml')];
  const plane = await startPlane({ folder, clock, namespaces, objects, policies });
  // The account first: its token is asked for.
  plane.load(await read('rbac.yaml'));
  return { cluster: plane, tokens: { bot: plane.tokenOf(account), person: plane.adminToken } };
}

export async function startSurroundings(options: SurroundingsOptions): Promise<Surroundings> {
  const { clock, seed, folder, timings, change, plane } = options;
  const catalogue = readCatalogue(installed('catalogue.yaml'));
  const onPlane = plane !== undefined;
  const { cluster, tokens: held } = onPlane ? await startReal(clock, plane, catalogue) : await startSimulated(clock);
  const world = await startWorld({
    storage: cluster.storage,
    clock,
    seed,
    catalogue,
    onPlane,
    ...(timings ? { timings } : {}),
  });
  cluster.setPodLogs((namespace, pod, wanted) => world.logs(namespace, pod, wanted));
  // Roles are bound in the environments' namespaces, which the world has made.
  if (!onPlane) cluster.load(await read('rbac.yaml'));
  cluster.load(await authors());
  cluster.load(rememberedJournals(cluster.storage, { catalogue, namespace: account.namespace, nowMs: clock.now() }));
  const paths = {
    bot: join(folder, 'bot.kubeconfig'),
    person: join(folder, 'kubeconfig'),
    catalogue: join(folder, 'catalogue.yaml'),
  };
  await writeFile(paths.bot, cluster.kubeconfig(held.bot, account.namespace), { mode: 0o600 });
  await writeFile(paths.person, cluster.kubeconfig(held.person, 'lomash-wood'), { mode: 0o600 });
  await writeCatalogue(paths.catalogue, world, change);
  return {
    cluster,
    world,
    settings: { KUBECONFIG: paths.bot, CATALOGUE: paths.catalogue, ROLLBACK_NAMESPACE: account.namespace },
    personKubeconfig: paths.person,
    botUsers: () => namesOf(cluster, cluster.credentialsOf(program)),
    async stop() {
      await world.stop();
      await cluster.stop();
    },
  };
}
