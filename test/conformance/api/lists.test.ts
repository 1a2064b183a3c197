/** Lists: selectors by label and field, pages, versions, and what has expired. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '#clients/kubernetes/api.ts';
import { eventually, usePlane } from '../harness/plane.ts';
import { Workload } from '../harness/workload.ts';

const plane = await usePlane('lists');
const { api, namespace, signal, kubectl, out } = plane;
const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
const NAMES = ['a', 'b', 'c', 'd', 'e'];

interface List {
  kind: string;
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: (KubernetesObject & { status?: { phase?: string } })[];
}

function list(query: Record<string, string>, path = configMaps): Promise<List> {
  return api.get<List>(`${path}?${new URLSearchParams(query).toString()}`, { signal });
}

/** Without the one that every namespace has. */
const named = (query: Record<string, string>): Promise<List> =>
  list({ ...query, labelSelector: ['app', query['labelSelector']].filter(Boolean).join(',') });

const names = ({ items }: List): string[] => items.map((item) => item.metadata.name);

beforeAll(async () => {
  for (const name of NAMES) {
    const labels = { app: name, tier: name < 'c' ? 'front' : 'back' };
    await api.create(configMaps, { metadata: { name, labels } }, { signal });
  }
});

describe('a label selector', () => {
  it.each([
    ['app=a', ['a']],
    ['app==a', ['a']],
    ['tier=front,app!=a', ['b']],
    ['app in (a,e)', ['a', 'e']],
    ['app notin (a,e)', ['b', 'c', 'd']],
    ['tier', NAMES],
    ['!tier', []],
    ['tier in (back),app,app!=c', ['d', 'e']],
  ])('%s finds %j', async (labelSelector, expected) => {
    expect(names(await named({ labelSelector }))).toEqual(expected);
  });

  it.each(['app===a', 'app in a', 'a b', 'app=(a)'])('%s is refused', async (labelSelector) => {
    await expect(list({ labelSelector })).rejects.toMatchObject({ status: 400, reason: 'BadRequest' });
  });
});

describe('a field selector', () => {
  it.each([
    ['metadata.name=c', ['c']],
    ['metadata.name!=c', ['a', 'b', 'd', 'e']],
    ['metadata.name=c,metadata.namespace=elsewhere', []],
  ])('%s finds %j', async (fieldSelector, expected) => {
    expect(names(await named({ fieldSelector }))).toEqual(expected);
  });

  it('finds pods by their phase and by where they run', async () => {
    const web = new Workload(plane, 'fields');
    await web.create({ spec: { replicas: 2 } });
    await web.complete();
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    expect((await list({ fieldSelector: 'status.phase=Running' }, pods)).items).toHaveLength(2);
    expect((await list({ fieldSelector: 'status.phase!=Running' }, pods)).items).toHaveLength(0);
    expect((await list({ fieldSelector: 'spec.nodeName=' }, pods)).items).toHaveLength(0);
    expect((await out('get pods -o name --field-selector=spec.restartPolicy=Always')).trim().split('\n')).toHaveLength(
      2,
    );
  });

  it('finds events by what they are about', async () => {
    const events = `/api/v1/namespaces/${namespace}/events`;
    const body = { involvedObject: { kind: 'ConfigMap', namespace, name: 'a' }, reason: 'Tried', type: 'Normal' };
    await api.create(events, { metadata: { name: 'a.1' }, ...body }, { signal });
    const found = async (fieldSelector: string): Promise<string[]> => names(await list({ fieldSelector }, events));
    expect(await found('involvedObject.name=a,reason=Tried')).toEqual(['a.1']);
    expect(await found('involvedObject.name=a,type=Warning')).toEqual([]);
    expect(await found('involvedObject.kind=ConfigMap')).toEqual(['a.1']);
  });

  it('knows only a few fields of each kind', async () => {
    await expect(list({ fieldSelector: 'spec.x=y' })).rejects.toMatchObject({ status: 400 });
    expect((await kubectl('get configmaps --field-selector=spec.x=y')).err).toContain(
      '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
    expect((await kubectl('get pods --field-selector=spec.x=y')).err).toContain('field label not supported: spec.x');
    await expect(list({ fieldSelector: 'metadata.name' })).rejects.toMatchObject({ status: 400 });
  });
});

describe('pages', () => {
  it('are of one moment, whatever is written meanwhile', async () => {
    const first = await list({ limit: '2', fieldSelector: 'metadata.name!=kube-root-ca.crt' });
    expect(names(first)).toEqual(['a', 'b']);
    await api.create(configMaps, { metadata: { name: 'bb' } }, { signal });
    await api.delete(`${configMaps}/bb`, { signal });
    const more = { limit: '2', fieldSelector: 'metadata.name!=kube-root-ca.crt' };
    const second = await list({ ...more, continue: first.metadata.continue ?? '' });
    expect(names(second)).toEqual(['c', 'd']);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    const last = await list({ ...more, continue: second.metadata.continue ?? '' });
    expect(names(last)).toEqual(['e']);
    expect(last.metadata.continue ?? '').toBe('');
  });

  it('say how much is left, but not where a selector decides', async () => {
    expect((await list({ limit: '2' })).metadata.remainingItemCount).toBe(NAMES.length + 1 - 2);
    expect((await named({ limit: '2' })).metadata.remainingItemCount).toBeUndefined();
  });

  it('are not made of what the cache answers: with version 0 all comes at once', async () => {
    // The cache may be behind.
    const { items, metadata } = await eventually('all', async () => {
      const found = await named({ limit: '2', resourceVersion: '0' });
      return found.items.length >= NAMES.length && found;
    });
    expect(items).toHaveLength(NAMES.length);
    expect(metadata.continue ?? '').toBe('');
  });

  it('carry the kind once, and not on their items', async () => {
    const { kind, items } = await list({});
    expect(kind).toBe('ConfigMapList');
    expect(items[0]).not.toHaveProperty('kind');
  });

  it('are read by kubectl to the end', async () => {
    expect((await out('get configmaps -l app -o name --chunk-size=2')).trim().split('\n')).toHaveLength(NAMES.length);
  });

  it('are refused for what is no place in a list, and not a number', async () => {
    await expect(list({ continue: 'x' })).rejects.toMatchObject({ status: 400, reason: 'BadRequest' });
    await expect(list({ limit: 'x' })).rejects.toMatchObject({ status: 400 });
  });

  it('expire with the history behind them', async () => {
    const { metadata } = await named({ limit: '2' });
    const token = JSON.parse(Buffer.from(metadata.continue ?? '', 'base64url').toString()) as { rv: number };
    await api.mergePatch(`${configMaps}/a`, { metadata: { annotations: { moved: 'on' } } }, { signal });
    await plane.compact();
    // The server may keep a newer moment in memory than etcd keeps on disk.
    const old = Buffer.from(JSON.stringify({ ...token, rv: 1 })).toString('base64url');
    await expect(named({ limit: '2', continue: old })).rejects.toMatchObject({ status: 410, reason: 'Expired' });
    await expect(list({ resourceVersion: '1', resourceVersionMatch: 'Exact' })).rejects.toMatchObject({
      status: 410,
      reason: 'Expired',
    });
  });
});

describe('the version of a list', () => {
  it('is not older than asked for', async () => {
    const { metadata } = await list({});
    const { resourceVersion } = metadata;
    const again = await list({ resourceVersion, resourceVersionMatch: 'NotOlderThan' });
    expect(Number(again.metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(resourceVersion));
  });

  it.each<[Record<string, string>, string]>([
    [{ resourceVersionMatch: 'NotOlderThan' }, 'without a version'],
    [{ resourceVersion: '0', resourceVersionMatch: 'Exact' }, 'exactly 0'],
    [{ resourceVersion: '0', resourceVersionMatch: 'Nearly' }, 'with an unknown match'],
    [{ sendInitialEvents: 'true' }, 'with a streamed beginning'],
  ])('is refused with %j: %s', async (query) => {
    await expect(list(query)).rejects.toMatchObject({
      status: 422,
      reason: 'Invalid',
    });
  });
});

describe('a list over all namespaces', () => {
  it('finds what it selects, wherever it is', async () => {
    const found = await eventually('the events of this namespace', async () => {
      const { items } = await list({ fieldSelector: `metadata.namespace=${namespace}` }, '/api/v1/configmaps');
      return items.length >= NAMES.length && items;
    });
    expect(new Set(found.map((item) => item.metadata.namespace))).toEqual(new Set([namespace]));
  });
});
