/** JSON, merge and strategic merge patches: what they do, and how they fail. */
import { describe, expect, it } from '@jest/globals';
import type { JsonPatch, KubernetesObject } from '#clients/kubernetes/api.ts';
import type { Deployment } from '#playground/cluster/objects.ts';
import { usePlane } from '../harness/plane.ts';
import { Workload } from '../harness/workload.ts';

const plane = await usePlane('patches');
const { api, namespace, signal, kubectl, out } = plane;
const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
/** The field of a ConfigMap. */
const entries = 'data';

type ConfigMap = KubernetesObject & { data?: Record<string, string> };

const create = (name: string, metadata: object = {}): Promise<ConfigMap> =>
  api.create<ConfigMap>(configMaps, { metadata: { name, ...metadata }, [entries]: { a: '1', z: 'last' } }, { signal });
const json = (name: string, patch: JsonPatch | object[]): Promise<ConfigMap> =>
  api.jsonPatch<ConfigMap>(`${configMaps}/${name}`, patch as JsonPatch, { signal });
const merge = (name: string, patch: object): Promise<ConfigMap> =>
  api.mergePatch<ConfigMap>(`${configMaps}/${name}`, patch, { signal });

/** Never created by the controller: no pods. */
async function idle(name: string): Promise<Workload> {
  const web = new Workload(plane, name);
  await web.create({ spec: { replicas: 0 } });
  await web.numbered(1);
  return web;
}

describe('a JSON patch', () => {
  it('adds, replaces, removes, copies and moves', async () => {
    await create('ops', { labels: { x: 'y' }, annotations: { 'a/b': 'slash', c: 'd' } });
    const patched = await json('ops', [
      { op: 'add', path: '/data/b', value: '2' },
      { op: 'replace', path: '/data/a', value: '9' },
      { op: 'copy', from: '/data/a', path: '/data/c' },
      { op: 'move', from: '/data/b', path: '/data/d' },
      { op: 'remove', path: '/metadata/annotations/a~1b' },
      { op: 'remove', path: '/metadata/labels' },
    ]);
    expect(patched.data).toEqual({ a: '9', c: '9', d: '2', z: 'last' });
    expect(patched.metadata.annotations).toEqual({ c: 'd' });
    expect(patched.metadata).not.toHaveProperty('labels');
  });

  it('inserts into lists, and at their end', async () => {
    const web = await idle('lists');
    const at = '/spec/template/spec/containers';
    const container = (name: string): object => ({ name, image: `example/${name}:v1` });
    const patch = [
      { op: 'add' as const, path: `${at}/0`, value: container('first') },
      { op: 'add' as const, path: `${at}/-`, value: container('last') },
    ];
    const { spec } = await api.jsonPatch<Deployment>(web.path, patch, { signal });
    expect(spec.template.spec.containers.map(({ name }) => name)).toEqual(['first', 'main', 'last']);
  });

  it.each<[string, object[]]>([
    ['a test of another value', [{ op: 'test', path: '/data/a', value: '2' }]],
    ['a test of a field that is not there', [{ op: 'test', path: '/data/none', value: '1' }]],
    ['a test within a field that is not there', [{ op: 'test', path: '/none/none', value: '1' }]],
    ['a removal of what is not there', [{ op: 'remove', path: '/data/none' }]],
    ['a replacement within a field that is not there', [{ op: 'replace', path: '/none/none', value: '1' }]],
    ['an addition within a field that is not there', [{ op: 'add', path: '/none/none', value: '1' }]],
    ['a move of what is not there', [{ op: 'move', from: '/data/none', path: '/data/b' }]],
    ['an operation that is none', [{ op: 'nonsense', path: '/data/a', value: '2' }]],
    [
      'a good operation before a bad one',
      [
        { op: 'remove', path: '/data/a' },
        { op: 'remove', path: '/data/none' },
      ],
    ],
  ])('is refused with 422 for %s, and changes nothing', async (what, patch) => {
    const name = what.replaceAll(/\W+/g, '-').toLowerCase();
    const made = await create(name);
    await expect(json(name, patch)).rejects.toMatchObject({ status: 422, reason: 'Invalid' });
    const now = await api.get<ConfigMap>(`${configMaps}/${name}`, { signal });
    expect(now.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
  });

  it('takes a missing field for null in a test', async () => {
    await create('null-test');
    const patched = await json('null-test', [
      { op: 'test', path: '/data/none', value: null },
      { op: 'add', path: '/data/b', value: '2' },
    ]);
    expect(patched.data).toHaveProperty('b', '2');
  });

  it('copies what is not there as null, which is an empty text in a map of texts', async () => {
    await create('null-copy');
    const patched = await json('null-copy', [{ op: 'copy', from: '/data/none', path: '/data/b' }]);
    expect(patched.data).toEqual({ a: '1', b: '', z: 'last' });
  });

  it('replaces what is not there, even the annotations of an object that has none', async () => {
    await create('absent');
    expect((await json('absent', [{ op: 'replace', path: '/data/b', value: '2' }])).data).toHaveProperty('b', '2');
    const annotations = { op: 'replace' as const, path: '/metadata/annotations', value: { a: 'b' } };
    expect((await json('absent', [annotations])).metadata.annotations).toEqual({ a: 'b' });
  });

  it('compares whole templates, so that a changed one fails the test and a scaled one passes', async () => {
    const web = await idle('guard');
    const { spec, metadata } = await web.read();
    const guarded = (image: string): JsonPatch => [
      { op: 'test', path: '/metadata/uid', value: metadata.uid },
      { op: 'test', path: '/spec/template', value: spec.template },
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: image },
    ];
    await web.scale(1);
    await web.scale(0);
    await web.change({ metadata: { annotations: { note: 'on fire' } } });
    await api.jsonPatch(web.path, guarded('example/guard:v2'), { signal });
    await expect(api.jsonPatch(web.path, guarded('example/guard:v3'), { signal })).rejects.toMatchObject({
      status: 422,
      reason: 'Invalid',
    });
    expect((await web.read()).spec.template.spec.containers[0]?.image).toBe('example/guard:v2');
  });

  it('is named as the reason by kubectl', async () => {
    await create('told');
    const patch = JSON.stringify([{ op: 'test', path: '/data/a', value: '2' }]);
    const { err } = await kubectl(['patch', 'configmap', 'told', '--type=json', '-p', patch]);
    expect(err).toBe('The request is invalid: the server rejected our request due to an error in our request\n');
  });

  it('that leaves no valid object is refused with the fields', async () => {
    const web = await idle('invalid');
    const patch = [{ op: 'replace' as const, path: '/spec/replicas', value: -1 }];
    await expect(api.jsonPatch(web.path, patch, { signal })).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('spec.replicas: Invalid value: must be greater than or equal to 0'),
    });
    await expect(
      api.jsonPatch(web.path, [{ op: 'replace' as const, path: '/spec/replicas', value: 'x' }], { signal }),
    ).rejects.toMatchObject({ status: 422 });
  });
});

describe('a merge patch', () => {
  it('merges objects, removes by null, replaces the rest, and can be repeated', async () => {
    await create('merged');
    const patch = { [entries]: { a: null, b: '2' }, metadata: { labels: { x: 'y' } } };
    const once = await merge('merged', patch);
    expect(once.data).toEqual({ z: 'last', b: '2' });
    const twice = await merge('merged', patch);
    expect(twice.metadata.resourceVersion).toBe(once.metadata.resourceVersion);
  });

  it('replaces lists whole', async () => {
    const web = await idle('whole');
    const containers = [{ name: 'other', image: 'example/whole:v2' }];
    const { spec } = await web.change({ spec: { template: { spec: { containers } } } });
    expect(spec.template.spec.containers.map(({ name }) => name)).toEqual(['other']);
  });

  it('cannot change what is fixed', async () => {
    const web = await idle('fixed');
    const selector = { spec: { selector: { matchLabels: { app: 'other' } } } };
    await expect(web.change(selector)).rejects.toMatchObject({ status: 422, reason: 'Invalid' });
    const named = await web.change({ metadata: { uid: null, creationTimestamp: null } });
    expect(named.metadata.uid).toBe((await web.read()).metadata.uid);
    await expect(web.change({ metadata: { name: 'other' } })).rejects.toMatchObject({ status: 400 });
  });
});

describe('a strategic merge patch', () => {
  const patch = (name: string, body: object): Promise<string> =>
    out(['patch', 'deployment', name, '--type=strategic', '-p', JSON.stringify(body), '-o', 'json']);
  const template = (text: string): Deployment['spec']['template'] => (JSON.parse(text) as Deployment).spec.template;

  it('merges containers by name and their environment by name', async () => {
    await idle('by-name');
    const env = (value: string): object => ({ name: 'main', env: [{ name: value, value }] });
    const spec = (...containers: object[]): object => ({ spec: { template: { spec: { containers } } } });
    await patch('by-name', spec(env('A'), { name: 'side', image: 'example/side:v1' }));
    const merged = template(await patch('by-name', spec(env('B'))));
    const [main, side] = merged.spec.containers.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(main).toMatchObject({ name: 'main', image: 'example/by-name:v1' });
    expect(main?.env?.map(({ name }) => name).toSorted()).toEqual(['A', 'B']);
    expect(side).toMatchObject({ name: 'side', image: 'example/side:v1' });
  });

  it('deletes items and replaces maps when told to', async () => {
    await idle('directives');
    const side = { name: 'side', image: 'example/side:v1' };
    await patch('directives', { spec: { template: { spec: { containers: [side] } } } });
    const gone = { spec: { template: { spec: { containers: [{ name: 'side', $patch: 'delete' }] } } } };
    expect(template(await patch('directives', gone)).spec.containers.map(({ name }) => name)).toEqual(['main']);
    const containers = [{ name: 'only', image: 'example/only:v1' }];
    const whole = { metadata: { labels: { app: 'directives' } }, spec: { containers }, $patch: 'replace' };
    const replaced = template(await patch('directives', { spec: { template: whole } }));
    expect(replaced.spec.containers.map(({ name }) => name)).toEqual(['only']);
    expect(replaced).not.toHaveProperty('$patch');
  });

  it('changes one strategy into another', async () => {
    await idle('strategy');
    const recreate = await kubectl([
      'patch',
      'deployment',
      'strategy',
      '-p',
      '{"spec":{"strategy":{"type":"Recreate"}}}',
    ]);
    expect(recreate.err).toContain("may not be specified when strategy `type` is 'Recreate'");
    const { spec } = JSON.parse(
      await patch('strategy', { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }),
    ) as Deployment;
    expect(spec.strategy).toEqual({ type: 'Recreate' });
  });

  it('does not exist for custom resources', async () => {
    await plane.define();
    const { err } = await kubectl(['patch', 'rollback', 'x', '--type=strategic', '-p', '{}']);
    expect(err).toMatch(/NotFound|UnsupportedMediaType|not supported/);
  });
});

describe('any patch', () => {
  it('only shows what a dry run would change', async () => {
    const made = await create('dry');
    const shown = await api.mergePatch<ConfigMap>(
      `${configMaps}/dry?dryRun=All`,
      { [entries]: { a: '2' } },
      { signal },
    );
    expect(shown.data).toHaveProperty('a', '2');
    expect((await api.get<ConfigMap>(`${configMaps}/dry`, { signal })).metadata.resourceVersion).toBe(
      made.metadata.resourceVersion,
    );
  });

  it('notes its author beside the fields', async () => {
    await create('owned');
    const path = `${configMaps}/owned?fieldManager=tester`;
    const { metadata } = await api.mergePatch<ConfigMap & { metadata: { managedFields: object[] } }>(
      path,
      { [entries]: { b: '2' } },
      { signal },
    );
    expect(metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: 'tester', operation: 'Update', fieldsV1: { 'f:data': { 'f:b': {} } } }),
    );
  });
});
