import { describe, expect, it } from '@jest/globals';
import { applyStrategicMergePatch } from '#playground/cluster/api/patches/strategic-merge-patch.ts';
import { kindSchema, patchSchema } from '#playground/cluster/api/schemas/open-api.ts';
import {
  CONFIG_MAPS,
  configMap,
  deployment,
  DEPLOYMENTS,
  JSON_PATCH,
  MERGE_PATCH,
  startApi,
  STRATEGIC_PATCH,
  type Answer,
} from './api-client.ts';

function patchedDeployment(patch: unknown, type: string): Answer {
  const client = startApi();
  client.post(DEPLOYMENTS, deployment());
  return client.patch(`${DEPLOYMENTS}/web`, patch, type);
}

const REJECTED = 'the server rejected our request due to an error in our request';

describe('a JSON patch', () => {
  it.each([
    ['a test that fails', [{ op: 'test', path: '/metadata/uid', value: 'x' }]],
    ['a path through nothing', [{ op: 'replace', path: '/metadata/nope/x', value: 'x' }]],
    ['removing what is not there', [{ op: 'remove', path: '/metadata/nope' }]],
    ['an index beyond the end', [{ op: 'add', path: '/spec/template/spec/containers/9', value: {} }]],
    ['an unknown operation', [{ op: 'bad', path: '/x' }]],
    ['a test of an empty object against nothing', [{ op: 'test', path: '/metadata/annotations', value: {} }]],
  ])('that has %s is a 422 without details', (_what, patch) => {
    const { code, body } = patchedDeployment(patch, JSON_PATCH);
    expect(code).toBe(422);
    expect(body).toMatchObject({ reason: 'Invalid', message: REJECTED, details: {} });
  });

  it('that is no list is a 400', () => {
    expect(patchedDeployment({ a: 1 }, JSON_PATCH).body).toMatchObject({
      code: 400,
      message: 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    });
  });

  it('changes nothing when its last test fails', () => {
    const client = startApi();
    const before = client.post(DEPLOYMENTS, deployment()).body;
    const patch = [
      { op: 'replace', path: '/spec/replicas', value: 9 },
      { op: 'test', path: '/metadata/uid', value: 'x' },
    ];
    client.patch(`${DEPLOYMENTS}/web`, patch, JSON_PATCH);
    expect(client.get(`${DEPLOYMENTS}/web`).body).toEqual(before);
  });

  it('that replaces annotations an object does not have sets them', () => {
    const { body } = patchedDeployment(
      [{ op: 'replace', path: '/metadata/annotations', value: { a: 'b' } }],
      JSON_PATCH,
    );
    expect(body.metadata.annotations).toEqual({ a: 'b' });
  });

  it('that tests a missing member against null passes', () => {
    expect(patchedDeployment([{ op: 'test', path: '/metadata/annotations', value: null }], JSON_PATCH).code).toBe(200);
  });

  it('copies and moves, and reads escaped names', () => {
    const client = startApi();
    client.post(CONFIG_MAPS, configMap('a', {}, { x: '1' }));
    const patch = [
      { op: 'copy', from: '/data/x', path: '/data/y' },
      { op: 'move', from: '/data/x', path: '/data/z' },
      { op: 'add', path: '/metadata/annotations', value: {} },
      { op: 'add', path: '/metadata/annotations/a~1b', value: 'c' },
    ];
    const { body } = client.patch(`${CONFIG_MAPS}/a`, patch, JSON_PATCH);
    expect(body.data).toEqual({ y: '1', z: '1' });
    expect(body.metadata.annotations).toEqual({ 'a/b': 'c' });
  });

  it('guards a rollback: scaling passes its tests, a new image does not', () => {
    const client = startApi();
    const { metadata, spec } = client.post(DEPLOYMENTS, deployment()).body;
    const rollback = [
      { op: 'test', path: '/metadata/uid', value: metadata.uid },
      { op: 'test', path: '/spec/template', value: spec.template },
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'example/web:v0' },
    ];
    client.patch(`${DEPLOYMENTS}/web/scale`, { spec: { replicas: 5 } }, MERGE_PATCH);
    client.patch(`${DEPLOYMENTS}/web`, { metadata: { annotations: { a: 'b' } } }, MERGE_PATCH);
    expect(client.patch(`${DEPLOYMENTS}/web?dryRun=All`, rollback, JSON_PATCH).code).toBe(200);
    client.patch(`${DEPLOYMENTS}/web`, { spec: { template: { metadata: { labels: { v: '2' } } } } }, MERGE_PATCH);
    expect(client.patch(`${DEPLOYMENTS}/web`, rollback, JSON_PATCH).code).toBe(422);
  });
});

describe('a merge patch', () => {
  it('merges objects, removes nulls and replaces lists', () => {
    const patch = {
      metadata: { labels: { app: null, x: 'y' } },
      spec: { template: { spec: { containers: [{ name: 'only', image: 'i:1' }] } } },
    };
    const { body } = patchedDeployment(patch, MERGE_PATCH);
    expect(body.metadata.labels).toEqual({ x: 'y' });
    expect(body.spec.template.spec.containers).toHaveLength(1);
  });

  it.each([
    ['an old version', { metadata: { resourceVersion: '1' } }, 409],
    ['another uid', { metadata: { uid: '1' } }, 422],
    ['another name', { metadata: { name: 'other' } }, 400],
    ['a text for a number', { spec: { replicas: 'a' } }, 422],
  ])('with %s is refused', (_what, patch, code) => {
    expect(patchedDeployment(patch, MERGE_PATCH).code).toBe(code);
  });
});

describe('a strategic merge patch', () => {
  it('merges containers by name', () => {
    const patch = { spec: { template: { spec: { containers: [{ name: 'web', image: 'example/web:v2' }] } } } };
    const { containers } = patchedDeployment(patch, STRATEGIC_PATCH).body.spec.template.spec;
    expect(containers.map((c: any) => [c.name, c.image])).toEqual([
      ['web', 'example/web:v2'],
      ['side', 'example/side'],
    ]);
  });

  it('deletes, replaces and reorders by directive', () => {
    const schema = patchSchema(kindSchema('apps', 'v1', 'Deployment')!);
    const containers = (patch: object): string[] => {
      const patched = applyStrategicMergePatch(deployment(), { spec: { template: { spec: patch } } }, schema) as any;
      return patched.spec.template.spec.containers.map((c: any) => c.name);
    };
    expect(containers({ containers: [{ name: 'web', $patch: 'delete' }] })).toEqual(['side']);
    expect(containers({ containers: [{ $patch: 'replace' }, { name: 'new', image: 'i' }] })).toEqual(['new']);
    expect(containers({ '$setElementOrder/containers': [{ name: 'side' }, { name: 'web' }] })).toEqual(['side', 'web']);
    const replaced = { template: { metadata: { labels: { q: 'r' } }, $patch: 'replace' } };
    const { spec } = applyStrategicMergePatch(deployment(), { spec: replaced }, schema) as any;
    expect(spec.template).toEqual({ metadata: { labels: { q: 'r' } } });
  });

  it('needs the merge key', () => {
    const patch = { spec: { template: { spec: { containers: [{ image: 'x' }] } } } };
    expect(patchedDeployment(patch, STRATEGIC_PATCH).body).toMatchObject({
      code: 500,
      message: 'map: map[image:x] does not contain declared merge key: name',
    });
  });
});

describe('server-side apply and unknown patches', () => {
  it.each(['application/apply-patch+yaml', 'application/foo'])('of type %s are a 415', (type) => {
    expect(patchedDeployment({}, type).body).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
  });
});
