/** The strategy Recreate: all old pods are gone before the first new one is made. */
import { describe, expect, it } from '@jest/globals';
import type { Deployment, Pod } from '#playground/cluster/objects.ts';
import { eventually, usePlane } from '../harness/plane.ts';
import { Recording } from '../harness/recording.ts';
import { condition, tagOf, Workload } from '../harness/workload.ts';

const plane = await usePlane('recreate');
const { api, namespace, out } = plane;
const RECREATE = { strategy: { type: 'Recreate' as const } };

describe('Recreate', () => {
  it('removes every old pod before it makes a new one', async () => {
    const web = new Workload(plane, 'web');
    await web.create({ spec: { replicas: 3, ...RECREATE } });
    await web.complete(1);
    const query = { labelSelector: 'app=web' };
    const pods = new Recording<Pod>(api, `/api/v1/namespaces/${namespace}/pods`, query);
    const deployments = new Recording<Deployment>(api, `/apis/apps/v1/namespaces/${namespace}/deployments`, query);
    await pods.until('three pods', (events) => events.length >= 3);
    await deployments.until('the Deployment', (events) => events.length > 0);
    await web.deploy('v2');
    const { metadata } = await web.complete(2);
    await deployments.until('the end', (events) =>
      events.some(({ object }) => object.metadata.resourceVersion === metadata.resourceVersion),
    );
    const isNew = (pod: Pod): boolean => pod.spec.containers[0]?.image === 'example/web:v2';
    await pods.until(
      'three new pods',
      (events) => events.filter((e) => e.type === 'ADDED' && isNew(e.object)).length === 3,
    );
    const firstNew = pods.events.findIndex(({ object }) => isNew(object));
    const gone = pods.events.slice(0, firstNew).filter(({ type }) => type === 'DELETED');
    expect(gone).toHaveLength(3);
    const availability = deployments.events.map(({ object }) => condition(object, 'Available')?.status);
    expect(availability).toContain('False');
    expect(availability.at(-1)).toBe('True');
    expect((await web.sets()).map((set) => `${tagOf(set)} ${set.spec.replicas}`)).toEqual(['v1 0', 'v2 3']);
    pods.stop();
    deployments.stop();
  });

  it('goes back by an undo in the same way', async () => {
    const web = new Workload(plane, 'back');
    await web.versions(['v1'], { spec: { replicas: 2, ...RECREATE } });
    await web.deploy('v2-broken');
    await web.until('the new pods are waiting', (d) => d.status?.updatedReplicas === 2 && !d.status.availableReplicas);
    expect(await out('rollout undo deployment/back')).toBe('deployment.apps/back rolled back\n');
    await web.complete(3);
    expect(await web.history()).toEqual(['2 v2-broken', '3 v1']);
  });

  it('counts up to the whole size at once', async () => {
    const web = new Workload(plane, 'whole');
    await web.versions(['v1', 'v2'], { spec: { replicas: 4, ...RECREATE } });
    const [old, current] = (await web.sets()).map((set) => set.metadata.name);
    const told = await eventually('three events', async () => {
      const events = await web.events('ScalingReplicaSet');
      return events.length === 3 && events;
    });
    expect(told).toEqual([
      `Scaled up replica set ${old} from 0 to 4`,
      `Scaled down replica set ${old} from 4 to 0`,
      `Scaled up replica set ${current} from 0 to 4`,
    ]);
  });
});
