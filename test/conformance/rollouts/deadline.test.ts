/**
 * The progress deadline: when it passes, what clears it, and the trap that its condition outlives the version it was about. Deadlines here
 * are of three seconds: under two the controller may put its look at the clock into a queue that it shares with all other Deployments.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Deployment } from '#playground/cluster/objects.ts';
import { usePlane } from '../harness/plane.ts';
import { Recording } from '../harness/recording.ts';
import { condition, EXCEEDED, isObserved, revisionOf, tagOf, Workload } from '../harness/workload.ts';

const plane = await usePlane('deadline');
const { api, namespace, kubectl, out } = plane;
const SOON = { progressDeadlineSeconds: 3 };

const passes = new Workload(plane, 'passes');
const first = new Workload(plane, 'first');
const resumed = new Workload(plane, 'resumed');
const stamped = new Workload(plane, 'stamped');
const over = new Workload(plane, 'over');
const trap = new Workload(plane, 'trap');
const pair = new Workload(plane, 'pair');
const half = new Workload(plane, 'half');
const hangs = new Workload(plane, 'hangs');

/** A good version, then one that cannot run, and its deadline passed. */
async function exceed(web: Workload, spec: Partial<Deployment['spec']> = {}): Promise<void> {
  await web.versions(['v1'], { spec: { ...SOON, ...spec } });
  await web.deploy('v2-broken');
  await web.exceeded();
}

/** Every state of the Deployment from now until it is complete at this revision. */
async function statesUntilComplete(
  web: Workload,
  revision: number,
  act: () => Promise<unknown>,
): Promise<Deployment[]> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const recording = new Recording<Deployment>(api, path, { labelSelector: `app=${web.name}` });
  await recording.until('the Deployment', (events) => events.length > 0);
  await act();
  const { metadata } = await web.complete(revision);
  await recording.until('the end', (events) =>
    events.some(({ object }) => object.metadata.resourceVersion === metadata.resourceVersion),
  );
  recording.stop();
  return recording.events.map(({ object }) => object);
}

/** Why it progresses or not, in each state of v1 whose generation the controller has seen. */
const reasonsOnceObserved = (states: readonly Deployment[]): (string | undefined)[] =>
  states
    .filter((state) => tagOf(state) === 'v1' && isObserved(state))
    .map((state) => condition(state, 'Progressing')?.reason);

// All at once: each waits for its deadline.
beforeAll(async () => {
  const pauseAndResume = async (): Promise<void> => {
    await resumed.versions(['v1'], { spec: SOON });
    await resumed.change({ spec: { paused: true } });
    await resumed.deploy('v2-broken');
    await resumed.reason('Progressing', 'DeploymentPaused');
  };
  const hang = async (): Promise<void> => {
    await exceed(hangs);
    await hangs.deploy('v3-broken');
    await hangs.numbered(3);
  };
  await Promise.all([
    exceed(passes, { replicas: 2 }),
    first.create({ tag: 'v1-broken', spec: SOON }).then(() => first.exceeded()),
    pauseAndResume(),
    exceed(stamped),
    exceed(over, { replicas: 2 }),
    exceed(trap),
    exceed(pair, { replicas: 2 }),
    exceed(half, {
      replicas: 5,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '50%', maxUnavailable: '50%' } },
    }),
    hang(),
  ]);
});

describe('the progress deadline', () => {
  it('passes where nothing moves, and is told', async () => {
    const read = await passes.read();
    const [, current] = await passes.sets();
    expect(condition(read, 'Progressing')).toMatchObject({
      status: 'False',
      message: `ReplicaSet "${current?.metadata.name}" has timed out progressing.`,
    });
    expect(condition(read, 'Available')?.status).toBe('True');
    const { code, err } = await kubectl('rollout status deployment/passes --timeout=60s');
    expect({ code, err }).toEqual({ code: 1, err: 'error: deployment "passes" exceeded its progress deadline\n' });
  });

  it('of a first version that cannot run passes too', async () => {
    expect(condition(await first.read(), 'Available')?.reason).toBe('MinimumReplicasUnavailable');
  });

  it('does not run while the rollout is paused', async () => {
    // By now the others, which began at the same time, have passed theirs.
    expect(condition(await resumed.read(), 'Progressing')).toMatchObject({
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    });
    await resumed.change({ spec: { paused: false } });
    await resumed.exceeded();
  });

  it('is no deadline at all where it is as long as can be', async () => {
    const web = new Workload(plane, 'endless');
    await web.create({ tag: 'v1-broken', spec: { progressDeadlineSeconds: 2 ** 31 - 1 } });
    const read = await web.until('its pod is counted', (d) => d.status?.updatedReplicas === 1);
    expect(condition(read, 'Progressing')).toBeUndefined();
    expect(condition(read, 'Available')).toMatchObject({ status: 'False', reason: 'MinimumReplicasUnavailable' });
  });

  it('keeps its stamp while nothing moves', async () => {
    const before = condition(await stamped.read(), 'Progressing');
    await stamped.change({ metadata: { annotations: { note: 'x' } } });
    const after = await stamped.observed();
    expect(condition(after, 'Progressing')).toEqual(before);
  });

  it('that has passed is over with a version that makes progress', async () => {
    await over.deploy('v3');
    const done = await over.complete(3);
    expect(condition(done, 'Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
  });
});

describe('the trap of the deadline that stays', () => {
  it('after an undo of one replica the new generation is observed with the old condition, until it is complete', async () => {
    const stamp = condition(await trap.read(), 'Progressing')?.lastUpdateTime;
    const states = await statesUntilComplete(trap, 3, () => out('rollout undo deployment/trap'));
    const trapped = states.find((state) => tagOf(state) === 'v1' && isObserved(state));
    // What `kubectl rollout status` looks at: it would call the undo failed.
    expect(condition(trapped!, 'Progressing')).toMatchObject({
      status: 'False',
      reason: EXCEEDED,
      lastUpdateTime: stamp,
    });
    expect(reasonsOnceObserved(states).at(-1)).toBe('NewReplicaSetAvailable');
  });

  it('so it is wherever the version left had as many pods as the one that comes back', async () => {
    const states = await statesUntilComplete(half, 3, () => out('rollout undo deployment/half'));
    expect(reasonsOnceObserved(states)).toContain(EXCEEDED);
  });

  it('but not where it had fewer: more updated pods are progress', async () => {
    // What it has exceeded stands; on a busy machine the way back takes longer than such a deadline.
    await pair.change({ spec: { progressDeadlineSeconds: 600 } });
    await pair.exceeded();
    const states = await statesUntilComplete(pair, 3, () => out('rollout undo deployment/pair'));
    expect(reasonsOnceObserved(states)).not.toContain(EXCEEDED);
    expect(await out('rollout status deployment/pair --timeout=60s')).toContain('successfully rolled out');
  });

  it('a version that cannot run either is told anew, with a later stamp', async () => {
    const before = await hangs.exceeded();
    expect([tagOf(before), revisionOf(before)]).toEqual(['v3-broken', '3']);
    await out('rollout undo deployment/hangs');
    const stamp = condition(before, 'Progressing')?.lastUpdateTime;
    const after = await hangs.exceeded((d) => condition(d, 'Progressing')?.lastUpdateTime !== stamp);
    expect([tagOf(after), revisionOf(after)]).toEqual(['v2-broken', '4']);
  });
});
