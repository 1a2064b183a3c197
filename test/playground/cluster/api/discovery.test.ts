import { describe, expect, it } from '@jest/globals';
import { startApi } from './api-client.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

describe('discovery', () => {
  it('says which version of Kubernetes it answers for', () => {
    expect(startApi().get('/version').body).toMatchObject({ major: '1', minor: '37', gitVersion: 'v1.37.2' });
  });

  it('comes aggregated or group by group, and both agree', () => {
    const { get } = startApi();
    const aggregated = get('/apis', { accept: AGGREGATED });
    expect(aggregated.headers['content-type']).toBe(
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    );
    const groups: string[] = get('/apis').body.groups.map((g: any) => g.name);
    expect(aggregated.body.items.map((g: any) => g.metadata.name)).toEqual(groups);
    expect(groups).toEqual(
      expect.arrayContaining(['apps', 'policy', 'coordination.k8s.io', 'rbac.authorization.k8s.io']),
    );
    for (const { versions } of get('/apis').body.groups) {
      for (const { groupVersion } of versions) expect(get(`/apis/${groupVersion}`).body.kind).toBe('APIResourceList');
    }
  });

  it('names an OpenAPI document for every group version, and has it', () => {
    const { get } = startApi();
    const { paths } = get('/openapi/v3').body;
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['api/v1', 'apis/apps/v1']));
    for (const { serverRelativeURL } of Object.values<any>(paths)) {
      expect(get(serverRelativeURL).body.openapi).toBe('3.0.0');
    }
  });

  it('gives OpenAPI v2 as JSON, not as protobuf', () => {
    const { get } = startApi();
    expect(get('/openapi/v2').body.swagger).toBe('2.0');
    expect(get('/openapi/v2', { accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' }).code).toBe(406);
  });

  it.each(['/readyz', '/livez', '/healthz', '/readyz/ping'])('is well at %s', (path) => {
    expect(startApi().get(path)).toMatchObject({ code: 200, text: 'ok' });
  });

  it.each(['/nope', '/apis/nope/v1/foos', '/apis/nope/v1'])('knows no %s', (path) => {
    expect(startApi().get(path)).toMatchObject({ code: 404, text: '404 page not found\n' });
  });

  it('tells an unknown resource from an unknown group, and a wrong method from both', () => {
    const { get, send } = startApi();
    expect(get('/apis/apps/v1/namespaces/shop/foos').body.message).toBe(
      'the server could not find the requested resource',
    );
    const wrong = [
      ['PUT', '/apis/apps/v1/namespaces/shop/deployments'],
      ['POST', '/apis/apps/v1/namespaces/shop/deployments/web'],
      ['PATCH', '/apis/apps/v1/namespaces/shop/deployments'],
    ];
    for (const [method, path] of wrong) {
      expect(send(method!, path!, {}).body).toMatchObject({ code: 405, reason: 'MethodNotAllowed' });
    }
  });
});
