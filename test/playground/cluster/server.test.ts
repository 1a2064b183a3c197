import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { KubeConfig, CoreV1Api } from '@kubernetes/client-node';
import { Agent, fetch, type RequestInit } from 'undici';
import { parse } from 'yaml';
import { worldClock } from '#playground/clock.ts';
import { manifests, startCluster, type Cluster, type ClusterOptions } from '#playground/cluster/server.ts';

const tokens = { 'admin-token': { username: 'admin', groups: ['system:masters'] } };
const stops: (() => Promise<unknown>)[] = [];

async function cluster(options: Partial<ClusterOptions> = {}): Promise<Cluster> {
  const started = await startCluster({ clock: worldClock({ unref: true }), tokens, ...options });
  stops.push(() => started.stop());
  return started;
}

function client({ url, caCertificate }: Cluster, allowH2: boolean) {
  const dispatcher = new Agent({ connect: { ca: caCertificate }, allowH2 });
  stops.unshift(() => dispatcher.destroy());
  return (
    path: string,
    { headers, ...request }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ) => fetch(url + path, { ...request, dispatcher, headers: { authorization: 'Bearer admin-token', ...headers } });
}

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

describe('the API server', () => {
  it('has a certificate of its own for localhost', async () => {
    const { caCertificate } = await cluster();
    const certificate = new X509Certificate(caCertificate);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.ca).toBe(true);
  });

  it.each([
    ['HTTP/1.1', false],
    ['HTTP/2', true],
  ])('speaks %s, answers and streams', async (_protocol, allowH2) => {
    const started = await cluster();
    const send = client(started, allowH2);
    const watch = await send('/api/v1/namespaces?watch=1&timeoutSeconds=60');
    const reader = watch.body!.getReader();
    const body = JSON.stringify({ metadata: { name: 'shop' } });
    const created = await send('/api/v1/namespaces', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(created.status).toBe(201);
    let text = '';
    while (!text.includes('"shop"')) text += Buffer.from((await reader.read()).value as Uint8Array).toString();
    await reader.cancel();
    expect(text).toContain('"type":"ADDED"');
  });

  it('writes a kubeconfig that the official client takes', async () => {
    const started = await cluster();
    const config = new KubeConfig();
    config.loadFromString(started.kubeconfig('admin-token', 'shop'));
    const { items } = await config.makeApiClient(CoreV1Api).listNamespace();
    expect(items.map((n) => n.metadata?.name)).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
    expect(parse(started.kubeconfig('admin-token', 'shop')).contexts[0].context.namespace).toBe('shop');
  });

  it('loads objects in the order they need, again without harm, and says what is wrong with one', async () => {
    const yaml = [
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop}\ndata: {a: "1"}',
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}',
    ].join('\n---\n');
    const started = await cluster({ objects: manifests(yaml) });
    started.load(manifests(yaml.replace('"1"', '"2"')));
    const resource = { group: '', version: 'v1', plural: 'configmaps' };
    expect(started.storage.get(resource, 'shop', 'c')?.['data']).toEqual({ a: '2' });
    expect(() => started.load([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'Bad_Name' } }])).toThrow(
      /ConfigMap Bad_Name: .* is invalid: metadata.name/,
    );
  });

  it('lets everybody signed in discover, and nothing more', async () => {
    const started = await cluster({ tokens: { ...tokens, 'maya-token': { username: 'maya', groups: [] } } });
    const send = client(started, false);
    const status = async (path: string): Promise<number> =>
      (await send(path, { headers: { authorization: 'Bearer maya-token' } })).status;
    expect(await Promise.all(['/version', '/apis', '/api/v1/pods'].map(status))).toEqual([200, 200, 403]);
  });
});

describe('faults', () => {
  it('take it down and bring it back with everything in it', async () => {
    const started = await cluster();
    const send = client(started, false);
    expect((await send('/api/v1/namespaces/default')).status).toBe(200);
    await started.faults.down();
    await expect(send('/api/v1/namespaces/default')).rejects.toThrow('fetch failed');
    await started.faults.up();
    expect((await send('/api/v1/namespaces/default')).status).toBe(200);
  });

  it('break open watches', async () => {
    const started = await cluster();
    const watch = await client(started, false)('/api/v1/pods?watch=1');
    const read = watch.body!.getReader().read();
    started.faults.dropConnections();
    await expect(read).rejects.toThrow('terminated');
  });

  it('answer chosen requests with an error that says when to come again', async () => {
    const started = await cluster();
    const send = client(started, false);
    started.faults.answer(503, (request) => request.method === 'PATCH');
    expect((await send('/api/v1/namespaces/default')).status).toBe(200);
    const refused = await send('/api/v1/namespaces/default', { method: 'PATCH', body: '{}' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    started.faults.answer(undefined);
    expect((await send('/version')).status).toBe(200);
  });

  it('make it slow in world time', async () => {
    const clock = worldClock({ unref: true });
    const started = await cluster({ clock });
    const send = client(started, false);
    await send('/version');
    started.faults.slow(60_000);
    const answer = send('/version').then(({ status }) => status);
    const ticking = setInterval(() => clock.advance(60_000), 20);
    expect(await answer).toBe(200);
    clearInterval(ticking);
  });
});
