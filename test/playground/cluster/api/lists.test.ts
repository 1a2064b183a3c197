import { describe, expect, it } from '@jest/globals';
import { CONFIG_MAPS, configMap, deployment, DEPLOYMENTS, startApi, type Answer, type Client } from './api-client.ts';

const names = ({ body }: Answer): string[] => body.items.map((i: any) => i.metadata.name);

function five(): Client {
  const client = startApi();
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    client.post(CONFIG_MAPS, configMap(name, { app: name, tier: name < 'c' ? 'front' : 'back' }));
  }
  return client;
}

describe('a list', () => {
  it('carries kind and version once, and on items only for custom resources', () => {
    const { get, post } = startApi();
    post(DEPLOYMENTS, deployment());
    const { body } = get(DEPLOYMENTS);
    expect(body).toMatchObject({ kind: 'DeploymentList', apiVersion: 'apps/v1' });
    expect(body.items[0].kind).toBeUndefined();
  });

  it.each([
    ['labelSelector=app%3Da', ['a']],
    ['labelSelector=tier%3Dfront,app!%3Da', ['b']],
    ['labelSelector=app in (a,e)', ['a', 'e']],
    ['labelSelector=app notin (a,e),tier', ['b', 'c', 'd']],
    ['labelSelector=!tier', []],
    ['fieldSelector=metadata.name%3Dc', ['c']],
    ['fieldSelector=metadata.name!%3Dc,metadata.namespace%3Dshop', ['a', 'b', 'd', 'e']],
  ])('with %s has %j', (query, expected) => {
    expect(names(five().get(`${CONFIG_MAPS}?${query}`))).toEqual(expected);
  });

  it.each([
    ['labelSelector=a%3D%3D%3D', "unable to parse requirement: found '=', expected: identifier"],
    ['fieldSelector=spec.x%3Dy', '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    ['limit=x', 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['continue=x', 'invalid continue token: continue key is not valid: illegal base64 data at input byte 0'],
  ])('refuses %s', (query, message) => {
    expect(five().get(`${CONFIG_MAPS}?${query}`).body).toMatchObject({ code: 400, message });
  });

  it('comes in pages of one moment, whatever is written meanwhile', () => {
    const client = five();
    const first = client.get(`${CONFIG_MAPS}?limit=2`);
    expect(names(first)).toEqual(['a', 'b']);
    expect(first.body.metadata.remainingItemCount).toBe(3);
    client.delete(`${CONFIG_MAPS}/c`);
    client.post(CONFIG_MAPS, configMap('bb'));
    const second = client.get(`${CONFIG_MAPS}?limit=2&continue=${first.body.metadata.continue}`);
    expect(names(second)).toEqual(['c', 'd']);
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
    const last = client.get(`${CONFIG_MAPS}?limit=2&continue=${second.body.metadata.continue}`);
    expect(names(last)).toEqual(['e']);
    expect(last.body.metadata.continue).toBeUndefined();
  });

  it('comes whole with resourceVersion=0, whatever the limit', () => {
    expect(names(five().get(`${CONFIG_MAPS}?limit=2&resourceVersion=0`))).toHaveLength(5);
  });

  it('is expired when its pages are', () => {
    const client = five();
    const { metadata } = client.get(`${CONFIG_MAPS}?limit=2`).body;
    client.api.expire();
    const next = client.get(`${CONFIG_MAPS}?limit=2&continue=${metadata.continue}`);
    expect(next.body).toMatchObject({ code: 410, reason: 'Expired' });
  });

  it('cannot be newer than the newest', () => {
    expect(five().get(`${CONFIG_MAPS}?resourceVersion=999999`).body).toMatchObject({ code: 504, reason: 'Timeout' });
  });

  it('spans all namespaces when none is named', () => {
    const client = five();
    client.post('/api/v1/namespaces', { metadata: { name: 'another' } });
    client.post('/api/v1/namespaces/another/configmaps', configMap('z'));
    expect(names(client.get('/api/v1/configmaps'))).toEqual(['z', 'a', 'b', 'c', 'd', 'e']);
  });

  it('can be of metadata only', () => {
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
    const { body } = five().get(CONFIG_MAPS, { accept });
    expect(body.kind).toBe('PartialObjectMetadataList');
    expect(Object.keys(body.items[0])).toEqual(['kind', 'apiVersion', 'metadata']);
  });

  it('is answered as JSON to who would rather have protobuf, and refused to who takes only that', () => {
    const client = five();
    expect(client.get(CONFIG_MAPS, { accept: 'application/vnd.kubernetes.protobuf,application/json' }).code).toBe(200);
    expect(client.get(CONFIG_MAPS, { accept: 'application/vnd.kubernetes.protobuf' }).code).toBe(406);
  });
});

describe('events', () => {
  it('are one thing in two groups', () => {
    const { post, get } = startApi();
    post('/api/v1/namespaces/shop/events', {
      metadata: { name: 'e1' },
      involvedObject: { kind: 'Pod', name: 'x', namespace: 'shop' },
      reason: 'BackOff',
      message: 'again',
      count: 2,
    });
    expect(get('/apis/events.k8s.io/v1/namespaces/shop/events/e1').body).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      regarding: { name: 'x' },
      note: 'again',
      deprecatedCount: 2,
    });
    expect(names(get('/api/v1/namespaces/shop/events?fieldSelector=involvedObject.name%3Dx'))).toEqual(['e1']);
    expect(names(get('/api/v1/namespaces/shop/events?fieldSelector=reason%3DOther'))).toEqual([]);
  });
});
