/** Revision numbers, what a ReplicaSet remembers, and how many of them are kept. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Deployment, ReplicaSet } from '#playground/cluster/objects.ts';
import { annotations } from '#playground/cluster/objects.ts';
import { rows } from '../harness/kubectl.ts';
import { eventually, usePlane } from '../harness/plane.ts';
import { Recording } from '../harness/recording.ts';
import { revisionOf, tagOf, Workload } from '../harness/workload.ts';

const plane = await usePlane('revisions');
const { api, namespace, signal, out } = plane;
const CAUSE = 'kubernetes.io/change-cause';
const running: { stop(): void }[] = [];
afterEach(() => {
  for (const recording of running.splice(0)) recording.stop();
});

/** The former numbers of each version that has some: `v1: 1,3`. */
async function former(web: Workload): Promise<string[]> {
  const sets = await web.sets();
  return sets
    .filter(({ metadata }) => metadata.annotations?.[annotations.revisionHistory] !== undefined)
    .map((set) => `${tagOf(set)}: ${set.metadata.annotations?.[annotations.revisionHistory]}`);
}

const causes = async (name: string): Promise<string[][]> =>
  rows(await out(`rollout history deployment/${name}`)).slice(2);

describe('a version that comes back', () => {
  it('by an undo takes the next number, and remembers its old one', async () => {
    const web = new Workload(plane, 'once');
    await web.versions(['v1', 'v2']);
    await out('rollout undo deployment/once');
    await web.complete(3);
    expect(await web.history()).toEqual(['2 v2', '3 v1']);
    expect(await former(web)).toEqual(['v1: 1']);
  });

  it('by a second undo is the broken one again', async () => {
    const web = new Workload(plane, 'twice');
    await web.versions(['v1', 'v2']);
    await out('rollout undo deployment/twice');
    await web.complete(3);
    await out('rollout undo deployment/twice');
    expect(tagOf(await web.complete(4))).toBe('v2');
    await out('rollout undo deployment/twice');
    await web.complete(5);
    expect(await web.history()).toEqual(['4 v2', '5 v1']);
    expect(await former(web)).toEqual(['v2: 2', 'v1: 1,3']);
  });

  it('by an undo to its number leaves that number behind', async () => {
    const web = new Workload(plane, 'chosen');
    await web.versions(['v1', 'v2', 'v3']);
    await out('rollout undo deployment/chosen --to-revision=1');
    await web.complete(4);
    expect(await web.history()).toEqual(['2 v2', '3 v3', '4 v1']);
    expect(await former(web)).toEqual(['v1: 1']);
    await out('rollout undo deployment/chosen --to-revision=2');
    await web.complete(5);
    expect(await web.history()).toEqual(['3 v3', '4 v1', '5 v2']);
  });

  it('by a deploy of the same template is the same ReplicaSet', async () => {
    const web = new Workload(plane, 'same');
    await web.versions(['v1', 'v2']);
    const [first] = await web.sets();
    await web.deploy('v1');
    await web.complete(3);
    const [, again] = await web.sets();
    expect(again?.metadata.uid).toBe(first?.metadata.uid);
    expect(await former(web)).toEqual(['v1: 1']);
  });

  it('is numbered in its ReplicaSet before the Deployment says so', async () => {
    const web = new Workload(plane, 'later');
    await web.versions(['v1', 'v2']);
    const query = { labelSelector: 'app=later' };
    const apps = `/apis/apps/v1/namespaces/${namespace}`;
    const sets = new Recording<ReplicaSet>(api, `${apps}/replicasets`, query);
    const deployments = new Recording<Deployment>(api, `${apps}/deployments`, query);
    running.push(sets, deployments);
    await sets.until('both ReplicaSets', (events) => events.length >= 2);
    await deployments.until('the Deployment', (events) => events.length > 0);
    await out('rollout undo deployment/later');
    const versionOf = <T extends ReplicaSet | Deployment>(recording: Recording<T>): Promise<number> =>
      recording.until('revision 3', (events) => {
        const found = events.find(({ object }) => revisionOf(object) === '3');
        return found && Number(found.object.metadata.resourceVersion);
      });
    expect(await versionOf(deployments)).toBeGreaterThan(await versionOf(sets));
  });
});

describe('a restart', () => {
  it('is a version of its own', async () => {
    const web = new Workload(plane, 'restarted');
    await web.versions(['v1']);
    expect(await out('rollout restart deployment/restarted')).toBe('deployment.apps/restarted restarted\n');
    const { spec } = await web.complete(2);
    expect(spec.template.metadata?.annotations).toHaveProperty(['kubectl.kubernetes.io/restartedAt']);
    expect(await web.history()).toEqual(['1 v1', '2 v1']);
    await out('rollout undo deployment/restarted');
    expect((await web.complete(3)).spec.template.metadata).not.toHaveProperty('annotations');
  });
});

describe('annotations of a Deployment', () => {
  it('are copied to the ReplicaSet that runs, and stay with it', async () => {
    const web = new Workload(plane, 'copied');
    await web.versions(['v1'], { annotations: { [CAUSE]: 'first', note: '1' } });
    await web.deploy('v2', { [CAUSE]: 'second', note: '2' });
    await web.complete(2);
    expect(await causes('copied')).toEqual([
      ['1', 'first'],
      ['2', 'second'],
    ]);
    await web.change({ metadata: { annotations: { note: '3' } } });
    const [old, current] = await eventually('the note is copied', async () => {
      const sets = await web.sets();
      return sets[1]?.metadata.annotations?.['note'] === '3' && sets;
    });
    expect(old?.metadata.annotations).toMatchObject({ [CAUSE]: 'first', note: '1' });
    expect(current?.metadata.annotations).toMatchObject({ [CAUSE]: 'second', note: '3' });
  });

  it('that are removed stay on the ReplicaSet', async () => {
    const web = new Workload(plane, 'removed');
    await web.versions(['v1'], { annotations: { note: '1', other: 'x' } });
    await web.change({ metadata: { annotations: { note: null, other: 'y' } } });
    const [set] = await eventually('the other is copied', async () => {
      const sets = await web.sets();
      return sets[0]?.metadata.annotations?.['other'] === 'y' && sets;
    });
    expect(set?.metadata.annotations).toHaveProperty('note', '1');
  });

  it('that mark an operation come back with a later undo', async () => {
    const MARK = 'ops.lomashwood.com/operation';
    const web = new Workload(plane, 'marked');
    await web.versions(['v1', 'v2']);
    // As our guarded patch does it: template and mark in one write.
    await web.deploy('v1', { [MARK]: 'first-operation' });
    await web.complete(3);
    await web.deploy('v3', { [MARK]: 'second-operation' });
    await web.complete(4);
    await out('rollout undo deployment/marked');
    const { metadata } = await web.complete(5);
    expect(metadata.annotations).toHaveProperty([MARK], 'first-operation');
  });
});

describe('the history', () => {
  it('is cut to its limit, oldest first', async () => {
    const web = new Workload(plane, 'limited');
    await web.versions(['v1', 'v2', 'v3', 'v4'], { spec: { revisionHistoryLimit: 2 } });
    await eventually('two old ones', async () => (await web.sets()).length === 3);
    expect(await web.history()).toEqual(['2 v2', '3 v3', '4 v4']);
    await web.change({ spec: { revisionHistoryLimit: 0 } });
    await eventually('none', async () => (await web.sets()).length === 1);
    expect((await plane.kubectl('rollout undo deployment/limited')).err).toContain('no rollout history found');
  });

  it('keeps what still has pods, whatever the limit', async () => {
    const web = new Workload(plane, 'alive');
    await web.create({ spec: { replicas: 2, revisionHistoryLimit: 0 } });
    await web.complete(1);
    await web.deploy('v2-broken');
    await web.until('it hangs', (d) => d.status?.updatedReplicas === 1 && d.status.availableReplicas === 2);
    await web.deploy('v3-broken');
    await web.numbered(3);
    expect((await web.history())[0]).toBe('1 v1');
    await web.deploy('v1');
    await web.complete(4);
    await eventually('only what runs', async () => (await web.sets()).length === 1);
  });

  it('is listed by kubectl, and each version shown', async () => {
    const web = new Workload(plane, 'listed');
    await web.versions(['v1', 'v2']);
    expect(await causes('listed')).toEqual([
      ['1', '<none>'],
      ['2', '<none>'],
    ]);
    expect(await out('rollout history deployment/listed --revision=1')).toMatch(/Image:\s+example\/listed:v1/);
    expect((await plane.kubectl('rollout history deployment/listed --revision=7')).err).toContain(
      'unable to find the specified revision',
    );
  });

  it('has numbers that grow as numbers do', async () => {
    const web = new Workload(plane, 'tenth');
    await web.create({ spec: { replicas: 0 } });
    for (let revision = 1; revision <= 11; revision += 1) {
      if (revision > 1) await web.deploy(`v${revision}`);
      await web.numbered(revision);
    }
    await out('rollout undo deployment/tenth');
    await web.numbered(12);
    expect(tagOf(await web.read())).toBe('v10');
  });

  it('names ReplicaSets by their template, and labels their pods with it', async () => {
    const web = new Workload(plane, 'hashed');
    await web.versions(['v1', 'v2']);
    for (const { metadata, spec } of await web.sets()) {
      const hash = metadata.labels?.['pod-template-hash'] ?? '';
      expect(metadata.name).toBe(`hashed-${hash}`);
      expect(spec.selector.matchLabels).toEqual({ app: 'hashed', 'pod-template-hash': hash });
      expect(spec.template.metadata?.labels).toEqual({ app: 'hashed', 'pod-template-hash': hash });
    }
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/hashed`;
    const { spec } = await api.get<Deployment>(path, { signal });
    expect(spec.template.metadata?.labels).toEqual({ app: 'hashed' });
  });
});
