/** Create, read, update, delete: what the answers say, and what they refuse. */
import { describe, expect, it } from '@jest/globals';
import { type KubernetesObject } from '#clients/kubernetes/api.ts';
import { eventually, usePlane } from '../harness/plane.ts';
import { deployment, Workload } from '../harness/workload.ts';

const plane = await usePlane('objects');
const { api, namespace, signal, kubectl, out } = plane;
const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
/** The field of a ConfigMap. */
const entries = 'data';

type ConfigMap = KubernetesObject & Record<string, unknown>;

const create = (name: string, more: object = {}): Promise<ConfigMap> =>
  api.create<ConfigMap>(configMaps, { metadata: { name }, [entries]: { a: '1' }, ...more }, { signal });
const read = (name: string): Promise<ConfigMap> => api.get<ConfigMap>(`${configMaps}/${name}`, { signal });

describe('creating', () => {
  it('fills in what the server knows', async () => {
    const { metadata, apiVersion, kind } = await create('made');
    expect({ apiVersion, kind }).toEqual({ apiVersion: 'v1', kind: 'ConfigMap' });
    expect(metadata).toMatchObject({ name: 'made', namespace });
    expect(metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(metadata.resourceVersion).toMatch(/^\d+$/);
    expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(metadata).not.toHaveProperty('generation');
    expect(await read('made')).toEqual(expect.objectContaining({ [entries]: { a: '1' } }));
  });

  it('refuses a name twice, and names that are none', async () => {
    await create('twice');
    await expect(create('twice')).rejects.toMatchObject({ status: 409, reason: 'AlreadyExists' });
    await expect(create('Not_a_Name')).rejects.toMatchObject({ status: 422, reason: 'Invalid' });
    await expect(create('')).rejects.toMatchObject({ status: 422, reason: 'Invalid' });
  });

  it('ends a generated name by five letters and digits', async () => {
    const made = await api.create<ConfigMap>(configMaps, { metadata: { generateName: 'some-' } }, { signal });
    expect(made.metadata.name).toMatch(/^some-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it('refuses another namespace than that of the path, a version, and a namespace that is not there', async () => {
    await expect(create('elsewhere', { metadata: { name: 'elsewhere', namespace: 'other' } })).rejects.toMatchObject({
      status: 400,
    });
    const versioned = { metadata: { name: 'versioned', resourceVersion: '7' } };
    await expect(create('versioned', versioned)).rejects.toMatchObject({ status: 500 });
    await expect(
      api.create(configMaps.replace(namespace, 'no-such'), { metadata: { name: 'lost' } }, { signal }),
    ).rejects.toMatchObject({ status: 404, message: expect.stringContaining('namespaces "no-such" not found') });
  });

  it('only shows what a dry run would make', async () => {
    const shown = await api.create<ConfigMap>(`${configMaps}?dryRun=All`, { metadata: { name: 'dry' } }, { signal });
    expect(shown.metadata).toMatchObject({ name: 'dry', uid: expect.any(String) });
    await expect(read('dry')).rejects.toMatchObject({ status: 404, reason: 'NotFound' });
  });

  it('fills in the defaults of a Deployment', async () => {
    const made = await new Workload(plane, 'defaults').create({ spec: { replicas: 0 } });
    expect(made.spec).toMatchObject({
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    });
    expect(made.spec.template.spec).toMatchObject({
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      containers: [{ imagePullPolicy: 'IfNotPresent', terminationMessagePath: '/dev/termination-log' }],
    });
    expect(made.metadata.generation).toBe(1);
  });

  it.each([
    ['no selector', { selector: null }, 'spec.selector: Required value'],
    ['another selector than its labels', { selector: { matchLabels: { app: 'x' } } }, 'does not match template'],
    ['less than no replicas', { replicas: -1 }, 'must be greater than or equal to 0'],
    ['an unknown strategy', { strategy: { type: 'Magic' } }, 'supported values: "Recreate", "RollingUpdate"'],
    [
      'nothing to surge and nothing to miss',
      { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } },
      'may not be 0 when `maxSurge` is 0',
    ],
    ['a deadline of no time', { progressDeadlineSeconds: 0 }, 'must be greater than minReadySeconds'],
    [
      'more missing than all',
      { strategy: { rollingUpdate: { maxUnavailable: '101%' } } },
      'must not be greater than 100%',
    ],
  ])('refuses a Deployment with %s', async (_what, spec, text) => {
    const body = deployment('refused', { spec: spec as object });
    await expect(api.create(deployments, body, { signal })).rejects.toMatchObject({ status: 422, reason: 'Invalid' });
    expect((await kubectl('create -f -', JSON.stringify(body))).err).toContain(text);
  });
});

describe('updating', () => {
  it('replaces, and leaves uid and creation time alone', async () => {
    const made = await create('replaced');
    const next = { ...made, metadata: { ...made.metadata, labels: { tier: 'x' } }, [entries]: { b: '2' } };
    const replaced = await api.update<ConfigMap>(`${configMaps}/replaced`, next, { signal });
    expect(replaced[entries]).toEqual({ b: '2' });
    expect(replaced.metadata.uid).toBe(made.metadata.uid);
    expect(Number(replaced.metadata.resourceVersion)).toBeGreaterThan(Number(made.metadata.resourceVersion));
  });

  it('changes no version when nothing changes', async () => {
    const made = await create('same');
    const again = await api.update<ConfigMap>(`${configMaps}/same`, made, { signal });
    expect(again.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    const merged = await api.mergePatch<ConfigMap>(`${configMaps}/same`, { [entries]: { a: '1' } }, { signal });
    expect(merged.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
  });

  it('conflicts with an older version, in an update as in a patch', async () => {
    const made = await create('contested');
    await api.mergePatch(`${configMaps}/contested`, { [entries]: { a: '2' } }, { signal });
    await expect(api.update(`${configMaps}/contested`, made, { signal })).rejects.toMatchObject({
      status: 409,
      reason: 'Conflict',
      message: expect.stringContaining('the object has been modified; please apply your changes to the latest version'),
    });
    const { resourceVersion } = made.metadata;
    await expect(
      api.mergePatch(`${configMaps}/contested`, { metadata: { resourceVersion } }, { signal }),
    ).rejects.toMatchObject({ status: 409, reason: 'Conflict' });
    const unversioned = { metadata: { name: 'contested' }, [entries]: { a: '9' } };
    const forced = await api.update<ConfigMap>(`${configMaps}/contested`, unversioned, { signal });
    expect(forced[entries]).toEqual({ a: '9' });
  });

  it('conflicts with another uid, and finds no object of another name', async () => {
    const made = await create('identified');
    const foreign = { ...made, metadata: { ...made.metadata, uid: '00000000-0000-4000-8000-000000000000' } };
    await expect(api.update(`${configMaps}/identified`, foreign, { signal })).rejects.toMatchObject({ status: 409 });
    await expect(api.update(`${configMaps}/other`, made, { signal })).rejects.toMatchObject({ status: 400 });
    await expect(api.mergePatch(`${configMaps}/nobody`, {}, { signal })).rejects.toMatchObject({ status: 404 });
  });

  it('raises the generation of a Deployment with its spec and its annotations, not with its labels or status', async () => {
    const web = new Workload(plane, 'generation');
    const generation = async (patch: object): Promise<number> => (await web.change(patch)).metadata.generation ?? 0;
    await web.create({ spec: { replicas: 0 } });
    await web.numbered(1);
    // The controller stamped its revision meanwhile.
    const before = (await web.read()).metadata.generation ?? 0;
    expect(await generation({ metadata: { labels: { tier: 'x' } } })).toBe(before);
    expect(await generation({ metadata: { annotations: { note: 'x' } } })).toBe(before + 1);
    expect(await generation({ spec: { replicas: 1 } })).toBe(before + 2);
    expect(await generation({ spec: { replicas: 1 } })).toBe(before + 2);
    expect(await generation({ status: { replicas: 7 } })).toBe(before + 2);
    const scale = { spec: { replicas: 0 } };
    await api.mergePatch(`${web.path}/scale`, scale, { signal });
    expect((await web.read()).metadata.generation).toBe(before + 3);
  });
});

describe('deleting', () => {
  it('takes an object away, and says when there is none', async () => {
    await create('gone');
    await api.delete(`${configMaps}/gone`, { signal });
    await expect(read('gone')).rejects.toMatchObject({ status: 404 });
    await expect(api.delete(`${configMaps}/gone`, { signal })).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('configmaps "gone" not found'),
    });
  });

  it('refuses another uid than the one that is there', async () => {
    await create('kept');
    const uid = '00000000-0000-4000-8000-000000000000';
    await expect(api.delete(`${configMaps}/kept`, { signal, uid })).rejects.toMatchObject({ status: 409 });
    const { metadata } = await read('kept');
    await api.delete(`${configMaps}/kept`, { signal, uid: metadata.uid });
    await expect(read('kept')).rejects.toMatchObject({ status: 404 });
  });

  it('only marks what a finalizer holds, and lets go with the last one', async () => {
    await create('held', { metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    await api.delete(`${configMaps}/held`, { signal });
    const marked = await read('held');
    expect(marked.metadata.deletionTimestamp).toEqual(expect.any(String));
    const more = { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } };
    await expect(api.mergePatch(`${configMaps}/held`, more, { signal })).rejects.toMatchObject({ status: 422 });
    await api.mergePatch(`${configMaps}/held`, { metadata: { finalizers: null } }, { signal });
    await expect(read('held')).rejects.toMatchObject({ status: 404 });
  });

  it('takes a collection by its labels', async () => {
    for (const name of ['one', 'two', 'three']) {
      await create(name, { metadata: { name, labels: { bunch: name === 'three' ? 'b' : 'a' } } });
    }
    await out('delete configmaps -l bunch=a');
    const { items } = await api.get<{ items: ConfigMap[] }>(`${configMaps}?labelSelector=bunch`, { signal });
    expect(items.map((c) => c.metadata.name)).toEqual(['three']);
  });

  it('takes what a Deployment owned with it, or leaves it behind when told to', async () => {
    const web = new Workload(plane, 'owner');
    await web.create();
    await web.complete();
    const [set] = await web.sets();
    const sets = `/apis/apps/v1/namespaces/${namespace}/replicasets/${set?.metadata.name}`;
    await out('delete deployment owner --cascade=orphan');
    const left = await eventually('an orphan', async () => {
      const orphan = await api.get<KubernetesObject>(sets, { signal });
      return orphan.metadata.ownerReferences === undefined && orphan;
    });
    expect(left.metadata.uid).toBe(set?.metadata.uid);
    await web.create();
    const [adopted] = await eventually('it is taken in again', async () => {
      const own = await web.sets();
      return own.length > 0 && own;
    });
    expect(adopted?.metadata.uid).toBe(set?.metadata.uid);
    await web.delete();
    await eventually('nothing is left', async () => (await web.pods()).length === 0);
    await expect(api.get(sets, { signal })).rejects.toMatchObject({ status: 404 });
  });
});
