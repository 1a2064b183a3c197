/** Who may do what: RBAC, reviews, tokens, impersonation. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { mayI } from '#clients/kubernetes/may-i.ts';
import { clock, eventually, usePlane, type Person } from '../harness/plane.ts';
import { Recording } from '../harness/recording.ts';
import { Workload } from '../harness/workload.ts';

const plane = await usePlane('access');
const { api, namespace, signal, kubectl, out } = plane;
const NAME = `system:serviceaccount:${namespace}:reader`;
const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
const web = new Workload(plane, 'web');
let reader: Person;

beforeAll(async () => {
  await web.create();
  await web.complete();
  reader = await plane.account('reader', [
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
    { apiGroups: [''], resources: ['pods/exec'], verbs: ['get'] },
    { apiGroups: [''], resources: ['configmaps'], resourceNames: ['known'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['example.com'], resources: ['environments'], resourceNames: ['staging'], verbs: ['rollback'] },
  ]);
  await eventually('the role is known', () =>
    reader.api.get(deployments, { signal }).then(
      () => true,
      () => false,
    ),
  );
});

describe('a service account', () => {
  it('does what its role allows', async () => {
    expect(await reader.api.get(`${deployments}/web`, { signal })).toMatchObject({ kind: 'Deployment' });
    expect((await reader.kubectl('get deployments -o name')).out).toBe('deployment.apps/web\n');
  });

  it.each<[string, (who: Person) => Promise<unknown>, string]>([
    [
      'delete',
      ({ api: own }) => own.delete(`${deployments}/web`, { signal }),
      `deployments.apps "web" is forbidden: User "${NAME}" cannot delete resource "deployments" in API group "apps" in the namespace "${namespace}"`,
    ],
    [
      'scale',
      ({ api: own }) => own.mergePatch(`${deployments}/web/scale`, { spec: { replicas: 0 } }, { signal }),
      `deployments.apps "web" is forbidden: User "${NAME}" cannot patch resource "deployments/scale" in API group "apps" in the namespace "${namespace}"`,
    ],
    [
      'read logs',
      ({ api: own }) => own.text(`/api/v1/namespaces/${namespace}/pods/x/log`, { signal }),
      `pods "x" is forbidden: User "${NAME}" cannot get resource "pods/log" in API group "" in the namespace "${namespace}"`,
    ],
    [
      'list in all namespaces',
      ({ api: own }) => own.get('/api/v1/pods', { signal }),
      `pods is forbidden: User "${NAME}" cannot list resource "pods" in API group "" at the cluster scope`,
    ],
    [
      'create',
      ({ api: own }) => own.create(configMaps, { metadata: { name: 'new' } }, { signal }),
      `configmaps is forbidden: User "${NAME}" cannot create resource "configmaps" in API group "" in the namespace "${namespace}"`,
    ],
    [
      'read a path',
      ({ api: own }) => own.get('/metrics', { signal }),
      `forbidden: User "${NAME}" cannot get path "/metrics"`,
    ],
  ])('cannot %s', async (_what, act, text) => {
    await expect(act(reader)).rejects.toMatchObject({
      status: 403,
      reason: 'Forbidden',
      message: expect.stringContaining(text),
    });
  });

  it('cannot watch what it may only list', async () => {
    const recording = new Recording(reader.api, deployments);
    await recording.end();
    expect(recording.ended).toMatchObject({ status: 403 });
    expect((await reader.kubectl('get pods --watch')).err).toContain(
      `pods is forbidden: User "${NAME}" cannot watch resource "pods" in API group ""`,
    );
  });

  it('reads by name what it may read by name, also in a list of one', async () => {
    const of = (rest: string): Promise<number> =>
      reader.api.get(`${configMaps}${rest}`, { signal }).then(
        () => 200,
        (error: { status: number }) => error.status,
      );
    expect([await of('/known'), await of('/other'), await of('')]).toEqual([404, 403, 403]);
    expect(await of('?fieldSelector=metadata.name%3Dknown')).toBe(200);
  });

  it('runs nothing in a pod with the right to get pods/exec alone: it takes create', async () => {
    const [pod] = await web.pods();
    const { code, err } = await reader.kubectl(['exec', pod?.metadata.name ?? '', '--', 'true']);
    expect(code).not.toBe(0);
    expect(err).toContain(
      `pods "${pod?.metadata.name}" is forbidden: User "${NAME}" cannot create resource "pods/exec" in API group ""`,
    );
  });

  it('is known by its token, and nobody by a wrong one', async () => {
    expect((await reader.kubectl('auth whoami -o jsonpath={.status.userInfo.username}')).out).toBe(NAME);
    const { out: token } = await kubectl('create token reader --duration=10m');
    expect(token.trim().split('.')).toHaveLength(3);
    expect((await kubectl('create token reader --duration=1m')).err).toContain(
      'may not specify a duration less than 10',
    );
    const wrong = await kubectl(['get', 'pods', '--token=nonsense']);
    expect(wrong.err).toMatch(/Unauthorized|must be logged in/);
  });
});

describe('an access review', () => {
  it('answers for oneself', async () => {
    const ask = mayI(reader.api, clock);
    const may = (verb: string, resource: string, group = 'apps'): Promise<boolean> =>
      ask({ verb, group, resource, namespace }, signal);
    expect([await may('get', 'deployments'), await may('patch', 'deployments')]).toEqual([true, false]);
    expect(await mayI(api, clock)({ verb: 'delete', group: '', resource: 'nodes', namespace }, signal)).toBe(true);
  });

  it('answers for verbs and resources that nobody serves', async () => {
    const may = (name: string): Promise<boolean> =>
      mayI(reader.api, clock)(
        { verb: 'rollback', group: 'example.com', resource: 'environments', namespace, name },
        signal,
      );
    expect([await may('staging'), await may('production')]).toEqual([true, false]);
  });

  it('says which binding allows it', async () => {
    const review = await reader.api.create<{ status: object }>(
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb: 'get', group: 'apps', resource: 'deployments', namespace } },
      },
      { signal },
    );
    expect(review.status).toEqual({
      allowed: true,
      reason: `RBAC: allowed by RoleBinding "reader/${namespace}" of Role "reader" to ServiceAccount "reader/${namespace}"`,
    });
  });

  it('answers for others to who may ask', async () => {
    const spec = { user: NAME, resourceAttributes: { verb: 'get', group: 'apps', resource: 'deployments', namespace } };
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    expect(await api.create(path, { spec }, { signal })).toMatchObject({ status: { allowed: true } });
    await expect(reader.api.create(path, { spec }, { signal })).rejects.toMatchObject({ status: 403 });
    await expect(api.create(path, { spec: { user: NAME } }, { signal })).rejects.toMatchObject({ status: 422 });
  });

  it('is what kubectl auth asks', async () => {
    expect((await kubectl('auth can-i patch deployments')).out).toBe('yes\n');
    expect((await reader.kubectl('auth can-i patch deployments')).out).toBe('no\n');
    expect((await reader.kubectl('auth can-i get pods --subresource=log')).out).toBe('no\n');
    expect(await out('auth can-i --list')).toMatch(/\*\.\*\s+\[\]\s+\[\]\s+\[\*\]/);
    expect((await reader.kubectl('auth can-i --list')).out).toMatch(/deployments\.apps\s+\[\]\s+\[\]\s+\[get list\]/);
  });
});

describe('impersonation', () => {
  it('is for those who may', async () => {
    expect((await kubectl('auth can-i get pods --as=nobody')).out).toBe('no\n');
    expect((await kubectl('get pods --as=nobody')).err).toContain('User "nobody" cannot list resource "pods"');
    expect((await kubectl(`get deployments -o name --as=${NAME}`)).out).toBe('deployment.apps/web\n');
    expect((await reader.kubectl('get deployments --as=nobody')).err).toContain(
      `User "${NAME}" cannot impersonate-on:user-info:list resource "deployments" in API group "apps"`,
    );
  });
});
