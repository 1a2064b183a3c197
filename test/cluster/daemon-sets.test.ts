/** Going back with DaemonSets on a real control plane: as kubectl does. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, usePlane } from './plane.ts';
import { daemonSet } from './revisions/manifests.ts';
import { followed, Place } from './revisions/place.ts';

const KIND = 'DaemonSet';
const planes = [usePlane('daemons'), usePlane('daemons-kubectl')] as const;
const place = new Place(planes[0]);
const byKubectl = new Place(planes[1]);
const { namespace, signal } = planes[0];

beforeAll(async () => {
  await place.start();
  await byKubectl.start();
});

const deploy = (name: string, tags: readonly string[], sketch = {}, where = place) =>
  where.deploy(KIND, name, (image) => daemonSet(name, { ...sketch, image }), tags);

describe('undoing a DaemonSet', () => {
  it('leaves what kubectl leaves: template, versions and their numbers', async () => {
    for (const where of [place, byKubectl]) await deploy('agent', ['v1', 'v2', 'v3'], {}, where);
    for (const [to, version] of [
      ['1', 'v1'],
      ['3', 'v3'],
    ] as const) {
      await followed(await place.rolledBack(KIND, 'agent', to));
      expect(await byKubectl.kubectl(`rollout undo daemonset/agent --to-revision=${to}`)).toMatchObject({ code: 0 });
      await byKubectl.settled(KIND, 'agent', `agent:${version}`);
      expect(await place.picture(KIND, 'agent')).toEqual(await byKubectl.picture(KIND, 'agent'));
    }
  });

  it('goes by default to the version before, one pod per node', async () => {
    await deploy('default', ['v1', 'v2']);
    const nodes = place.history(KIND, 'default')?.workload.replicas;
    expect(nodes).toBeGreaterThan(0);
    const made = await place.rolledBack(KIND, 'default');
    expect(await followed(made)).toMatchObject({ state: 'done', ready: nodes, desired: nodes, revision: 3 });
    expect(await made.next(30_000)).toEqual([]);
  });

  it('comes back from a version that cannot run', async () => {
    await deploy('broken', ['v1', 'v2-broken']);
    expect(await followed(await place.rolledBack(KIND, 'broken'))).toMatchObject({ state: 'done', revision: 3 });
  });

  it('is superseded by a newer deploy', async () => {
    await deploy('newer', ['v1', 'v2']);
    const made = await place.rolledBack(KIND, 'newer');
    await place.setImage(KIND, 'newer', 'newer:v9');
    await place.taken(KIND, 'newer', 'newer:v9');
    expect(await followed(made)).toMatchObject({
      state: 'superseded',
      detail: expect.stringMatching(/^v9 was deployed/),
    });
  });
});

describe('what is refused', () => {
  it('is one without an earlier version, a version that is not kept, and one that is not there', async () => {
    await deploy('young', ['v1']);
    expect(await place.plan(KIND, 'young')).toMatchObject({ reason: 'NothingToGoBackTo' });
    expect(await place.plan(KIND, 'young', 'v0')).toMatchObject({
      reason: 'UnknownVersion',
      command: `kubectl rollout history daemonset/young -n ${namespace}`,
    });
    expect(await place.plan(KIND, 'nothing')).toMatchObject({ reason: 'NoDaemonSet' });
  });

  it('is one that replaces pods only when they are deleted', async () => {
    await deploy('by-hand', ['v1', 'v2']);
    const step = await place.planned(KIND, 'by-hand');
    await place.merge(KIND, 'by-hand', { spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } } });
    expect(await place.method.apply(step, 'op', signal)).toMatchObject({ reason: 'ChangedMeanwhile' });
    await eventually('it is seen', () => place.history(KIND, 'by-hand')?.workload.replacement?.isOnDelete || undefined);
    expect(await place.plan(KIND, 'by-hand')).toMatchObject({ reason: 'OnDelete' });
    expect(await place.image(KIND, 'by-hand')).toBe('by-hand:v2');
  });
});
