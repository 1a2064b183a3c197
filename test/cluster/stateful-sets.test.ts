/** Going back with StatefulSets on a real control plane: as kubectl does, and out of the trap in which kubectl leaves them. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, usePlane } from './plane.ts';
import { statefulSet, type StatefulSetSketch } from './revisions/manifests.ts';
import { followed, Place } from './revisions/place.ts';

const KIND = 'StatefulSet';
const planes = [usePlane('sets'), usePlane('sets-kubectl')] as const;
const place = new Place(planes[0]);
const byKubectl = new Place(planes[1]);
const { api, namespace, signal } = planes[0];

beforeAll(async () => {
  await place.start();
  await byKubectl.start();
});

const deploy = (name: string, tags: readonly string[], sketch: Partial<StatefulSetSketch> = {}, where = place) =>
  where.deploy(KIND, name, (image) => statefulSet(name, { replicas: 1, ...sketch, image }), tags);

const pods = (name: string) => place.history(KIND, name)?.pods ?? [];
const podUid = (name: string): string | undefined => place.view.pods.get(name)?.uid;

describe('undoing a StatefulSet', () => {
  it('leaves what kubectl leaves: template, versions, their numbers, and annotations as they were', async () => {
    const sketch = { annotations: { 'kubernetes.io/change-cause': 'first' } };
    for (const where of [place, byKubectl]) await deploy('db', ['v1', 'v2', 'v3'], sketch, where);
    const both = async () => [await place.picture(KIND, 'db'), await byKubectl.picture(KIND, 'db')] as const;
    const [before, same] = await both();
    expect(before).toEqual(same);
    for (const [to, version] of [
      ['1', 'v1'],
      ['2', 'v2'],
      ['3', 'v3'],
    ] as const) {
      await followed(await place.rolledBack(KIND, 'db', to));
      expect(await byKubectl.kubectl(`rollout undo statefulset/db --to-revision=${to}`)).toMatchObject({ code: 0 });
      await byKubectl.settled(KIND, 'db', `db:${version}`);
      const [ours, theirs] = await both();
      expect(ours).toEqual(theirs);
      expect(ours.revisions.map(({ revision }) => revision)).toEqual([Number(to) + 1, Number(to) + 2, Number(to) + 3]);
    }
  });

  it('goes by default to the version before, and says how far it is until all pods are back', async () => {
    await deploy('default', ['v1', 'v2'], { replicas: 3 });
    expect(await place.plan(KIND, 'default')).toMatchObject({
      summary: {
        workload: { kind: KIND, name: 'default' },
        from: { version: 'v2', revision: 2 },
        to: { version: 'v1', revision: 1 },
        isPrevious: true,
        difference: 'image v2 → v1',
      },
    });
    const made = await place.rolledBack(KIND, 'default');
    const { states, ...last } = await followed(made);
    expect(last).toEqual({ state: 'done', ready: 3, desired: 3, revision: 3 });
    expect(['progressing', 'done']).toEqual(expect.arrayContaining(states));
  });

  it('patches once, whatever is repeated, and finds the patch by its mark', async () => {
    await deploy('once', ['v1', 'v2']);
    const step = await place.planned(KIND, 'once');
    expect(await place.method.find(step, 'uid/once/1', signal)).toBe('absent');
    const receipt = await place.method.apply(step, 'uid/once/1', signal);
    const { metadata } = await place.read(KIND, 'once');
    expect(await place.method.find(step, 'uid/once/1', signal)).toEqual(receipt);
    await place.method.apply(step, 'uid/once/1', signal);
    expect((await place.read(KIND, 'once')).metadata.generation).toBe(metadata.generation);
  });

  it('does not patch again what somebody took back by hand, even with the mark gone', async () => {
    await deploy('taken-back', ['v1', 'v2']);
    const step = await place.planned(KIND, 'taken-back');
    await place.method.apply(step, 'uid/taken-back/1', signal);
    await place.settled(KIND, 'taken-back', 'taken-back:v1');
    await place.merge(KIND, 'taken-back', { metadata: { annotations: { 'ops.lomashwood.com/operation': null } } });
    await place.setImage(KIND, 'taken-back', 'taken-back:v2');
    await expect(place.method.find(step, 'uid/taken-back/1', signal)).rejects.toMatchObject({
      reason: 'OutcomeUnknown',
    });
  });

  it('takes two ControllerRevisions of one template for one version', async () => {
    await deploy('twins', ['v1', 'v2']);
    const path = `/apis/apps/v1/namespaces/${namespace}/controllerrevisions`;
    const first = place.history(KIND, 'twins')?.versions.find(({ revision }) => revision === 1)?.name ?? '';
    const raw = await api.get<{ metadata: object }>(`${path}/${first}`, { signal });
    const { ownerReferences, labels } = raw.metadata as Record<string, unknown>;
    const copy = { ...raw, metadata: { name: `${first}-x`, ownerReferences, labels }, revision: 0 };
    await api.create(path, copy, { signal });
    await eventually('the copy is seen', () => place.view.controllerRevisions?.get(`${first}-x`));
    expect(place.history(KIND, 'twins')?.versions).toHaveLength(2);
    expect(await followed(await place.rolledBack(KIND, 'twins'))).toMatchObject({ state: 'done', revision: 3 });
    expect(await place.image(KIND, 'twins')).toBe('twins:v1');
  });
});

describe('a pod that never becomes ready', () => {
  it('keeps an ordered StatefulSet from coming back until that one pod is deleted', async () => {
    await deploy('trap', ['v1', 'v2-broken'], { replicas: 3 });
    const [stuck, first] = [podUid('trap-2'), podUid('trap-0')];
    const made = await place.rolledBack(KIND, 'trap');
    const [further] = await eventually('the pod is seen in the way', async () => {
      const found = await made.next(30_000);
      return found.length > 0 ? found : undefined;
    });
    expect(further).toMatchObject({
      byHand: `trap-2 is stuck on v2-broken, and trap replaces no pod before it is ready. Delete it: kubectl delete pod trap-2 -n ${namespace}`,
      bot: { effect: 'pod.delete', told: 'trap-2 was stuck on v2-broken: deleted, so that it comes back as v1.' },
    });
    // As long as nobody deletes it nothing moves: kubectl's undo ends here.
    expect(await made.progress(30_000)).toMatchObject({
      state: 'progressing',
      ready: 2,
      detail: 'trap-2 is stuck on v2-broken',
    });
    expect(podUid('trap-2')).toBe(stuck);

    const step = JSON.parse(JSON.stringify(further?.bot?.step)) as unknown;
    expect(await place.method.find(step, 'op', signal)).toBe('absent');
    expect(await place.method.apply(step, 'op', signal)).toEqual({ deletedPod: 'trap-2' });
    expect(await followed(made)).toMatchObject({ state: 'done', ready: 3, desired: 3, revision: 3 });
    expect([podUid('trap-2') === stuck, podUid('trap-0') === first]).toEqual([false, true]);

    // A repetition finds it done, and leaves the pod that came back alone.
    const back = podUid('trap-2');
    expect(await place.method.find(step, 'op', signal)).toEqual({ deletedPod: 'trap-2' });
    expect(await place.method.apply(step, 'op', signal)).toEqual({ deletedPod: 'trap-2' });
    expect(await made.next(30_000)).toEqual([]);
    expect(podUid('trap-2')).toBe(back);
  });

  it('is given time to become ready by itself when it only starts slowly', async () => {
    await deploy('slow', ['v1', 'v2'], { replicas: 1 });
    await place.setImage(KIND, 'slow', 'slow:v3-never-ready');
    await place.taken(KIND, 'slow', 'slow:v3-never-ready');
    await eventually('it starts', () =>
      pods('slow').find(
        (p) => p.containers[0]?.image === 'slow:v3-never-ready' && p.phase === 'Running' && !p.ready && !p.deleting,
      ),
    );
    const made = await place.rolledBack(KIND, 'slow');
    await eventually('the patch is seen', async () => ((await made.progress()).revision === 4 ? true : undefined));
    expect(await made.next(29_999)).toEqual([]);
    expect((await made.next(30_000))[0]).toMatchObject({ bot: { effect: 'pod.delete' } });
  });

  it('is no trap where pods are replaced in parallel', async () => {
    await deploy('parallel', ['v1', 'v2-broken'], { replicas: 2, podManagementPolicy: 'Parallel' });
    const made = await place.rolledBack(KIND, 'parallel');
    expect(await made.next(30_000)).toEqual([]);
    expect(await followed(made)).toMatchObject({ state: 'done', ready: 2 });
  });

  it('is left to a person when it is not of the version rolled back from', async () => {
    await deploy('older', ['v1', 'v2-broken'], { replicas: 2 });
    await place.setImage(KIND, 'older', 'older:v3');
    await place.taken(KIND, 'older', 'older:v3');
    const made = await place.rolledBack(KIND, 'older', '1');
    const [further] = await eventually('the pod is seen in the way', async () => {
      const found = await made.next(30_000);
      return found.length > 0 ? found : undefined;
    });
    expect(further?.bot).toBeUndefined();
    expect(further?.byHand).toMatch(/^older-1 is stuck on v2-broken, .* kubectl delete pod older-1 -n /);
  });

  it('is not deleted when it is another one, is ready, or the StatefulSet was changed', async () => {
    await deploy('guarded', ['v1', 'v2-broken'], { replicas: 2 });
    const made = await place.rolledBack(KIND, 'guarded');
    const [further] = await eventually('the pod is seen in the way', async () => {
      const found = await made.next(30_000);
      return found.length > 0 ? found : undefined;
    });
    const step = further?.bot?.step as { pod: object };
    const good = place.view.pods.get('guarded-0')!;
    const before = pods('guarded').map(({ uid }) => uid);
    const asIf = (pod: object) => place.method.apply({ ...step, pod: { ...step.pod, ...pod } }, 'op', signal);
    const revisionHash = good.labels['controller-revision-hash'];
    expect(await asIf({ name: 'guarded-0', uid: good.uid, revisionHash })).toMatchObject({ reason: 'NotNeeded' });
    expect(await asIf({ revisionHash })).toMatchObject({ reason: 'NotNeeded' });
    expect(await asIf({ uid: good.uid })).toEqual({ deletedPod: 'guarded-1' });
    await place.setImage(KIND, 'guarded', 'guarded:v3');
    expect(await place.method.apply(step, 'op', signal)).toMatchObject({ reason: 'NotNeeded' });
    expect(pods('guarded').map(({ uid, deleting }) => [uid, deleting])).toEqual(before.map((uid) => [uid, false]));
  });

  it('of the target is told at once: no other pod can follow it', async () => {
    await deploy('back-to-broken', ['v1', 'v2'], { replicas: 2 });
    await place.setImage(KIND, 'back-to-broken', 'back-to-broken:v3-crash');
    await place.stuck(KIND, 'back-to-broken', 'back-to-broken:v3-crash');
    await place.setImage(KIND, 'back-to-broken', 'back-to-broken:v2');
    await place.taken(KIND, 'back-to-broken', 'back-to-broken:v2');
    const made = await place.rolledBack(KIND, 'back-to-broken', 'v3-crash');
    expect(await followed(made)).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('crashes (3 restarts'),
    });
  });
});

describe('a partition', () => {
  it('is how far the rollback reaches, and it says so', async () => {
    await deploy('parted', ['v1', 'v2'], { replicas: 3 });
    await place.merge(KIND, 'parted', { spec: { updateStrategy: { rollingUpdate: { partition: 1 } } } });
    await eventually(
      'it is seen',
      () => place.history(KIND, 'parted')?.workload.replacement?.partition === 1 || undefined,
    );
    const last = await followed(await place.rolledBack(KIND, 'parted'));
    expect(last).toMatchObject({
      state: 'done',
      ready: 2,
      desired: 2,
      detail: '1 of 3 pods keep their version, only the rest is for v1: partition 1',
    });
    expect(
      pods('parted')
        .map((p) => [p.name, p.containers[0]?.image])
        .toSorted(),
    ).toEqual([
      ['parted-0', 'parted:v2'],
      ['parted-1', 'parted:v1'],
      ['parted-2', 'parted:v1'],
    ]);
  });

  it('above all pods is refused: nothing would change', async () => {
    await deploy('kept', ['v1', 'v2']);
    const step = await place.planned(KIND, 'kept');
    await place.merge(KIND, 'kept', { spec: { updateStrategy: { rollingUpdate: { partition: 1 } } } });
    expect(await place.method.apply(step, 'op', signal)).toMatchObject({ reason: 'PartitionKeepsAll' });
    await eventually(
      'it is seen',
      () => place.history(KIND, 'kept')?.workload.replacement?.partition === 1 || undefined,
    );
    const refusal = await place.plan(KIND, 'kept');
    expect(refusal).toMatchObject({
      reason: 'PartitionKeepsAll',
      command: expect.stringContaining(' patch statefulset/kept '),
    });
    expect(await place.image(KIND, 'kept')).toBe('kept:v2');
  });
});

describe('what is refused', () => {
  it('is a StatefulSet that is not there', async () => {
    expect(await place.plan(KIND, 'nothing')).toMatchObject({
      reason: 'NoStatefulSet',
      message: expect.stringContaining('There is no StatefulSet nothing'),
    });
  });

  it('is one without an earlier version, and a version that is not kept', async () => {
    await deploy('young', ['v1']);
    expect(await place.plan(KIND, 'young')).toMatchObject({ reason: 'NothingToGoBackTo' });
    expect(await place.plan(KIND, 'young', '7')).toMatchObject({
      reason: 'UnknownVersion',
      command: `kubectl rollout history statefulset/young -n ${namespace}`,
    });
    expect(await place.plan(KIND, 'young', '1')).toMatchObject({ reason: 'AlreadyRuns' });
  });

  it('is one that replaces pods only when they are deleted, also when that came after planning', async () => {
    await deploy('by-hand', ['v1', 'v2']);
    const step = await place.planned(KIND, 'by-hand');
    await place.merge(KIND, 'by-hand', { spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } } });
    expect(await place.method.apply(step, 'op', signal)).toMatchObject({ reason: 'ChangedMeanwhile' });
    await eventually('it is seen', () => place.history(KIND, 'by-hand')?.workload.replacement?.isOnDelete || undefined);
    expect(await place.plan(KIND, 'by-hand')).toMatchObject({ reason: 'OnDelete' });
    expect(await place.image(KIND, 'by-hand')).toBe('by-hand:v2');
  });

  it('is one that was changed after planning: it names what, and touches nothing', async () => {
    await deploy('moved', ['v1', 'v2']);
    const step = await place.planned(KIND, 'moved');
    await place.setImage(KIND, 'moved', 'moved:v3');
    const refusal = await place.method.apply(step, 'op', signal);
    expect(refusal).toMatchObject({ reason: 'ChangedMeanwhile', message: expect.stringContaining('image v2 → v3') });
    expect(await place.image(KIND, 'moved')).toBe('moved:v3');
  });

  it('is one that was created anew', async () => {
    await deploy('anew', ['v1', 'v2']);
    const step = (await place.planned(KIND, 'anew')) as { workload: object };
    const foreign = { ...step, workload: { ...step.workload, uid: '00000000-0000-0000-0000-000000000000' } };
    expect(await place.method.apply(foreign, 'op', signal)).toMatchObject({ reason: 'Recreated' });
  });
});
