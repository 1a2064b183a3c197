/** Leases and Events: the small objects that the bot and the controllers leave behind. */
import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '#clients/kubernetes/api.ts';
import { rows } from '../harness/kubectl.ts';
import { eventually, usePlane } from '../harness/plane.ts';
import { Workload } from '../harness/workload.ts';

const plane = await usePlane('records');
const { api, namespace, signal, out } = plane;
const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const events = `/api/v1/namespaces/${namespace}/events`;

interface Lease extends KubernetesObject {
  spec: {
    holderIdentity?: string | null;
    leaseDurationSeconds?: number;
    renewTime?: string;
    acquireTime?: string;
    leaseTransitions?: number;
  };
}

const RENEWED = '2026-03-01T03:04:05.123456Z';

const createLease = (name: string, spec: object = {}): Promise<Lease> =>
  api.create<Lease>(
    leases,
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name },
      spec: { holderIdentity: 'one', leaseDurationSeconds: 15, renewTime: RENEWED, leaseTransitions: 0, ...spec },
    },
    { signal },
  );

describe('a Lease', () => {
  it('keeps microseconds, all six digits of them', async () => {
    const made = await createLease('precise');
    expect(made.spec.renewTime).toBe(RENEWED);
    const elsewhere = await createLease('elsewhere', { renewTime: '2026-03-01T05:04:05.123456+02:00' });
    expect(elsewhere.spec.renewTime).toBe(RENEWED);
  });

  it('lets one of two who read the same version take it', async () => {
    const made = await createLease('contested', { holderIdentity: '' });
    const take = (holderIdentity: string): Promise<string> =>
      api.update<Lease>(`${leases}/contested`, { ...made, spec: { ...made.spec, holderIdentity } }, { signal }).then(
        () => holderIdentity,
        ({ reason }: { reason: string }) => reason,
      );
    const outcome = await Promise.all([take('one'), take('two')]);
    expect(outcome.toSorted()).toEqual(expect.arrayContaining(['Conflict']));
    const { spec } = await api.get<Lease>(`${leases}/contested`, { signal });
    expect(outcome).toContain(spec.holderIdentity);
  });

  it('needs its version in an update', async () => {
    const made = await createLease('versioned');
    const { resourceVersion: _left, ...metadata } = made.metadata;
    await expect(api.update(`${leases}/versioned`, { ...made, metadata }, { signal })).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('metadata.resourceVersion'),
    });
  });

  it('has no generation, and is created by an update where there is none', async () => {
    expect((await createLease('plain')).metadata).not.toHaveProperty('generation');
    const made = await api.update<Lease>(
      `${leases}/by-update`,
      { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'by-update' }, spec: {} },
      { signal },
    );
    expect(made.metadata.uid).toEqual(expect.any(String));
  });

  it.each<[string, object]>([
    ['a time to the second', { renewTime: '2026-03-01T03:04:05Z' }],
    ['a time to the millisecond', { renewTime: '2026-03-01T03:04:05.123Z' }],
    ['no time', { leaseDurationSeconds: 0 }],
    ['less than no transitions', { leaseTransitions: -1 }],
    ['a time that is none', { renewTime: 'noon' }],
  ])('is refused with %s', async (_what, spec) => {
    const status = (spec as { renewTime?: string }).renewTime === undefined ? 422 : 400;
    await expect(createLease('refused', spec)).rejects.toMatchObject({ status });
  });

  it('is shown with its holder', async () => {
    await createLease('shown', { holderIdentity: 'rollback-bot-1' });
    expect(rows(await out('get lease shown'))[0]).toEqual(['NAME', 'HOLDER', 'AGE']);
    expect(rows(await out('get lease shown'))[1]?.slice(0, 2)).toEqual(['shown', 'rollback-bot-1']);
  });
});

describe('an Event', () => {
  it('of a controller says what, why, about whom, when and how often', async () => {
    const web = new Workload(plane, 'told');
    await web.create({ spec: { replicas: 2 } });
    await web.complete();
    const selector = encodeURIComponent('involvedObject.name=told,involvedObject.kind=Deployment');
    const [event] = await eventually('an event', async () => {
      const { items } = await api.get<{ items: KubernetesObject[] }>(`${events}?fieldSelector=${selector}`, { signal });
      return items.length > 0 && items;
    });
    const [set] = await web.sets();
    expect(event).toMatchObject({
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled up replica set ${set?.metadata.name} from 0 to 2`,
      count: 1,
      source: { component: 'deployment-controller' },
      reportingComponent: 'deployment-controller',
      involvedObject: { apiVersion: 'apps/v1', uid: (await web.read()).metadata.uid },
      firstTimestamp: expect.stringMatching(/Z$/),
      lastTimestamp: expect.stringMatching(/Z$/),
      eventTime: null,
    });
    expect(event?.metadata.name).toMatch(/^told\.[0-9a-f]+$/);
  });

  it('is told of pods too, by who made them', async () => {
    const web = new Workload(plane, 'pods');
    await web.create({ spec: { replicas: 1 } });
    await web.complete();
    const [pod] = await web.pods();
    const told = (reason: string): Promise<string[]> =>
      eventually(reason, async () => {
        const texts = await web.events(reason);
        return texts.length > 0 && texts;
      });
    expect(await told('SuccessfulCreate')).toEqual([`Created pod: ${pod?.metadata.name}`]);
    expect(await told('Scheduled')).toEqual([
      `Successfully assigned ${namespace}/${pod?.metadata.name} to ${pod?.spec.nodeName}`,
    ]);
  });

  it('is one thing in two groups', async () => {
    const involvedObject = { kind: 'Pod', name: 'x', namespace };
    const made = { metadata: { name: 'twofold' }, involvedObject, reason: 'BackOff', message: 'again', count: 2 };
    await api.create(events, made, { signal });
    expect(await api.get(`/apis/events.k8s.io/v1/namespaces/${namespace}/events/twofold`, { signal })).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      regarding: { name: 'x' },
      note: 'again',
      deprecatedCount: 2,
    });
  });

  it('is about something in its own namespace', async () => {
    const involvedObject = { kind: 'Pod', name: 'x', namespace: 'elsewhere' };
    await expect(
      api.create(events, { metadata: { name: 'astray' }, involvedObject }, { signal }),
    ).rejects.toMatchObject({ status: 422 });
  });

  it('is listed by kubectl for its object, in order of time', async () => {
    const web = new Workload(plane, 'listed');
    await web.create();
    await web.complete();
    await web.scale(2);
    await web.complete();
    await eventually('two events', async () => (await web.events('ScalingReplicaSet')).length === 2);
    const text = await out('events --for deployment/listed');
    expect(text.indexOf('from 0 to 1')).toBeGreaterThan(-1);
    expect(text.indexOf('from 1 to 2')).toBeGreaterThan(text.indexOf('from 0 to 1'));
    expect(rows(await out('get events --sort-by=.lastTimestamp'))[0]).toEqual([
      'LAST SEEN',
      'TYPE',
      'REASON',
      'OBJECT',
      'MESSAGE',
    ]);
  });
});
