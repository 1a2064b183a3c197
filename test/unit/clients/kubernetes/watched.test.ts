import { beforeEach, describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '#clients/kubernetes/api.ts';
import { watchCollection } from '#clients/kubernetes/watched.ts';
import { raw } from './raw.ts';
import { type Answer, json, refused, useScript, watching } from './script-server.ts';

const script = useScript();
const path = '/api/v1/namespaces/n/things';

const added = (name: string, version: string, uid?: string) => ({ type: 'ADDED', object: raw(name, version, uid) });
const deleted = (name: string, version: string) => ({ type: 'DELETED', object: raw(name, version) });
const bookmark = (resourceVersion: string, annotations = {}) => ({
  type: 'BOOKMARK',
  object: { kind: 'Thing', metadata: { resourceVersion, annotations } },
});
const listed = (resourceVersion: string) => bookmark(resourceVersion, { 'k8s.io/initial-events-end': 'true' });
const page = (items: KubernetesObject[], resourceVersion: string, more?: string): Answer =>
  json(200, { items, metadata: { resourceVersion, ...(more === undefined ? {} : { continue: more }) } });
const quiet = watching([], 'stays');

beforeEach(() => {
  script.requests.length = 0;
});

/** Watches through the scripted answers; back-off is skipped by moving the clock. */
function watched(answers: Answer[]) {
  script.answers = answers;
  const stop = new AbortController();
  const api = script.connect();
  const view = watchCollection({
    api,
    path,
    toRow: ({ metadata }: KubernetesObject) => `${metadata.name}@${metadata.resourceVersion}`,
    clock: script.clock,
    signal: stop.signal,
    labelSelector: 'app=auth',
  });
  /** Resolves when the rows are these. */
  async function become(...rows: string[]): Promise<void> {
    const endsAt = Date.now() + 45_000;
    while (!view.isSynced() || view.all().toSorted().join() !== rows.join()) {
      if (Date.now() > endsAt) throw new Error(`the rows are ${view.all().join()}, not ${rows.join()}`);
      await new Promise((resolve) => void setTimeout(resolve, 5));
      script.clock.advance(2_000);
    }
  }
  return { api, view, become, stop: () => stop.abort(new Error('stop')) };
}
const query = (n: number): Record<string, string> => Object.fromEntries(script.requests[n]?.url.searchParams ?? []);

describe('a live view', () => {
  it('streams the first list and is not complete before its bookmark', async () => {
    const { view, become, stop } = watched([watching([added('a', '1'), listed('5'), added('b', '6')], 'stays')]);
    expect(view.isSynced()).toBe(false);
    await become('a@1', 'b@6');
    await view.synced;
    expect(query(0)).toMatchObject({
      watch: 'true',
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: 'true',
      labelSelector: 'app=auth',
    });
    stop();
  });

  it('reads pages where the server streams no lists, and watches from there', async () => {
    const { become, stop } = watched([
      refused(422, 'Invalid'),
      page([raw('a', '1')], '7', 'next'),
      page([raw('b', '2')], '7'),
      watching([added('c', '8')], 'stays'),
    ]);
    await become('a@1', 'b@2', 'c@8');
    expect(query(1)).toEqual({ limit: '100', labelSelector: 'app=auth' });
    expect(query(2)).toMatchObject({ continue: 'next' });
    expect(query(3)).toMatchObject({ resourceVersion: '7', watch: 'true', labelSelector: 'app=auth' });
    stop();
  });

  it('goes on after an orderly or broken end from the last version it saw, bookmarks included', async () => {
    const { become, stop } = watched([
      watching([added('a', '1'), listed('5'), bookmark('9')]),
      watching([added('b', '11')], 'breaks'),
      refused(503),
      watching([deleted('a', '12')], 'stays'),
    ]);
    await become('b@11');
    expect([1, 2, 3].map((n) => query(n)['resourceVersion'])).toEqual(['9', '11', '11']);
    stop();
  });

  it('lists anew after its version has expired, also when the first try at that fails, and drops what is gone', async () => {
    const expired = { type: 'ERROR', object: { code: 410, reason: 'Expired', metadata: {} } };
    const { become, stop } = watched([
      watching([added('a', '1'), added('b', '2'), listed('5')]),
      watching([expired]),
      refused(503),
      watching([added('b', '2'), listed('20')], 'stays'),
    ]);
    await become('b@2');
    expect(query(3)).toMatchObject({ sendInitialEvents: 'true' });
    expect(query(3)).not.toHaveProperty('resourceVersion');
    stop();
  });

  it('lists anew when the first list broke off', async () => {
    const { view, become, stop } = watched([
      watching([added('a', '1')], 'breaks'),
      watching([added('c', '3'), listed('5')], 'stays'),
    ]);
    await become('c@3');
    expect(view.get('a')).toBeUndefined();
    stop();
  });

  it('tries again soon when the server answers somebody else after a long outage', async () => {
    const { api, view, become, stop } = watched([watching([added('a', '1'), listed('5')]), refused(503)]);
    await become('a@1');
    while (script.requests.length < 8) {
      await new Promise((resolve) => void setTimeout(resolve, 5));
      script.clock.advance(60_000);
    }
    // From here on nobody moves the clock, and the next try is half a minute away.
    const isVersion: Answer = json(200, {});
    const isThings: Answer = watching([added('b', '9')], 'stays');
    script.answers = [(request, response) => (request.url === '/version' ? isVersion : isThings)(request, response)];
    while (view.get('b') === undefined) {
      await api.get('/version', { signal: new AbortController().signal });
      await new Promise((resolve) => void setTimeout(resolve, 100));
    }
    expect(view.all()).toEqual(['a@1', 'b@9']);
    stop();
  });

  it('tells listeners of each change and takes the answer to an own write', async () => {
    const { view, become, stop } = watched([watching([listed('5')], 'stays')]);
    await become();
    const told: string[] = [];
    view.onChange((name) => told.push(name));
    view.offer(raw('mine', '9'));
    view.offer(raw('mine', '8'));
    expect([view.get('mine'), told]).toEqual(['mine@9', ['mine']]);
    stop();
    view.offer(raw('mine', '10'));
    expect(view.get('mine')).toBe('mine@9');
  });

  it('is read anew for whoever waits, when the watch hangs or has lost something, and not more often than asked', async () => {
    const lost = [added('a', '1'), added('gone', '2'), listed('3')];
    const { view, become, stop } = watched([
      watching(lost, 'stays'),
      watching([added('a', '5'), listed('6')], 'stays'),
      quiet,
    ]);
    await become('a@1', 'gone@2');
    view.refresh(60_000);
    expect(script.requests).toHaveLength(1);
    view.refresh(0);
    await become('a@5');
    expect(script.requests).toHaveLength(2);
    expect(query(1)).toMatchObject({ sendInitialEvents: 'true' });
    view.refresh(60_000);
    expect(script.requests).toHaveLength(2);
    stop();
  });

  it('resolves its first wait when it is stopped before the list is complete', async () => {
    const { view, stop } = watched([quiet]);
    stop();
    await view.synced;
    expect(view.isSynced()).toBe(false);
  });
});
