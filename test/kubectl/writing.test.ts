import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEPLOYMENT, rows, startPerson, type Person } from './kubectl.ts';

let person: Person;

beforeAll(async () => {
  person = await startPerson();
  await person.kubectl('create -f -', DEPLOYMENT);
});
afterAll(() => person.stop());

const ROLLBACK = `
apiVersion: ops.lomashwood.com/v1alpha1
kind: Rollback
metadata: {name: demo}
spec:
  environment: production
  targets: [{service: auth-service}]
  reason: {kind: other, text: all logins fail}
  requestedBy: {id: maya, name: Maya, via: kubectl}
`;

describe('kubectl changes', () => {
  it('scales, and only from the number it was told', async () => {
    expect((await person.kubectl('scale deployment/web --replicas=3')).out).toBe('deployment.apps/web scaled\n');
    expect((await person.kubectl('get deployment web -o jsonpath={.spec.replicas}')).out).toBe('3');
    expect((await person.kubectl('scale deployment/web --replicas=1 --current-replicas=9')).err).toContain(
      'Expected replicas to be 9, was 3',
    );
  });

  it('sets images and environment', async () => {
    expect((await person.kubectl('set image deployment/web web=example/web:v2')).out).toContain('image updated');
    expect((await person.kubectl('set image deployment/web nope=x')).err).toContain(
      'unable to find container named "nope"',
    );
    expect((await person.kubectl('set env deployment/web A=b')).out).toContain('env updated');
    const path = 'jsonpath={.spec.template.spec.containers[0].image}{.spec.template.spec.containers[0].env[0].value}';
    expect((await person.kubectl(`get deployment web -o ${path}`)).out).toBe('example/web:v2b');
  });

  it('annotates and labels, and overwrites only when told', async () => {
    expect((await person.kubectl('annotate deployment/web note=one')).out).toContain('annotated');
    expect((await person.kubectl('annotate deployment/web note=two')).err).toContain('--overwrite is false');
    expect((await person.kubectl('annotate deployment/web note=two --overwrite')).code).toBe(0);
    expect((await person.kubectl('label deployment/web tier=front')).out).toContain('labeled');
  });

  it('patches in three ways', async () => {
    const patch = (type: string, body: string): Promise<{ code: number; err: string }> =>
      person.kubectl(['patch', 'deployment', 'web', `--type=${type}`, '-p', body]);
    expect((await patch('strategic', '{"spec":{"minReadySeconds":1}}')).code).toBe(0);
    expect((await patch('merge', '{"spec":{"minReadySeconds":0}}')).code).toBe(0);
    expect((await patch('json', '[{"op":"test","path":"/spec/paused","value":true}]')).err).toContain(
      'The request is invalid',
    );
    expect((await patch('merge', '{"spec":{"selector":{"matchLabels":{"app":"x"}}}}')).err).toContain(
      'field is immutable',
    );
  });

  it('applies, compares and replaces', async () => {
    expect((await person.kubectl('apply -f -', DEPLOYMENT)).out).toContain('deployment.apps/web configured');
    expect((await person.kubectl('apply -f -', DEPLOYMENT)).out).toContain('deployment.apps/web unchanged');
    expect((await person.kubectl('replace -f -', DEPLOYMENT)).out).toContain('deployment.apps/web replaced');
    expect((await person.kubectl('apply --server-side -f -', DEPLOYMENT)).err).toContain(
      'Server-side apply not available',
    );
  });

  it('creates from words what it sends as protobuf', async () => {
    expect((await person.kubectl('create configmap c --from-literal=a=b')).out).toBe('configmap/c created\n');
    expect((await person.kubectl('get configmap c -o jsonpath={.data.a}')).out).toBe('b');
    expect((await person.kubectl('create configmap c')).err).toContain('configmaps "c" already exists');
    expect((await person.kubectl('create secret generic s --from-literal=a=b')).out).toBe('secret/s created\n');
    expect((await person.kubectl('get secret s -o jsonpath={.data.a}')).out).toBe('Yg==');
  });

  it('refuses what is wrong with a file, naming the fields', async () => {
    const misspelt = await person.kubectl('create -f -', DEPLOYMENT.replace('replicas:', 'replica:'));
    expect(misspelt.err).toContain('strict decoding error: unknown field "spec.replica"');
    const unnamed = await person.kubectl('create -f -', DEPLOYMENT.replace('name: web, image', 'image'));
    expect(unnamed.err).toContain('spec.template.spec.containers[0].name: Required value');
  });

  it('deletes, and what it owned goes with it', async () => {
    await person.kubectl('create -f -', DEPLOYMENT.replaceAll('web', 'gone'));
    await person.kubectl('wait --for=condition=Available deployment/gone --timeout=20s');
    expect((await person.kubectl('delete deployment gone --cascade=foreground')).out).toContain(
      'deployment.apps "gone" deleted',
    );
    expect((await person.kubectl('get replicasets -l app=gone -o name')).out).toBe('');
  });
});

describe('a Rollback by hand', () => {
  it('is created, seen, guarded and deleted', async () => {
    expect((await person.kubectl('create -f -', ROLLBACK)).out).toBe('rollback.ops.lomashwood.com/demo created\n');
    const [head, row] = rows((await person.kubectl('get rollbacks')).out);
    expect(head?.slice(0, 2)).toEqual(['NAME', 'ENVIRONMENT']);
    expect(row?.slice(0, 2)).toEqual(['demo', 'production']);
    const changed = await person.kubectl([
      'patch',
      'rb',
      'demo',
      '--type=merge',
      '-p',
      '{"spec":{"environment":"dev"}}',
    ]);
    expect(changed.err).toContain('environment cannot be changed: create a new Rollback');
    expect((await person.kubectl('delete rb demo')).out).toContain('rollback.ops.lomashwood.com "demo" deleted');
  });
});

describe('kubectl auth', () => {
  it('asks what one may', async () => {
    expect((await person.kubectl('auth can-i patch deployments')).out).toBe('yes\n');
    expect((await person.kubectlAs('maya-token', 'auth can-i patch deployments')).out).toBe('no\n');
    expect((await person.kubectl('auth can-i get pods --as=nobody')).out).toBe('no\n');
    expect((await person.kubectlAs('maya-token', 'auth whoami')).out).toContain('maya');
    expect((await person.kubectl('auth can-i --list')).out).toMatch(/\*\.\*\s+\[\]\s+\[\]\s+\[\*\]/);
  });

  it('is told why not', async () => {
    expect((await person.kubectlAs('maya-token', 'get pods')).err).toContain(
      'pods is forbidden: User "maya" cannot list resource "pods" in API group "" in the namespace "shop"',
    );
  });

  it('gets a signed token for a service account', async () => {
    await person.kubectl('create serviceaccount bot');
    const { out } = await person.kubectl('create token bot');
    expect(out.trim().split('.')).toHaveLength(3);
  });
});
