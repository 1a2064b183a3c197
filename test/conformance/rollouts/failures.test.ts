/** What goes wrong in a rollout: images that cannot be pulled, containers that crash, pods that cannot be made. */
import { describe, expect, it } from '@jest/globals';
import type { Deployment, Pod } from '#playground/cluster/objects.ts';
import { annotations } from '#playground/cluster/objects.ts';
import { eventually, usePlane } from '../harness/plane.ts';
import { condition, isComplete, Workload } from '../harness/workload.ts';

const plane = await usePlane('failures');
const { namespace, out } = plane;

const waiting = ({ status }: Pod): string | undefined => status?.containerStatuses?.[0]?.state.waiting?.reason;

/** Waits for a pod of the version in this state. */
function podOf(web: Workload, tag: string, isSo: (pod: Pod) => boolean): Promise<Pod> {
  return eventually(`a pod of ${tag}`, async () =>
    (await web.pods()).find((pod) => pod.spec.containers[0]?.image.endsWith(`:${tag}`) && isSo(pod)),
  );
}

describe('an image that cannot be pulled', () => {
  it('leaves its pod pending and the old version running, and goes with an undo', async () => {
    const web = new Workload(plane, 'unpulled');
    await web.versions(['v1'], { spec: { replicas: 2 } });
    await web.deploy('v2-broken');
    const pod = await podOf(web, 'v2-broken', (p) => waiting(p) === 'ImagePullBackOff');
    expect(pod.status).toMatchObject({
      phase: 'Pending',
      containerStatuses: [
        {
          ready: false,
          restartCount: 0,
          state: {
            waiting: { message: expect.stringContaining('Back-off pulling image "example/unpulled:v2-broken"') },
          },
        },
      ],
    });
    const { status } = await web.until('the pod is counted', (d) => d.status?.replicas === 3);
    expect(status).toMatchObject({ availableReplicas: 2, updatedReplicas: 1, unavailableReplicas: 1 });
    await out('rollout undo deployment/unpulled');
    await web.complete(3);
    await eventually('it is gone', async () => (await web.pods()).every((p) => waiting(p) === undefined));
  });
});

describe('a container that crashes', () => {
  it('leaves its pod running and not ready, restarted again and again', async () => {
    const web = new Workload(plane, 'crashing');
    await web.versions(['v1'], { spec: { replicas: 2 } });
    await web.deploy('v2-crash');
    const pod = await podOf(web, 'v2-crash', (p) => waiting(p) === 'CrashLoopBackOff');
    const [container] = pod.status?.containerStatuses ?? [];
    expect(pod.status?.phase).toBe('Running');
    expect(container).toMatchObject({
      ready: false,
      state: { waiting: { message: expect.stringMatching(/^back-off .*restarting failed container/) } },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    });
    expect(container?.restartCount).toBeGreaterThan(0);
    const { status } = await web.until('the pod is counted', (d) => d.status?.replicas === 3);
    expect(status).toMatchObject({ availableReplicas: 2, updatedReplicas: 1, unavailableReplicas: 1 });
    // Now and then it runs for a moment.
    await eventually('it is shown', async () => {
      const [, ready, shown] = (await out(['get', 'pod', pod.metadata.name, '--no-headers'])).split(/\s+/);
      return ready === '0/1' && shown === 'CrashLoopBackOff';
    });
    await out('rollout undo deployment/crashing');
    await web.complete(3);
  });

  it('is counted in no status of the Deployment but as unavailable', async () => {
    const web = new Workload(plane, 'alone');
    await web.create({ tag: 'v1-crash', spec: { replicas: 3 } });
    const { status } = await web.until('three unavailable', (d) => d.status?.unavailableReplicas === 3);
    await podOf(web, 'v1-crash', (p) => waiting(p) === 'CrashLoopBackOff');
    expect(status).not.toHaveProperty('readyReplicas');
    expect(status).not.toHaveProperty('availableReplicas');
    expect(condition(await web.read(), 'Available')).toMatchObject({
      status: 'False',
      reason: 'MinimumReplicasUnavailable',
      message: 'Deployment does not have minimum availability.',
    });
  });
});

describe('pods that cannot be made', () => {
  const withAccount = (name: string, account: string): Partial<Deployment['spec']> => ({
    template: {
      metadata: { labels: { app: name } },
      spec: {
        serviceAccountName: account,
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'main', image: `example/${name}:v1` }],
      },
    },
  });

  it('for want of a service account are told as a failure, and made when it comes', async () => {
    const web = new Workload(plane, 'accountless');
    await web.create({ spec: { replicas: 2, ...withAccount('accountless', 'missing') } });
    const read = await web.reason('ReplicaFailure', 'FailedCreate');
    const why = `error looking up service account ${namespace}/missing: serviceaccount "missing" not found`;
    const [set] = await web.sets();
    expect(condition(read, 'ReplicaFailure')).toMatchObject({
      status: 'True',
      message: `pods "${set?.metadata.name}-" is forbidden: ${why}`,
    });
    expect(read.status).toMatchObject({ unavailableReplicas: 2 });
    expect(read.status).not.toHaveProperty('replicas');
    const told = await eventually('it is told', async () => {
      const events = await web.events('FailedCreate');
      return events.length > 0 && events;
    });
    expect(told[0]).toBe(`Error creating: pods "${set?.metadata.name}-" is forbidden: ${why}`);
    await out('create serviceaccount missing');
    // After each failure the controller waits longer; a change of the ReplicaSet it looks at at once.
    await out(`annotate replicaset ${set?.metadata.name} account=there`);
    const done = await web.complete(1);
    expect(condition(done, 'ReplicaFailure')).toBeUndefined();
  });

  it('in a rollout leave the old ones, and an undo ends the failure', async () => {
    const web = new Workload(plane, 'undone');
    await web.versions(['v1'], { spec: { replicas: 2 } });
    await web.change({ spec: withAccount('undone', 'nobody') });
    const failed = await web.reason('ReplicaFailure', 'FailedCreate');
    expect(failed.status?.availableReplicas).toBe(2);
    expect(isComplete(failed)).toBe(false);
    await out('rollout undo deployment/undone');
    const back = await web.complete(3);
    await web.until('no failure', (d) => condition(d, 'ReplicaFailure') === undefined);
    expect(back.metadata.annotations?.[annotations.revision]).toBe('3');
  });
});
