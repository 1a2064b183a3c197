import { describe, expect, it } from '@jest/globals';
import { CONFIG_MAPS, configMap, JSON_PATCH, MERGE_PATCH, startApi, TABLE } from './api-client.ts';

const brief = (events: any[]): string[] => events.map((e) => `${e.type} ${e.object.metadata?.name ?? e.object.reason}`);

describe('a watch', () => {
  it('without a version begins with what is there, and goes on', () => {
    const client = startApi();
    client.post(CONFIG_MAPS, configMap('a'));
    const { events } = client.watch(`${CONFIG_MAPS}?watch=1`);
    client.post(CONFIG_MAPS, configMap('b'));
    client.patch(`${CONFIG_MAPS}/a`, { metadata: { labels: { x: 'y' } } }, MERGE_PATCH);
    client.delete(`${CONFIG_MAPS}/b`);
    expect(brief(events)).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b']);
    expect(events[2].object).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { labels: { x: 'y' } } });
  });

  it('from a version replays what was missed, each version once', () => {
    const client = startApi();
    const { resourceVersion } = client.post(CONFIG_MAPS, configMap('a')).body.metadata;
    client.post(CONFIG_MAPS, configMap('b'));
    const { events } = client.watch(`${CONFIG_MAPS}?watch=true&resourceVersion=${resourceVersion}`);
    client.delete(`${CONFIG_MAPS}/a`);
    expect(brief(events)).toEqual(['ADDED b', 'DELETED a']);
    expect(Number(events[1].object.metadata.resourceVersion)).toBeGreaterThan(Number(resourceVersion));
  });

  it('with a selector sees objects come into it and leave it', () => {
    const client = startApi();
    const { events } = client.watch(`${CONFIG_MAPS}?watch=1&labelSelector=tier%3Dfront`);
    client.post(CONFIG_MAPS, configMap('a', { tier: 'back' }));
    const retier = (tier: string): unknown =>
      client.patch(`${CONFIG_MAPS}/a`, [{ op: 'replace', path: '/metadata/labels/tier', value: tier }], JSON_PATCH);
    retier('front');
    retier('back');
    client.delete(`${CONFIG_MAPS}/a`);
    expect(brief(events)).toEqual(['ADDED a', 'DELETED a']);
    expect(events[1].object.metadata.labels.tier).toBe('front');
  });

  it('of one namespace sees only that', () => {
    const client = startApi();
    client.post('/api/v1/namespaces', { metadata: { name: 'other' } });
    const { events } = client.watch(`${CONFIG_MAPS}?watch=1`);
    client.post('/api/v1/namespaces/other/configmaps', configMap('a'));
    expect(events).toEqual([]);
  });

  it('streams a whole list first, ended by a bookmark', () => {
    const client = startApi();
    client.post(CONFIG_MAPS, configMap('a'));
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const { events } = client.watch(`${CONFIG_MAPS}?${query}`);
    expect(events.map((e) => e.type)).toEqual(['ADDED', 'BOOKMARK']);
    expect(events[1].object.metadata).toMatchObject({
      resourceVersion: String(client.storage.resourceVersion()),
      annotations: { 'k8s.io/initial-events-end': 'true' },
    });
  });

  it('must say how new a streamed list has to be', () => {
    const { body } = startApi().get(`${CONFIG_MAPS}?watch=1&sendInitialEvents=true`);
    expect(body.message).toContain('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  });

  it('sends bookmarks that carry the newest version, once a minute, to those who want them', () => {
    const client = startApi();
    const wanted = client.watch(`${CONFIG_MAPS}?watch=1&allowWatchBookmarks=true&timeoutSeconds=600`);
    const unwanted = client.watch(`${CONFIG_MAPS}?watch=1&timeoutSeconds=600`);
    client.clock.advance(61_000);
    client.post('/api/v1/namespaces', { metadata: { name: 'moves-the-version' } });
    client.clock.advance(60_000);
    // The first one ends what was there at the beginning.
    expect(wanted.events.map((e) => e.type)).toEqual(['BOOKMARK', 'BOOKMARK', 'BOOKMARK']);
    expect(Number(wanted.events[2].object.metadata.resourceVersion)).toBeGreaterThan(
      Number(wanted.events[1].object.metadata.resourceVersion),
    );
    expect(unwanted.events).toEqual([]);
    wanted.stop();
    unwanted.stop();
  });

  it('ends after its timeout', () => {
    const client = startApi();
    const watch = client.watch(`${CONFIG_MAPS}?watch=1&timeoutSeconds=30`);
    client.clock.advance(29_000);
    expect(watch.isEnded()).toBe(false);
    client.clock.advance(2_000);
    expect(watch.isEnded()).toBe(true);
    client.post(CONFIG_MAPS, configMap('late'));
    expect(watch.events).toEqual([]);
  });

  it('says 410 and ends when the history is gone', () => {
    const client = startApi({ historyLength: 10 });
    const { resourceVersion } = client.post(CONFIG_MAPS, configMap('a')).body.metadata;
    for (let i = 0; i < 30; i += 1) client.post(CONFIG_MAPS, configMap(`c${i}`));
    const watch = client.watch(`${CONFIG_MAPS}?watch=1&resourceVersion=${resourceVersion}`);
    expect(watch.isEnded()).toBe(true);
    expect(watch.events).toMatchObject([{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }]);
    expect(watch.events[0].object.message).toMatch(/^too old resource version: \d+ \(\d+\)$/);
  });

  it('gives nothing to a reader who left', () => {
    const client = startApi();
    const watch = client.watch(`${CONFIG_MAPS}?watch=1`);
    watch.stop();
    client.post(CONFIG_MAPS, configMap('a'));
    expect(watch.events).toEqual([]);
  });

  it('as a table carries its columns once', () => {
    const client = startApi();
    const { events } = client.watch(`${CONFIG_MAPS}?watch=1`, { accept: TABLE });
    client.post(CONFIG_MAPS, configMap('a'));
    client.post(CONFIG_MAPS, configMap('b'));
    expect(events.map((e) => e.object.rows[0].cells[0])).toEqual(['a', 'b']);
    expect(events[0].object.columnDefinitions).toHaveLength(3);
    expect(events[1].object.columnDefinitions).toBeNull();
  });
});
