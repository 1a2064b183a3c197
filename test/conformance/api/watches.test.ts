/** Watches: what comes, in which order, from which version on; streamed lists, bookmarks, 410. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '#clients/kubernetes/api.ts';
import { watchCollection } from '#clients/kubernetes/watched.ts';
import { clock, eventually, usePlane } from '../harness/plane.ts';
import { Recording, type Recorded } from '../harness/recording.ts';

const plane = await usePlane('watches');
const { api, namespace, signal, kubectl } = plane;
const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
const running: Recording[] = [];
afterEach(() => {
  for (const recording of running.splice(0)) recording.stop();
});

/** By default only of objects with this label, so that tests do not see each other's. */
function record(bunch: string, query: Record<string, string> = {}): Recording {
  const recording = new Recording(api, configMaps, { labelSelector: `bunch=${bunch}`, ...query });
  running.push(recording);
  return recording;
}

const create = (name: string, labels: Record<string, string>): Promise<KubernetesObject> =>
  api.create<KubernetesObject>(configMaps, { metadata: { name, labels } }, { signal });
const relabel = (name: string, labels: object): Promise<KubernetesObject> =>
  api.mergePatch<KubernetesObject>(`${configMaps}/${name}`, { metadata: { labels } }, { signal });
const remove = (name: string): Promise<void> => api.delete(`${configMaps}/${name}`, { signal });

const brief = (events: readonly Recorded<KubernetesObject>[]): string[] =>
  events.map(({ type, object }) => [type, object.metadata.name].filter(Boolean).join(' '));
const until = (recording: Recording, count: number): Promise<string[]> =>
  recording.until(`${count} events`, (events) => events.length >= count && brief(events));

describe('a watch', () => {
  it('without a version begins with what is there, and goes on', async () => {
    await create('begin-a', { bunch: 'begin' });
    const recording = record('begin');
    await until(recording, 1);
    await create('begin-b', { bunch: 'begin' });
    await relabel('begin-a', { more: 'yes' });
    await remove('begin-b');
    expect(await until(recording, 4)).toEqual([
      'ADDED begin-a',
      'ADDED begin-b',
      'MODIFIED begin-a',
      'DELETED begin-b',
    ]);
    expect(recording.events[2]?.object).toMatchObject({ kind: 'ConfigMap', metadata: { labels: { more: 'yes' } } });
  });

  it('from a version replays what was missed, in order, each once', async () => {
    const { metadata } = await create('replay-a', { bunch: 'replay' });
    await create('replay-b', { bunch: 'replay' });
    await relabel('replay-b', { more: 'yes' });
    const recording = record('replay', { resourceVersion: metadata.resourceVersion });
    await until(recording, 2);
    await remove('replay-a');
    expect(await until(recording, 3)).toEqual(['ADDED replay-b', 'MODIFIED replay-b', 'DELETED replay-a']);
    const versions = recording.events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(versions[0]).toBeGreaterThan(Number(metadata.resourceVersion));
  });

  it('from version 0 begins with what is there', async () => {
    await create('zero', { bunch: 'zero' });
    expect(await until(record('zero', { resourceVersion: '0' }), 1)).toEqual(['ADDED zero']);
  });

  it('sees objects come into its selector and leave it', async () => {
    const { metadata } = await create('moving', { bunch: 'still' });
    // At first it selects nothing, which would not tell that the watch has begun.
    const recording = record('moving', { resourceVersion: metadata.resourceVersion });
    await relabel('moving', { bunch: 'moving' });
    await relabel('moving', { bunch: 'still' });
    await remove('moving');
    await create('moved', { bunch: 'moving' });
    expect(await until(recording, 3)).toEqual(['ADDED moving', 'DELETED moving', 'ADDED moved']);
    const [added, left] = recording.events.map(({ object }) => object.metadata);
    expect(left?.labels).toEqual({ bunch: 'moving' });
    expect(Number(left?.resourceVersion)).toBeGreaterThan(Number(added?.resourceVersion));
  });

  it('tells a deletion with the version of the deletion', async () => {
    const { metadata } = await create('versioned', { bunch: 'versioned' });
    const recording = record('versioned');
    await until(recording, 1);
    await remove('versioned');
    await until(recording, 2);
    expect(Number(recording.events[1]?.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(metadata.resourceVersion),
    );
  });

  it('can be of one object by its name', async () => {
    const { metadata } = await create('named-a', { bunch: 'named' });
    const { resourceVersion } = metadata;
    const recording = record('named', { labelSelector: '', fieldSelector: 'metadata.name=named-b', resourceVersion });
    await relabel('named-a', { more: 'yes' });
    await create('named-b', { bunch: 'named' });
    expect(await until(recording, 1)).toEqual(['ADDED named-b']);
  });

  it('ends when its time is over', async () => {
    const recording = record('timed', { timeoutSeconds: '1' });
    await recording.end();
    expect(recording.ended).toBeNull();
  });

  it('is the same for kubectl', async () => {
    await create('seen', { bunch: 'seen' });
    let relabelled: Promise<unknown> | undefined;
    const shown = await kubectl.follow('get configmaps -l bunch=seen --watch --output-watch-events', (text) => {
      if (text.includes('ADDED')) relabelled ??= relabel('seen', { more: 'yes' });
      return text.includes('MODIFIED');
    });
    await relabelled;
    expect(shown).toMatch(/^EVENT\s+NAME\s+DATA\s+AGE\nADDED\s+seen/);
    expect(shown).toMatch(/MODIFIED\s+seen/);
  });
});

describe('a streamed list', () => {
  const STREAM = { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: 'true' };

  it('is all that is there, then a bookmark, then what happens', async () => {
    for (const name of ['stream-a', 'stream-b']) await create(name, { bunch: 'stream' });
    const recording = record('stream', STREAM);
    const end = await recording.until('the end of the list', (events) => events.find((e) => e.type === 'BOOKMARK'));
    expect(brief(recording.events)).toEqual(['ADDED stream-a', 'ADDED stream-b', 'BOOKMARK']);
    expect(end.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    expect(end.object).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1' });
    await relabel('stream-a', { more: 'yes' });
    await recording.until('a change', (events) => events.some((e) => e.type === 'MODIFIED'));
    const changed = recording.events.find((e) => e.type === 'MODIFIED')?.object.metadata.resourceVersion;
    expect(Number(changed)).toBeGreaterThan(Number(end.object.metadata.resourceVersion));
  });

  it('is what a watch without a version begins with, marked for those who want bookmarks', async () => {
    await create('unasked', { bunch: 'unasked' });
    for (const query of [{}, { resourceVersion: '0' }]) {
      const recording = record('unasked', { ...query, allowWatchBookmarks: 'true' });
      await recording.until('the end of the list', (events) => events.some((e) => e.type === 'BOOKMARK'));
      expect(brief(recording.events)).toEqual(['ADDED unasked', 'BOOKMARK']);
      expect(recording.events[1]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    }
  });

  it('ends with a version from which nothing is lost', async () => {
    await create('lossless-a', { bunch: 'lossless' });
    const list = record('lossless', STREAM);
    const { object } = await list.until('its end', (events) => events.find((e) => e.type === 'BOOKMARK'));
    await create('lossless-b', { bunch: 'lossless' });
    const { resourceVersion } = object.metadata;
    expect(await until(record('lossless', { resourceVersion }), 1)).toEqual(['ADDED lossless-b']);
  });

  it.each<[Record<string, string>]>([
    [{ sendInitialEvents: 'true' }],
    [{ sendInitialEvents: 'true', resourceVersionMatch: 'Exact' }],
    [{ resourceVersionMatch: 'NotOlderThan' }],
  ])('is refused with %j', async (query) => {
    const recording = record('refused', query);
    await recording.end();
    expect(recording.ended).toMatchObject({ status: 422, reason: 'Invalid' });
  });

  it('is what our live view begins with', async () => {
    const view = watchCollection<KubernetesObject, string>({
      api,
      path: configMaps,
      toRow: ({ metadata }) => metadata.name,
      clock,
      signal,
      labelSelector: 'bunch=view',
    });
    await view.synced;
    expect(view.all()).toEqual([]);
    await create('view', { bunch: 'view' });
    await eventually('it is seen', () => view.get('view'));
    await remove('view');
    await eventually('it is gone', () => view.get('view') === undefined);
  });
});

describe('bookmarks', () => {
  it('come to those who want them, seldom and without promise, and never with an older version', async () => {
    const { metadata } = await create('marked', { bunch: 'marked' });
    let { resourceVersion } = metadata;
    let others = 0;
    // One is due two seconds before a watch ends. A busy server may leave it out, so the reader goes on as readers do.
    const mark = await eventually('a bookmark', async () => {
      const wanted = record('marked', { timeoutSeconds: '4', resourceVersion, allowWatchBookmarks: 'true' });
      // It tells of a version that the reader does not have yet.
      await create(`beside-${(others += 1)}`, { bunch: 'beside' });
      await wanted.end();
      const last = wanted.events.at(-1);
      resourceVersion = last?.object.metadata.resourceVersion ?? resourceVersion;
      return last?.type === 'BOOKMARK' && last.object;
    });
    expect(mark).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1' });
    expect(mark.metadata).not.toHaveProperty('annotations');
    expect(mark.metadata).not.toHaveProperty('name');
    expect(Number(mark.metadata.resourceVersion)).toBeGreaterThan(Number(metadata.resourceVersion));
  });

  it('do not come to those who do not', async () => {
    const { metadata } = await create('unmarked', { bunch: 'unmarked' });
    const unwanted = record('unmarked', { timeoutSeconds: '4', resourceVersion: metadata.resourceVersion });
    await unwanted.end();
    expect(unwanted.events).toEqual([]);
  });
});

describe('a version that is too old', () => {
  const ROLLBACKS = `/apis/ops.lomashwood.com/v1alpha1/namespaces/${namespace}/rollbacks`;

  it('is answered by an error with 410 in the stream, which then ends', async () => {
    // Its history begins where the definition does: at a version far above 1.
    await plane.define();
    await plane.compact();
    const recording = new Recording(api, ROLLBACKS, { resourceVersion: '1' });
    running.push(recording);
    await recording.end();
    expect(recording.ended).toBeNull();
    expect(recording.events).toHaveLength(1);
    expect(recording.events[0]).toMatchObject({
      type: 'ERROR',
      object: {
        kind: 'Status',
        code: 410,
        reason: 'Expired',
        message: expect.stringContaining('too old resource version'),
      },
    });
  });

  it('must be a number', async () => {
    const recording = record('number', { resourceVersion: 'x' });
    await recording.end();
    expect(recording.ended).toMatchObject({ status: 500 });
  });
});
