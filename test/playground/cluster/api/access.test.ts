import { describe, expect, it } from '@jest/globals';
import { deployment, DEPLOYMENTS, startApi, type Client } from './api-client.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const REVIEWS = '/apis/authorization.k8s.io/v1';

function withReader(): { client: Client; token: string } {
  const client = startApi();
  client.post('/api/v1/namespaces/shop/serviceaccounts', { metadata: { name: 'bot' } });
  client.post(`${RBAC}/namespaces/shop/roles`, {
    metadata: { name: 'reader' },
    rules: [
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] },
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['known'], verbs: ['get', 'list'] },
    ],
  });
  client.post(`${RBAC}/namespaces/shop/rolebindings`, {
    metadata: { name: 'reads' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'bot', namespace: 'shop' }],
  });
  client.post(DEPLOYMENTS, deployment());
  const { status } = client.post('/api/v1/namespaces/shop/serviceaccounts/bot/token', {}).body;
  return { client, token: status.token };
}

describe('who may', () => {
  it('do what a role allows', () => {
    const { client, token } = withReader();
    expect(client.get(DEPLOYMENTS, { token }).code).toBe(200);
    expect(client.get(`${DEPLOYMENTS}/web`, { token }).code).toBe(200);
  });

  it.each([
    [
      'GET',
      `${DEPLOYMENTS}?watch=1`,
      'deployments.apps is forbidden: User "system:serviceaccount:shop:bot" cannot watch resource "deployments" in API group "apps" in the namespace "shop"',
    ],
    [
      'DELETE',
      `${DEPLOYMENTS}/web`,
      'deployments.apps "web" is forbidden: User "system:serviceaccount:shop:bot" cannot delete resource "deployments" in API group "apps" in the namespace "shop"',
    ],
    [
      'GET',
      '/api/v1/namespaces/shop/pods/x/log',
      'pods "x" is forbidden: User "system:serviceaccount:shop:bot" cannot get resource "pods/log" in API group "" in the namespace "shop"',
    ],
    [
      'GET',
      '/api/v1/pods',
      'pods is forbidden: User "system:serviceaccount:shop:bot" cannot list resource "pods" in API group "" at the cluster scope',
    ],
    [
      'GET',
      '/api/v1/namespaces/shop',
      'namespaces "shop" is forbidden: User "system:serviceaccount:shop:bot" cannot get resource "namespaces" in API group "" in the namespace "shop"',
    ],
    ['GET', '/metrics', 'forbidden: User "system:serviceaccount:shop:bot" cannot get path "/metrics"'],
  ])('not %s %s', (method, url, message) => {
    const { client, token } = withReader();
    expect(client.send(method, url, undefined, { token }).body).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message,
    });
  });

  it('read by name what is allowed by name, also in a list of one', () => {
    const { client, token } = withReader();
    const code = (rest: string): number => client.get(`/api/v1/namespaces/shop/configmaps${rest}`, { token }).code;
    expect([code('/known'), code('/other'), code('')]).toEqual([404, 403, 403]);
    expect(code('?fieldSelector=metadata.name%3Dknown')).toBe(200);
  });

  it('not be anybody: no token is anonymous, a wrong one nobody', () => {
    const client = startApi();
    expect(client.get(DEPLOYMENTS, { token: null }).body.message).toContain('User "system:anonymous" cannot list');
    expect(client.get(DEPLOYMENTS, { token: 'nope' }).body).toMatchObject({
      code: 401,
      reason: 'Unauthorized',
      message: 'Unauthorized',
    });
  });

  it('act for another only when allowed', () => {
    const client = startApi();
    const headers = { 'impersonate-user': 'somebody' };
    expect(client.get(DEPLOYMENTS, { headers }).body.message).toContain('User "somebody" cannot list');
    expect(client.get(DEPLOYMENTS, { token: 'maya-token', headers }).body.message).toContain(
      'User "maya" cannot impersonate-on:user-info:list resource "deployments"',
    );
  });
});

describe('a service account token', () => {
  it('ends with its time and with its account', () => {
    const { client, token } = withReader();
    client.clock.advance(59 * 60_000);
    expect(client.get(DEPLOYMENTS, { token }).code).toBe(200);
    client.clock.advance(2 * 60_000);
    expect(client.get(DEPLOYMENTS, { token }).code).toBe(401);
    const fresh = client.post('/api/v1/namespaces/shop/serviceaccounts/bot/token', {}).body.status.token;
    client.delete('/api/v1/namespaces/shop/serviceaccounts/bot');
    expect(client.get(DEPLOYMENTS, { token: fresh }).code).toBe(401);
  });

  it('cannot be forged', () => {
    const { client, token } = withReader();
    const [header, , signature] = token.split('.');
    const claims = Buffer.from(JSON.stringify({ sub: 'x', exp: 9e9 })).toString('base64url');
    expect(client.get(DEPLOYMENTS, { token: `${header}.${claims}.${signature}` }).code).toBe(401);
  });

  it('lives ten minutes at least', () => {
    const { client } = withReader();
    const answer = client.post('/api/v1/namespaces/shop/serviceaccounts/bot/token', {
      spec: { expirationSeconds: 60 },
    });
    expect(answer.body.message).toContain('may not specify a duration less than 10 minutes');
  });
});

describe('access reviews', () => {
  const ask = (client: Client, token: string, verb: string): any =>
    client.post(
      `${REVIEWS}/selfsubjectaccessreviews`,
      { spec: { resourceAttributes: { verb, group: 'apps', resource: 'deployments', namespace: 'shop' } } },
      { token },
    ).body;

  it('answer for oneself, with the binding that allows it', () => {
    const { client, token } = withReader();
    // Anybody signed in may ask: the bootstrap roles say so on a real cluster.
    client.post(`${RBAC}/clusterroles`, {
      metadata: { name: 'asks' },
      rules: [{ apiGroups: ['authorization.k8s.io'], resources: ['*'], verbs: ['create'] }],
    });
    client.post(`${RBAC}/clusterrolebindings`, {
      metadata: { name: 'asks' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'asks' },
      subjects: [{ kind: 'Group', name: 'system:authenticated' }],
    });
    expect(ask(client, token, 'get').status).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "reads/shop" of Role "reader" to ServiceAccount "bot/shop"',
    });
    expect(ask(client, token, 'patch').status).toEqual({ allowed: false });
    const rules = client.post(`${REVIEWS}/selfsubjectrulesreviews`, { spec: { namespace: 'shop' } }, { token }).body
      .status;
    expect(rules.resourceRules).toHaveLength(3);
  });

  it('answer for others', () => {
    const { client } = withReader();
    const spec = { user: 'x', resourceAttributes: { verb: 'get', resource: 'pods' } };
    expect(client.post(`${REVIEWS}/subjectaccessreviews`, { spec }).body.status).toEqual({ allowed: false });
    expect(client.post(`${REVIEWS}/selfsubjectaccessreviews`, { spec: {} }).code).toBe(422);
  });

  it('say who one is', () => {
    const { client, token } = withReader();
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    expect(client.post(path, {}).body.status.userInfo.username).toBe('admin');
    expect(client.post(path, {}, { token }).code).toBe(403);
  });
});
