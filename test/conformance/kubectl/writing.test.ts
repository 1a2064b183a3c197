/** kubectl as a person changes things with it: scale, set, annotate, patch, apply, replace, create, delete. */
import { describe, expect, it } from '@jest/globals';
import { usePlane } from '../harness/plane.ts';
import { deployment, tagOf, Workload, type DeploymentSketch } from '../harness/workload.ts';

const plane = await usePlane('writing');
const { kubectl, out } = plane;

async function made(name: string, sketch: DeploymentSketch = {}): Promise<Workload> {
  const web = new Workload(plane, name);
  await web.create({ spec: { replicas: 0 }, ...sketch });
  await web.numbered(1);
  return web;
}

const manifest = (name: string, sketch?: DeploymentSketch): string => JSON.stringify(deployment(name, sketch));

describe('kubectl set', () => {
  it('sets images and environment', async () => {
    const web = await made('settings');
    expect(await out('set image deployment/settings main=example/settings:v2')).toBe(
      'deployment.apps/settings image updated\n',
    );
    expect((await kubectl('set image deployment/settings nope=x')).err).toContain(
      'unable to find container named "nope"',
    );
    expect(await out('set env deployment/settings A=b')).toBe('deployment.apps/settings env updated\n');
    const { spec } = await web.read();
    expect(tagOf({ spec })).toBe('v2');
    expect(spec.template.spec.containers[0]?.env).toEqual([{ name: 'A', value: 'b' }]);
  });
});

describe('kubectl annotate and label', () => {
  it('overwrite only when told', async () => {
    await made('notes');
    expect(await out('annotate deployment/notes note=one')).toContain('annotated');
    expect((await kubectl('annotate deployment/notes note=two')).err).toContain('--overwrite is false');
    expect(await out('annotate deployment/notes note=two --overwrite')).toContain('annotated');
    expect(await out('annotate deployment/notes note-')).toContain('annotated');
    expect(await out('label deployment/notes tier=front')).toContain('labeled');
    expect((await kubectl('label deployment/notes tier=a_')).err).toContain('a valid label must be an empty string or');
  });
});

describe('kubectl patch', () => {
  it('patches in three ways', async () => {
    await made('patched');
    const patch = (type: string, body: string): Promise<{ code: number; err: string }> =>
      kubectl(['patch', 'deployment', 'patched', `--type=${type}`, '-p', body]);
    expect((await patch('strategic', '{"spec":{"minReadySeconds":1}}')).code).toBe(0);
    expect((await patch('merge', '{"spec":{"minReadySeconds":0}}')).code).toBe(0);
    expect((await patch('json', '[{"op":"test","path":"/spec/paused","value":true}]')).err).toContain(
      'The request is invalid',
    );
    expect((await patch('merge', '{"spec":{"selector":{"matchLabels":{"app":"x"}}}}')).err).toContain(
      'field is immutable',
    );
  });
});

describe('kubectl apply', () => {
  it('creates, configures, and finds nothing to do', async () => {
    const text = manifest('applied', { spec: { replicas: 0 } });
    expect(await out('apply -f -', text)).toBe('deployment.apps/applied created\n');
    expect(await out('apply -f -', text)).toBe('deployment.apps/applied unchanged\n');
    expect(await out('apply -f -', text.replace(':v1', ':v2'))).toBe('deployment.apps/applied configured\n');
    const difference = await kubectl('diff -f -', text);
    expect(difference).toMatchObject({ code: 1, out: expect.stringMatching(/^-.*applied:v2[^]*^\+.*applied:v1/m) });
  });

  it('removes what the last one named and this one does not', async () => {
    const web = new Workload(plane, 'trimmed');
    await out('apply -f -', manifest('trimmed', { spec: { replicas: 0 }, annotations: { keep: '1', drop: '2' } }));
    await web.change({ metadata: { annotations: { foreign: '3' } } });
    await out('apply -f -', manifest('trimmed', { spec: { replicas: 0 }, annotations: { keep: '1' } }));
    const { metadata } = await web.read();
    expect(metadata.annotations).toMatchObject({ keep: '1', foreign: '3' });
    expect(metadata.annotations).not.toHaveProperty('drop');
  });

  it('warns of what was made without it', async () => {
    await made('adopted');
    const { code, err } = await kubectl('apply -f -', manifest('adopted', { spec: { replicas: 0 } }));
    expect(code).toBe(0);
    expect(err).toContain('is missing the kubectl.kubernetes.io/last-applied-configuration annotation');
  });
});

describe('kubectl create, replace and delete', () => {
  it('creates from words', async () => {
    expect(await out('create configmap c --from-literal=a=b')).toBe('configmap/c created\n');
    expect(await out('get configmap c -o jsonpath={.data.a}')).toBe('b');
    expect((await kubectl('create configmap c')).err).toContain('configmaps "c" already exists');
    expect(await out('create secret generic s --from-literal=a=b')).toBe('secret/s created\n');
    expect(await out('get secret s -o jsonpath={.data.a}')).toBe('Yg==');
  });

  it('replaces', async () => {
    await made('replaced');
    const text = manifest('replaced', { tag: 'v2', spec: { replicas: 0 } });
    expect(await out('replace -f -', text)).toBe('deployment.apps/replaced replaced\n');
    expect((await kubectl('replace -f -', text.replaceAll('replaced', 'nobody'))).err).toContain('"nobody" not found');
  });

  it('refuses what is wrong with a file, naming the fields', async () => {
    const misspelt = await kubectl('create -f -', manifest('wrong').replace('"replicas":', '"replica":'));
    expect(misspelt.err).toContain('strict decoding error: unknown field "spec.replica"');
    const unnamed = await kubectl('create -f -', manifest('wrong').replace('"name":"main",', ''));
    expect(unnamed.err).toContain('spec.template.spec.containers[0].name: Required value');
    const mistyped = await kubectl('create -f -', manifest('wrong').replace('"replicas":1', '"replicas":"one"'));
    expect(mistyped.err).toMatch(/cannot unmarshal string into Go struct field .*replicas of type int32/);
  });

  it('deletes, and waits until it is gone', async () => {
    const web = new Workload(plane, 'gone');
    await web.create();
    await web.complete(1);
    expect(await out('delete deployment gone --cascade=foreground')).toContain('deployment.apps "gone" deleted');
    expect(await out('get replicasets -l app=gone -o name')).toBe('');
    expect((await kubectl('delete deployment gone')).err).toContain('"gone" not found');
    expect(await out('delete deployment gone --ignore-not-found')).toBe('');
  });
});
