/** What happens to a Deployment besides new versions: scaled in the middle of it, paused, deleted and made again. */
import { describe, expect, it } from '@jest/globals';
import type { Deployment } from '#playground/cluster/objects.ts';
import { annotations } from '#playground/cluster/objects.ts';
import { eventually, usePlane } from '../harness/plane.ts';
import { condition, revisionOf, tagOf, Workload } from '../harness/workload.ts';

const plane = await usePlane('lifecycle');
const { out } = plane;
const shape = (maxSurge: number | string, maxUnavailable: number | string): Partial<Deployment['spec']> => ({
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
});

/** `v1 3`: a version and the size that its ReplicaSet is to have. */
const sizes = async (web: Workload): Promise<string[]> =>
  (await web.sets()).map((set) => `${tagOf(set)} ${set.spec.replicas}`);

/** A rollout that hangs: this many old and new pods. */
async function hanging(name: string, spec: Partial<Deployment['spec']>, wanted: string[]): Promise<Workload> {
  const web = new Workload(plane, name);
  await web.versions(['v1'], { spec });
  await web.deploy('v2-broken');
  await eventually('it hangs', async () => (await sizes(web)).join() === wanted.join());
  return web;
}

describe('scaling', () => {
  it('of what is at rest changes only its size', async () => {
    const web = new Workload(plane, 'scaled');
    await web.versions(['v1'], { spec: { replicas: 1 } });
    await web.scale(4);
    const up = await web.complete(1);
    expect([revisionOf(up), condition(up, 'Progressing')?.reason]).toEqual(['1', 'NewReplicaSetAvailable']);
    const [set] = await web.sets();
    expect(set?.metadata.annotations).toMatchObject({
      [annotations.desiredReplicas]: '4',
      [annotations.maxReplicas]: '5',
    });
    await web.scale(0);
    await web.complete(1);
    await eventually('no pods', async () => (await web.pods()).length === 0);
    await web.deploy('v2');
    await web.numbered(2);
    await web.scale(2);
    expect(tagOf(await web.complete(2))).toBe('v2');
  });

  it.each([
    { name: 'up', from: 4, before: ['v1 3', 'v2-broken 2'], to: 8, after: ['v1 6', 'v2-broken 4'] },
    { name: 'up-odd', from: 3, before: ['v1 3', 'v2-broken 1'], to: 7, after: ['v1 6', 'v2-broken 3'] },
    { name: 'down', from: 10, before: ['v1 8', 'v2-broken 5'], to: 5, after: ['v1 4', 'v2-broken 3'] },
  ])('in the middle of a rollout is shared out in proportion: $name', async ({ name, from, before, to, after }) => {
    const web = await hanging(`share-${name}`, { replicas: from }, before);
    await web.scale(to);
    await eventually(after.join(', '), async () => (await sizes(web)).join() === after.join());
    await out(`rollout undo deployment/${web.name}`);
    await web.complete(3);
    expect(await sizes(web)).toEqual(['v2-broken 0', `v1 ${to}`]);
  });

  it('to nothing in the middle of a rollout takes all pods, and back brings the new version', async () => {
    const web = await hanging('nothing', { replicas: 2 }, ['v1 2', 'v2-broken 1']);
    await web.scale(0);
    await eventually('none', async () => (await sizes(web)).join() === 'v1 0,v2-broken 0');
    await web.scale(2);
    await web.until('two new pods', (d) => d.status?.updatedReplicas === 2);
    expect(await sizes(web)).toEqual(['v1 0', 'v2-broken 2']);
  });

  it('during an undo ends at the new size', async () => {
    const web = await hanging('both', { replicas: 3 }, ['v1 3', 'v2-broken 1']);
    await Promise.all([out('rollout undo deployment/both'), out('scale deployment/both --replicas=5')]);
    const { spec } = await web.complete(3);
    expect([tagOf({ spec }), spec.replicas]).toEqual(['v1', 5]);
    expect(await sizes(web)).toEqual(['v2-broken 0', 'v1 5']);
  });
});

describe('pausing', () => {
  it('keeps new versions back, and resuming makes one of them all', async () => {
    const web = new Workload(plane, 'paused');
    await web.versions(['v1'], { spec: { replicas: 2 } });
    expect(await out('rollout pause deployment/paused')).toBe('deployment.apps/paused paused\n');
    await web.deploy('v2');
    await web.deploy('v3');
    const held = await web.observed();
    expect(condition(held, 'Progressing')).toMatchObject({ status: 'Unknown', reason: 'DeploymentPaused' });
    // None of the pods that run is of the template that is wanted.
    expect(held.status).toMatchObject({ replicas: 2, availableReplicas: 2 });
    expect(held.status).not.toHaveProperty('updatedReplicas');
    expect(await web.history()).toEqual(['1 v1']);
    expect((await plane.kubectl('rollout pause deployment/paused')).err).toContain('is already paused');
    await out('rollout resume deployment/paused');
    await web.complete(2);
    expect(await web.history()).toEqual(['1 v1', '2 v3']);
  });

  it('in the middle stops a rollout where it is, and scaling goes on', async () => {
    const web = await hanging('middle', { replicas: 4 }, ['v1 3', 'v2-broken 2']);
    await web.change({ spec: { paused: true } });
    await web.reason('Progressing', 'DeploymentPaused');
    await web.scale(8);
    await eventually('shared out', async () => (await sizes(web)).join() === 'v1 6,v2-broken 4');
    await web.deploy('v1');
    const held = await web.until('six of the new template', (d) => d.status?.updatedReplicas === 6);
    expect(condition(held, 'Progressing')?.reason).toBe('DeploymentPaused');
    await web.change({ spec: { paused: false } });
    await web.complete(3);
  });

  it('from the beginning makes nothing', async () => {
    const web = new Workload(plane, 'unborn');
    await web.create({ spec: { paused: true } });
    const held = await web.reason('Progressing', 'DeploymentPaused');
    expect(revisionOf(held)).toBeUndefined();
    expect(await web.sets()).toEqual([]);
    await web.change({ spec: { paused: false } });
    const done = await web.complete(1);
    expect(condition(done, 'Progressing')?.reason).toBe('NewReplicaSetAvailable');
  });
});

describe('a new version in the middle of a rollout', () => {
  it('takes its place at once', async () => {
    const web = await hanging('overtaken', { replicas: 3, ...shape(1, 0) }, ['v1 3', 'v2-broken 1']);
    await web.deploy('v3');
    await web.complete(3);
    expect(await sizes(web)).toEqual(['v1 0', 'v2-broken 0', 'v3 3']);
    expect(await web.history()).toEqual(['1 v1', '2 v2-broken', '3 v3']);
  });
});

describe('deleting', () => {
  it('and making again begins a history anew, under another uid', async () => {
    const web = new Workload(plane, 'again');
    const { metadata } = await web.versions(['v1', 'v2', 'v3']);
    await web.delete();
    await eventually('gone', () =>
      web.read().then(
        () => false,
        () => true,
      ),
    );
    await web.create({ tag: 'v2' });
    const made = await web.complete(1);
    expect(made.metadata.uid).not.toBe(metadata.uid);
    expect(made.metadata.generation).toBeLessThan(3);
    expect(await web.history()).toEqual(['1 v2']);
    expect((await plane.kubectl('rollout undo deployment/again')).err).toContain('no rollout history found');
  });

  it('of the running ReplicaSet alone brings it back with the next number', async () => {
    const web = new Workload(plane, 'replaced');
    await web.versions(['v1', 'v2']);
    const [, current] = await web.sets();
    await out(['delete', 'replicaset', current?.metadata.name ?? '']);
    await eventually('another one', async () =>
      (await web.sets()).some((s) => s.metadata.uid !== current?.metadata.uid && tagOf(s) === 'v2'),
    );
    await web.complete();
    const [, again] = await web.sets();
    expect(again?.metadata.name).toBe(current?.metadata.name);
    expect(revisionOf(again!)).toBe('2');
  });

  it('of a pod brings another one', async () => {
    const web = new Workload(plane, 'pod');
    await web.versions(['v1'], { spec: { replicas: 2 } });
    const [pod] = await web.pods();
    await out(['delete', 'pod', pod?.metadata.name ?? '', '--wait=false']);
    const others = await eventually('another', async () => {
      const names = (await web.pods()).map(({ metadata }) => metadata.name);
      return names.length === 2 && !names.includes(pod?.metadata.name ?? '') && names;
    });
    expect(new Set(others).size).toBe(2);
    await web.complete(1);
  });

  it('in the foreground waits for all that it owned', async () => {
    const web = new Workload(plane, 'foreground');
    await web.versions(['v1'], { spec: { replicas: 2 } });
    expect(await out('delete deployment foreground --cascade=foreground')).toContain('"foreground" deleted');
    expect(await out('get replicasets,pods -l app=foreground -o name')).toBe('');
  });
});
