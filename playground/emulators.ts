/**
 * The pretended world without the bot: emulated Slack, simulated cluster, services with a past, all on one clock, and the files that a bot
 * needs to find them. The page and the journeys start the very same.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import type { Catalogue } from '#catalogue/catalogue.ts';
import { parseCatalogue } from '#catalogue/read.ts';
import type { WorldClock } from './clock.ts';
import { serviceAccountUser } from './cluster/api/access/accounts.ts';
import type { KubeletTimings } from './cluster/kubelet/container-worker.ts';
import { type Cluster, type KubernetesManifest, manifests, startCluster } from './cluster/server.ts';
import { startWorld, type WorldControl } from './scenarios/world.ts';
import { readManifest } from './slack/manifest.ts';
import { type EmulatedSlack, startSlack } from './slack/server.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const NAMESPACE = 'rollback-bot';
/** Known to this cluster alone, which listens on the loopback address. */
const ADMIN_TOKEN = 'playground-admin';
const BOT_TOKEN = 'playground-rollback-bot';

export interface EmulatorOptions {
  clock: WorldClock;
  seed: number;
  /** Of Slack and the page; 0: any free one. */
  port?: number;
  timings?: KubeletTimings;
  /** Changes the catalogue that the bot reads. */
  change?: (catalogue: Catalogue) => void;
}

export interface Emulators {
  slack: EmulatedSlack;
  cluster: Cluster;
  world: WorldControl;
  catalogue: Catalogue;
  /** The bot's whole environment, beside what a process needs anyway. */
  environment: Record<string, string>;
  /** A kubeconfig for a person with kubectl: an administrator's. */
  adminKubeconfig: string;
  stop(): Promise<void>;
}

/** The objects that an administrator applies before the bot: the very files of k8s/. */
function applied(catalogue: Catalogue): KubernetesManifest[] {
  const namespaces = Object.values(catalogue.environments).map(({ namespace }) => namespace);
  const files = ['namespace.yaml', 'crd.yaml', 'rbac.yaml'];
  return [
    ...namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...files.flatMap((file) => manifests(readFileSync(path.join(root, 'k8s', file), 'utf8'))),
  ];
}

/** Starts everything; resolves when all of it listens. */
export async function startEmulators({ clock, seed, port = 0, timings, change }: EmulatorOptions): Promise<Emulators> {
  const catalogue = parseCatalogue(readFileSync(path.join(root, 'k8s/catalogue.yaml'), 'utf8'));
  const cluster = await startCluster({
    clock,
    objects: applied(catalogue),
    tokens: {
      [ADMIN_TOKEN]: { username: 'playground-admin', groups: ['system:masters', 'system:authenticated'] },
      [BOT_TOKEN]: serviceAccountUser(NAMESPACE, 'rollback-bot', 'playground'),
    },
  });
  const world = await startWorld({ storage: cluster.storage, clock, seed, catalogue, ...(timings ? { timings } : {}) });
  cluster.setPodLogs((namespace, pod, options) => world.logs(namespace, pod, options));
  const slack = await startSlack({ clock, port, manifest: readManifest(path.join(root, 'manifest.yml')) });

  // The bot asks the services of the playground for their health; everything else of the catalogue stays as it is.
  for (const [name, environment] of Object.entries(catalogue.environments)) environment.baseUrl = world.baseUrl(name);
  change?.(catalogue);
  const folder = mkdtempSync(path.join(tmpdir(), 'rollback-playground-'));
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text, { mode: 0o600 });
    return path.join(folder, name);
  };
  const environment = {
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_APP_TOKEN: slack.tokens.app,
    SLACK_API_URL: slack.apiUrl,
    KUBECONFIG: file('kubeconfig', cluster.kubeconfig(BOT_TOKEN)),
    CATALOGUE: file('catalogue.yaml', stringify(parse(JSON.stringify(catalogue)))),
    ROLLBACK_NAMESPACE: NAMESPACE,
  };
  return {
    slack,
    cluster,
    world,
    catalogue,
    environment,
    adminKubeconfig: file('admin.kubeconfig', cluster.kubeconfig(ADMIN_TOKEN, 'lomash-wood')),
    async stop() {
      await slack.stop();
      await world.stop();
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
