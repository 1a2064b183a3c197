/** What the replicas of a night share besides the cluster: where it is, services that are well, and a catalogue. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { Catalogue } from '#catalogue/catalogue.ts';
import { readCatalogue } from '#catalogue/read.ts';
import { kubeconfigPath } from '../../plane.ts';
import type { Story } from './story.ts';

const CHANNEL = 'C0INCIDENT';

/** Only what the API server says its address is, and how it is known. */
export async function addressOfPlane(): Promise<{ server: string; ca: string }> {
  const { clusters } = parse(await readFile(kubeconfigPath(), 'utf8')) as {
    clusters: { cluster: { server: string } }[];
  };
  return {
    server: clusters[0]!.cluster.server,
    ca: await readFile(join(dirname(kubeconfigPath()), 'tls.crt'), 'utf8'),
  };
}

/** Every health path answers 200. */
export async function startHealthy(): Promise<{ url: string; stop: () => void }> {
  const server = createServer((_request, response) => void response.end('ok'));
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => void server.close() };
}

/** The catalogue as shipped, with these environments, and a monitoring period that a test can wait for. */
export function catalogueOf(stories: readonly Story[], baseUrl: string): Catalogue {
  const catalogue = readCatalogue('k8s/catalogue.yaml');
  const { mayRollBack } = catalogue.environments['staging']!;
  const environments = stories.map(({ environment, namespace }) => [
    environment,
    { namespace, channel: CHANNEL, baseUrl, mayRollBack },
  ]);
  return {
    ...catalogue,
    environments: Object.fromEntries(environments) as Catalogue['environments'],
    // Who writes with kubectl is known by name, as everybody who may roll back.
    people: catalogue.people.map((one) => (one.slack === 'U0LEAD' ? { ...one, kubernetes: 'admin' } : one)),
    checklist: catalogue.checklist.filter(({ answeredBy }) => answeredBy === 'health'),
    timings: { ...catalogue.timings, monitoringMinutes: 0.05 },
  };
}
