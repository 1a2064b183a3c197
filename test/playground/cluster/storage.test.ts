import { describe, expect, it } from '@jest/globals';
import { createStorage } from '#playground/cluster/storage.ts';
import type { StorageEvent } from '#playground/cluster/storage-contract.ts';

const pods = { group: '', version: 'v1', plural: 'pods' };
const configMaps = { group: '', version: 'v1', plural: 'configmaps' };
const clock = { now: () => Date.parse('2026-01-02T03:04:05.678Z') };

const pod = (name: string, more: object = {}): any => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', ...more },
  spec: { a: 1 },
});

describe('the storage', () => {
  it('sets uid, creation time, version and generation on creation', () => {
    const created = createStorage(clock).create(pods, pod('a'));
    expect(created.metadata).toMatchObject({ creationTimestamp: '2026-01-02T03:04:05Z', generation: 1, name: 'a' });
    expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number(created.metadata.resourceVersion)).toBeGreaterThan(0);
  });

  it('gives no generation to kinds that have none', () => {
    const created = createStorage(clock).create(configMaps, { ...pod('a'), kind: 'ConfigMap' });
    expect(created.metadata.generation).toBeUndefined();
  });

  it('makes the same uids from the same random numbers', () => {
    const seeded = (): (() => number) => {
      let state = 7;
      return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
    };
    const uid = (): string => createStorage(clock, seeded()).create(pods, pod('a')).metadata.uid;
    expect(uid()).toBe(uid());
  });

  it('refuses a second object of the same name', () => {
    const storage = createStorage(clock);
    storage.create(pods, pod('a'));
    expect(() => storage.create(pods, pod('a'))).toThrow('pods "a" already exists');
  });

  it('raises generation for the spec, not for metadata or status', () => {
    const storage = createStorage(clock);
    storage.create(pods, pod('a'));
    const relabelled = storage.change(pods, 'shop', 'a', (o) => ({
      ...o,
      metadata: { ...o.metadata, labels: { x: 'y' } },
    }));
    const reported = storage.change(pods, 'shop', 'a', (o) => ({ ...o, status: { phase: 'Running' } }));
    const respecified = storage.change(pods, 'shop', 'a', (o) => ({ ...o, spec: { a: 2 } }));
    expect([relabelled, reported, respecified].map((o) => o.metadata.generation)).toEqual([1, 1, 2]);
  });

  it('writes nothing when nothing changed', () => {
    const storage = createStorage(clock);
    const created = storage.create(pods, pod('a'));
    storage.change(pods, 'shop', 'a', (o) => o);
    storage.change(pods, 'shop', 'a', () => undefined);
    expect(storage.get(pods, 'shop', 'a')?.metadata.resourceVersion).toBe(created.metadata.resourceVersion);
  });

  it('only marks what a finalizer holds, and removes it with the last one', () => {
    const storage = createStorage(clock);
    storage.create(pods, pod('a', { finalizers: ['x.y/z'] }));
    storage.remove(pods, 'shop', 'a');
    expect(storage.get(pods, 'shop', 'a')?.metadata.deletionTimestamp).toBe('2026-01-02T03:04:05Z');
    storage.change(pods, 'shop', 'a', (o) => ({ ...o, metadata: { ...o.metadata, finalizers: [] } }));
    expect(storage.get(pods, 'shop', 'a')).toBeUndefined();
  });

  it('gives a grace period, which a second removal may cut short', () => {
    const storage = createStorage(clock);
    storage.create(pods, pod('a'));
    storage.remove(pods, 'shop', 'a', 30);
    expect(storage.get(pods, 'shop', 'a')?.metadata).toMatchObject({
      deletionTimestamp: '2026-01-02T03:04:35Z',
      deletionGracePeriodSeconds: 30,
    });
    storage.remove(pods, 'shop', 'a', 0);
    expect(storage.get(pods, 'shop', 'a')).toBeUndefined();
  });

  it('shares nothing that its callers could change', () => {
    const storage = createStorage(clock);
    const created = storage.create(pods, pod('a'));
    expect(() => (created['spec'] = 'changed')).toThrow(TypeError);
    storage.list(pods)[0]!['spec'] = 'changed';
    expect(storage.get(pods, 'shop', 'a')?.['spec']).toEqual({ a: 1 });
  });

  it('lists by namespace and name', () => {
    const storage = createStorage(clock);
    storage.create(pods, pod('b'));
    storage.create(pods, pod('c', { namespace: 'other' }));
    storage.create(pods, pod('a'));
    expect(storage.list(pods).map((o) => o.metadata.name)).toEqual(['c', 'a', 'b']);
    expect(storage.list(pods, 'shop').map((o) => o.metadata.name)).toEqual(['a', 'b']);
  });

  it('tells everybody of each write in one order, also of writes made while telling', () => {
    const storage = createStorage(clock);
    const seen: string[] = [];
    const note = (who: string) => (event: StorageEvent) =>
      void seen.push(`${who} ${event.type} ${event.object.metadata.name}`);
    storage.subscribe((event) => {
      if (event.type === 'ADDED' && event.object.metadata.name === 'a') storage.create(pods, pod('b'));
    });
    storage.subscribe(note('one'));
    const stop = storage.subscribe(note('two'));
    storage.create(pods, pod('a'));
    stop();
    storage.remove(pods, 'shop', 'a');
    expect(seen).toEqual(['one ADDED a', 'two ADDED a', 'one ADDED b', 'two ADDED b', 'one DELETED a']);
  });

  it('remembers a bounded history', () => {
    const storage = createStorage(clock, undefined, { historyLength: 10 });
    const first = Number(storage.create(pods, pod('p0')).metadata.resourceVersion);
    expect(storage.eventsSince(first)).toEqual([]);
    for (let i = 1; i <= 30; i += 1) storage.create(pods, pod(`p${i}`));
    expect(storage.eventsSince(first)).toBeUndefined();
    expect(storage.eventsSince(storage.resourceVersion() - 2)?.map((e) => e.object.metadata.name)).toEqual([
      'p29',
      'p30',
    ]);
    storage.compact();
    expect(storage.eventsSince(storage.resourceVersion() - 1)).toBeUndefined();
    expect(storage.eventsSince(storage.resourceVersion())).toEqual([]);
  });
});
