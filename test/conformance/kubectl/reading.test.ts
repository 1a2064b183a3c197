/** kubectl as a person reads with it: get, describe, events, explain, wait, logs. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { rows } from '../harness/kubectl.ts';
import { eventually, usePlane } from '../harness/plane.ts';
import { Workload } from '../harness/workload.ts';

const plane = await usePlane('reading');
const { kubectl, out } = plane;
const web = new Workload(plane, 'web');

beforeAll(async () => {
  await web.create({ spec: { replicas: 2 } });
  await web.complete(1);
  for (const pod of await web.pods()) await plane.giveLog(pod.metadata.name);
  await eventually('its events', async () => (await web.events('ScalingReplicaSet')).length > 0);
});

describe('kubectl get', () => {
  it('prints YAML and JSON of the same object', async () => {
    const fromYaml = parse(await out('get deployment web -o yaml')) as { status: { conditions: { type: string }[] } };
    const fromJson: unknown = JSON.parse(await out('get deployment web -o json'));
    expect(fromYaml).toEqual(fromJson);
    expect(fromYaml.status.conditions.map(({ type }) => type)).toEqual(['Available', 'Progressing']);
  });

  it('reads several kinds at once, by short names and categories', async () => {
    const text = await out('get all');
    for (const kind of ['pod/web-', 'deployment.apps/web', 'replicaset.apps/web-']) expect(text).toContain(kind);
    expect((await out('get deploy,rs,po -o name')).trim().split('\n')).toHaveLength(4);
    expect(await out('get deploy/web -o jsonpath={.spec.template.spec.containers[0].image}')).toBe('example/web:v1');
  });

  it('watches', async () => {
    let labelled: Promise<unknown> | undefined;
    const watched = await kubectl.follow('get deployment web --watch --output-watch-events', (text) => {
      if (text.includes('ADDED')) labelled ??= kubectl('label deployment web watched=yes');
      return text.includes('MODIFIED');
    });
    await labelled;
    const [head, first] = rows(watched);
    expect(head?.[0]).toBe('EVENT');
    expect(first?.slice(0, 2)).toEqual(['ADDED', 'web']);
  });

  it('says what is not there', async () => {
    expect((await kubectl('get deployment nope')).err).toBe(
      'Error from server (NotFound): deployments.apps "nope" not found\n',
    );
    expect((await kubectl('get nopes')).err).toContain('the server doesn\'t have a resource type "nopes"');
    expect((await kubectl('get deployment -n nowhere')).err).toContain('No resources found in nowhere namespace');
  });
});

describe('kubectl wait', () => {
  it('ends with the condition, or with its time', async () => {
    expect(await out('wait --for=condition=Available deployment/web --timeout=60s')).toBe(
      'deployment.apps/web condition met\n',
    );
    expect(await out('wait --for=jsonpath={.status.readyReplicas}=2 deployment/web --timeout=60s')).toContain('met');
    const late = await kubectl('wait --for=condition=Progressing=False deployment/web --timeout=1s');
    // The second where not even the first look came in time.
    const said = /timed out waiting for the condition|unable to sync caches: context deadline exceeded/;
    expect(late).toMatchObject({ code: 1, err: expect.stringMatching(said) });
  });
});

describe('kubectl describe, events and explain', () => {
  it('describe a Deployment with its ReplicaSet and events', async () => {
    const text = await out('describe deployment web');
    expect(text).toMatch(/Replicas:\s+2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable/);
    expect(text).toMatch(/NewReplicaSet:\s+web-\w+ \(2\/2 replicas created\)/);
    expect(text).toMatch(/ScalingReplicaSet .* Scaled up replica set web-\w+ from 0 to 2/);
  });

  it('describe a pod with its containers and events', async () => {
    const [pod] = await web.pods();
    const text = await eventually('its events', async () => {
      const described = await out(['describe', 'pod', pod?.metadata.name ?? '']);
      return described.includes('Successfully assigned') && described;
    });
    expect(text).toMatch(/Controlled By:\s+ReplicaSet\/web-/);
    expect(text).toMatch(/Image:\s+example\/web:v1/);
    expect(text).toMatch(/Status:\s+Running/);
  });

  it('list events', async () => {
    expect(await out('events --for deployment/web')).toContain('ScalingReplicaSet');
    expect(await out('get events --field-selector=reason=ScalingReplicaSet')).toContain('deployment/web');
  });

  it('explain the fields of kinds', async () => {
    expect(await out('explain deployment.spec.replicas')).toContain('Number of desired pods');
    expect(await out('explain lease.spec --recursive')).toMatch(/leaseDurationSeconds\s+<integer>/);
  });
});

describe('kubectl logs', () => {
  it('print the last lines of a Deployment', async () => {
    const { out: text } = await kubectl('logs deployment/web --tail=2');
    expect(text.trim().split('\n')).toHaveLength(2);
  });
});

describe('kubectl version and api-resources', () => {
  it('say what is served', async () => {
    const version = JSON.parse(await out('version -o json')) as { serverVersion: { major: string } };
    expect(version.serverVersion.major).toBe('1');
    const resources = rows(await out('api-resources --api-group=apps --no-headers')).map(([name]) => name);
    expect(resources).toEqual(expect.arrayContaining(['deployments', 'replicasets', 'statefulsets', 'daemonsets']));
    expect(await out('api-versions')).toMatch(/^coordination\.k8s\.io\/v1$/m);
  });
});
