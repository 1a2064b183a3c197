import { describe, expect, it } from '@jest/globals';
import { CONFIG_MAPS, configMap, deployment, DEPLOYMENTS, MERGE_PATCH, startApi } from './api-client.ts';

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/shop/leases';

describe('creating', () => {
  it('stores an object and answers with it', () => {
    const { post, get } = startApi();
    const created = post(CONFIG_MAPS, configMap('a', {}, { x: '1' }));
    expect(created.code).toBe(201);
    expect(created.body).toMatchObject({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'a', namespace: 'shop' },
    });
    expect(get(`${CONFIG_MAPS}/a`).body).toEqual(created.body);
  });

  it('makes up the end of a generated name', () => {
    const { post } = startApi();
    expect(post(CONFIG_MAPS, { metadata: { generateName: 'gen-' } }).body.metadata.name).toMatch(/^gen-[a-z0-9]{5}$/);
  });

  it('refuses what exists, in the real words', () => {
    const { post } = startApi();
    post(DEPLOYMENTS, deployment());
    const again = post(DEPLOYMENTS, deployment());
    expect(again.body).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'deployments.apps "web" already exists',
    });
  });

  it('does everything but store in a dry run', () => {
    const { post, get } = startApi();
    const shown = post(`${DEPLOYMENTS}?dryRun=All`, deployment());
    expect(shown.code).toBe(201);
    expect(shown.body.spec.revisionHistoryLimit).toBe(10);
    expect(get(`${DEPLOYMENTS}/web`).code).toBe(404);
  });

  it('needs a namespace that exists', () => {
    const { post } = startApi();
    const answer = post('/api/v1/namespaces/nowhere/configmaps', configMap('a'));
    expect(answer.body).toMatchObject({ code: 404, message: 'namespaces "nowhere" not found' });
  });

  it.each([
    [
      'a number for a text',
      { metadata: { name: 'k' }, ['data']: { a: 1 } },
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
    [
      'another kind',
      { kind: 'Pod', apiVersion: 'v1' },
      'Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion',
    ],
    [
      'another namespace',
      { metadata: { name: 'k', namespace: 'other' } },
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'no JSON',
      'xx',
      "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'x' looking for beginning of value (7878)",
    ],
  ])('answers 400 for %s', (_what, body, message) => {
    const { post } = startApi();
    expect(post(CONFIG_MAPS, body).body).toMatchObject({ code: 400, reason: 'BadRequest', message });
  });

  it('drops unknown fields with a warning, and refuses them when asked to be strict', () => {
    const { post } = startApi();
    const body = { metadata: { name: 'k', zz: 1 }, xx: { y: 1 } };
    const warned = post(CONFIG_MAPS, body);
    expect(warned.body.xx).toBeUndefined();
    expect(warned.headers['warning']).toEqual([
      '299 - "unknown field \\"metadata.zz\\""',
      '299 - "unknown field \\"xx\\""',
    ]);
    expect(
      post(`${CONFIG_MAPS}?fieldValidation=Strict`, { ...body, metadata: { name: 'l', zz: 1 } }).body.message,
    ).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "metadata.zz", unknown field "xx"',
    );
  });

  it('takes YAML, and neither protobuf nor plain text', () => {
    const { post } = startApi();
    expect(post(CONFIG_MAPS, 'metadata: {name: y}', { type: 'application/yaml' }).code).toBe(201);
    expect(post(CONFIG_MAPS, 'k8s', { type: 'application/vnd.kubernetes.protobuf' }).code).toBe(415);
    expect(post(CONFIG_MAPS, 'x', { type: 'text/plain' }).body.reason).toBe('UnsupportedMediaType');
  });
});

describe('updating', () => {
  it('replaces an object, with or without its version', () => {
    const { post, put } = startApi();
    const { metadata } = post(CONFIG_MAPS, configMap('a')).body;
    const versioned = put(`${CONFIG_MAPS}/a`, { metadata, ['data']: { q: 'r' } });
    expect(versioned.code).toBe(200);
    expect(put(`${CONFIG_MAPS}/a`, { metadata: { name: 'a' } }).body.data).toBeUndefined();
  });

  it('refuses an old version with a conflict', () => {
    const { post, put } = startApi();
    const { metadata } = post(DEPLOYMENTS, deployment()).body;
    put(`${DEPLOYMENTS}/web`, deployment('web', 'example/web:v2'));
    expect(put(`${DEPLOYMENTS}/web`, { ...deployment(), metadata }).body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
      details: { name: 'web', group: 'apps', kind: 'deployments' },
    });
  });

  it('refuses another name and another uid', () => {
    const { post, put } = startApi();
    post(CONFIG_MAPS, configMap('a'));
    expect(put(`${CONFIG_MAPS}/a`, { metadata: { name: 'b' } }).body.message).toBe(
      'the name of the object (b) does not match the name on the URL (a)',
    );
    expect(put(`${CONFIG_MAPS}/a`, { metadata: { name: 'a', uid: 'x' } }).code).toBe(409);
  });

  it('does not touch status with the object, nor the spec with status', () => {
    const { post, patch } = startApi();
    post(DEPLOYMENTS, deployment());
    patch(`${DEPLOYMENTS}/web`, { status: { replicas: 9 } }, MERGE_PATCH);
    const reported = patch(
      `${DEPLOYMENTS}/web/status`,
      { status: { replicas: 2 }, spec: { replicas: 7 } },
      MERGE_PATCH,
    );
    expect(reported.body).toMatchObject({
      spec: { replicas: 2 },
      status: { replicas: 2 },
      metadata: { generation: 1 },
    });
  });

  it('raises the generation of a Deployment for its spec and for annotations, not for labels', () => {
    const { post, patch } = startApi();
    post(DEPLOYMENTS, deployment());
    const generation = (body: object): number =>
      patch(`${DEPLOYMENTS}/web`, body, MERGE_PATCH).body.metadata.generation;
    expect(generation({ metadata: { labels: { x: 'y' } } })).toBe(1);
    expect(generation({ metadata: { annotations: { x: 'y' } } })).toBe(2);
    expect(generation({ spec: { replicas: 5 } })).toBe(3);
  });

  it('creates a Lease by PUT, and nothing else', () => {
    const { put } = startApi();
    expect(put(`${LEASES}/l`, { metadata: { name: 'l' }, spec: { holderIdentity: 'a' } }).code).toBe(201);
    expect(put(`${CONFIG_MAPS}/l`, { metadata: { name: 'l' } }).body.message).toBe('configmaps "l" not found');
  });

  it('keeps who last set which field', () => {
    const { post, patch } = startApi();
    post(`${DEPLOYMENTS}?fieldManager=kubectl-create`, deployment());
    const body = { spec: { replicas: 5 } };
    const { managedFields } = patch(`${DEPLOYMENTS}/web?fieldManager=maya`, body, MERGE_PATCH).body.metadata;
    expect(managedFields.map((e: any) => e.manager)).toEqual(['kubectl-create', 'maya']);
    expect(managedFields[1].fieldsV1).toEqual({ 'f:spec': { 'f:replicas': {} } });
    expect(managedFields[0].fieldsV1['f:spec']['f:replicas']).toBeUndefined();
    const containers = managedFields[0].fieldsV1['f:spec']['f:template']['f:spec']['f:containers'];
    expect(Object.keys(containers)).toContain('k:{"name":"side"}');
  });
});

describe('deleting', () => {
  it('answers with a Status that names the object', () => {
    const { post, ...client } = startApi();
    const { uid } = post(CONFIG_MAPS, configMap('a')).body.metadata;
    expect(client.delete(`${CONFIG_MAPS}/a`).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid },
    });
    expect(client.delete(`${CONFIG_MAPS}/a`).code).toBe(404);
  });

  it('honours preconditions', () => {
    const { post, ...client } = startApi();
    post(CONFIG_MAPS, configMap('a'));
    const answer = client.delete(`${CONFIG_MAPS}/a`, { preconditions: { uid: 'x' } });
    expect(answer.body).toMatchObject({ code: 409, reason: 'Conflict' });
    expect(answer.body.message).toContain('the UID in the precondition (x) does not match the UID in record');
  });

  it('waits for finalizers, and takes no new ones meanwhile', () => {
    const { post, patch, get, ...client } = startApi();
    post(DEPLOYMENTS, { ...deployment(), metadata: { name: 'web', finalizers: ['x.y/z'] } });
    expect(client.delete(`${DEPLOYMENTS}/web`).body.metadata).toMatchObject({
      generation: 2,
      deletionGracePeriodSeconds: 0,
    });
    const more = patch(`${DEPLOYMENTS}/web`, { metadata: { finalizers: ['x.y/z', 'q.r/s'] } }, MERGE_PATCH);
    expect(more.body.message).toContain('no new finalizers can be added if the object is being deleted');
    patch(`${DEPLOYMENTS}/web`, { metadata: { finalizers: null } }, MERGE_PATCH);
    expect(get(`${DEPLOYMENTS}/web`).code).toBe(404);
  });

  it('leaves a finalizer for whoever treats the dependents', () => {
    const { post, ...client } = startApi();
    post(DEPLOYMENTS, deployment());
    const answer = client.delete(`${DEPLOYMENTS}/web`, { propagationPolicy: 'Foreground' });
    expect(answer.body.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(client.delete(`${DEPLOYMENTS}/web`, { propagationPolicy: 'Nope' }).code).toBe(422);
  });

  it('deletes a collection by label', () => {
    const { post, get, ...client } = startApi();
    post(CONFIG_MAPS, configMap('a', { x: '1' }));
    post(CONFIG_MAPS, configMap('b'));
    client.delete(`${CONFIG_MAPS}?labelSelector=x%3D1`);
    expect(get(CONFIG_MAPS).body.items.map((i: any) => i.metadata.name)).toEqual(['b']);
  });
});
