/** The subresources status and scale: a write of one leaves the rest alone. */
import { describe, expect, it } from '@jest/globals';
import type { Deployment } from '#playground/cluster/objects.ts';
import { eventually, usePlane } from '../harness/plane.ts';
import { Workload } from '../harness/workload.ts';

const plane = await usePlane('subresources');
const { api, signal, kubectl, out } = plane;

interface Scale {
  kind: string;
  apiVersion: string;
  metadata: { name: string; uid: string; resourceVersion: string };
  spec: { replicas?: number };
  status: { replicas: number; selector?: string };
}

async function idle(name: string, replicas = 0): Promise<Workload> {
  const web = new Workload(plane, name);
  await web.create({ spec: { replicas, paused: true } });
  await web.observed();
  return web;
}

describe('status', () => {
  it('is left alone by a write of the object', async () => {
    const web = await idle('main-write');
    const { status } = await web.read();
    const changed = await web.change({ status: { replicas: 7 }, metadata: { labels: { more: 'yes' } } });
    expect(changed.status).toEqual(status);
    expect(changed.metadata.labels).toHaveProperty('more', 'yes');
  });

  it('is all that a write of it changes, apart from annotations', async () => {
    const web = await idle('status-write');
    const before = await web.read();
    const patch = {
      metadata: { annotations: { note: 'x' }, labels: { more: 'yes' } },
      spec: { replicas: 9 },
      status: { collisionCount: 3 },
    };
    const written = await api.mergePatch<Deployment>(`${web.path}/status`, patch, { signal });
    expect(written.status).toMatchObject({ collisionCount: 3 });
    expect(written.spec).toEqual(before.spec);
    expect(written.metadata.labels).toEqual(before.metadata.labels);
    expect(written.metadata.annotations).toHaveProperty('note', 'x');
    expect(written.metadata.generation).toBe(before.metadata.generation);
  });

  it('is read by itself, and by kubectl', async () => {
    const web = await idle('status-read');
    expect(await api.get(`${web.path}/status`, { signal })).toMatchObject({
      kind: 'Deployment',
      spec: { paused: true },
    });
    const shown = JSON.parse(await out('get deployment status-read --subresource=status -o json')) as Deployment;
    expect(shown.metadata.name).toBe('status-read');
  });

  it('conflicts with an older version', async () => {
    const web = await idle('status-conflict');
    const old = await web.read();
    await web.change({ metadata: { labels: { more: 'yes' } } });
    await expect(api.update(`${web.path}/status`, old, { signal })).rejects.toMatchObject({ status: 409 });
  });
});

describe('scale', () => {
  it('shows numbers and the selector as text', async () => {
    const web = await idle('scale-read', 2);
    const scale = await api.get<Scale>(`${web.path}/scale`, { signal });
    expect(scale).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name: 'scale-read', uid: (await web.read()).metadata.uid },
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'app=scale-read' },
    });
  });

  it('changes the number, raises the generation, and touches nothing else', async () => {
    const web = await idle('scale-write', 1);
    const before = await web.read();
    const scaled = await api.mergePatch<Scale>(`${web.path}/scale`, { spec: { replicas: 3 } }, { signal });
    expect(scaled.spec.replicas).toBe(3);
    const after = await web.read();
    expect(after.spec).toEqual({ ...before.spec, replicas: 3 });
    expect(after.metadata.generation).toBe((before.metadata.generation ?? 0) + 1);
    expect(after.metadata.uid).toBe(before.metadata.uid);
  });

  it('takes an update, and refuses an older version', async () => {
    const web = await idle('scale-update', 1);
    const scale = await api.get<Scale>(`${web.path}/scale`, { signal });
    const wanted = { ...scale, spec: { replicas: 2 } };
    expect((await api.update<Scale>(`${web.path}/scale`, wanted, { signal })).spec.replicas).toBe(2);
    await expect(api.update(`${web.path}/scale`, wanted, { signal })).rejects.toMatchObject({ status: 409 });
  });

  it('leaves the number out when it is none, and refuses less', async () => {
    const web = await idle('scale-none', 1);
    const scaled = await api.mergePatch<Scale>(`${web.path}/scale`, { spec: { replicas: 0 } }, { signal });
    expect(scaled.spec).toEqual({});
    await expect(api.mergePatch(`${web.path}/scale`, { spec: { replicas: -1 } }, { signal })).rejects.toMatchObject({
      status: 422,
      reason: 'Invalid',
    });
    await expect(api.get(`${web.path}-not/scale`, { signal })).rejects.toMatchObject({ status: 404 });
  });

  it('is what kubectl scale writes, and only from the number it was told', async () => {
    await idle('scale-kubectl', 2);
    expect((await kubectl('scale deployment/scale-kubectl --replicas=1 --current-replicas=9')).err).toContain(
      'Expected replicas to be 9, was 2',
    );
    expect(await out('scale deployment/scale-kubectl --replicas=3 --current-replicas=2')).toBe(
      'deployment.apps/scale-kubectl scaled\n',
    );
    expect(await out('get deployment scale-kubectl --subresource=scale -o jsonpath={.spec.replicas}')).toBe('3');
  });

  it('of a ReplicaSet is what its Deployment takes back', async () => {
    const web = new Workload(plane, 'scale-set');
    await web.create({ spec: { replicas: 1 } });
    await web.complete();
    const [set] = await web.sets();
    const path = web.path.replace(/deployments.*/, `replicasets/${set?.metadata.name}/scale`);
    expect((await api.get<Scale>(path, { signal })).status.replicas).toBe(1);
    await api.mergePatch(path, { spec: { replicas: 3 } }, { signal });
    const [taken] = await eventually('one again', async () => {
      const sets = await web.sets();
      // Scaled by hand, and scaled back.
      return (sets[0]?.metadata.generation ?? 0) >= (set?.metadata.generation ?? 0) + 2 && sets;
    });
    expect(taken?.spec.replicas).toBe(1);
    await web.complete(1);
  });
});

describe('a subresource that a kind does not have', () => {
  it('is not found', async () => {
    const web = await idle('none');
    await expect(api.get(`${web.path}/nonsense`, { signal })).rejects.toMatchObject({ status: 404 });
  });
});
