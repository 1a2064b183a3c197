import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { DEPLOYMENT, rows, startPerson, type Person } from './kubectl.ts';

let person: Person;

beforeAll(async () => {
  person = await startPerson();
  await person.kubectl('create -f -', DEPLOYMENT);
  await person.kubectl('rollout status deployment/web --timeout=20s');
});
afterAll(() => person.stop());

const out = async (words: string): Promise<string> => {
  const { code, out: text, err } = await person.kubectl(words);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return text;
};

describe('kubectl get', () => {
  it('prints a table', async () => {
    const [head, row] = rows(await out('get deployment web'));
    expect(head).toEqual(['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE']);
    expect(row?.slice(0, 4)).toEqual(['web', '2/2', '2', '2']);
  });

  it('prints a wide table', async () => {
    const [head, row] = rows(await out('get deploy -o wide'));
    expect(head?.slice(5)).toEqual(['CONTAINERS', 'IMAGES', 'SELECTOR']);
    expect(row?.slice(5)).toEqual(['web', 'example/web:v1', 'app=web']);
  });

  it('selects by label and by field', async () => {
    expect((await out('get pods -l app=web -o name')).trim().split('\n')).toHaveLength(2);
    expect(await out('get pods --field-selector=status.phase=Running -l app!=web -o name')).toBe('');
  });

  it('prints YAML and JSON of the same object', async () => {
    const fromYaml = parse(await out('get deployment web -o yaml'));
    const fromJson = JSON.parse(await out('get deployment web -o json'));
    expect(fromYaml).toEqual(fromJson);
    expect(fromJson.spec.template.spec.containers[0].image).toBe('example/web:v1');
    expect(fromJson.status.conditions.map((c: any) => c.type)).toEqual(['Available', 'Progressing']);
  });

  it('reads several kinds at once', async () => {
    const text = await out('get all');
    for (const kind of ['pod/web-', 'deployment.apps/web', 'replicaset.apps/web-']) expect(text).toContain(kind);
  });

  it('watches', async () => {
    const watched = person.follow('get deployment web --watch --output-watch-events', (text) =>
      text.includes('MODIFIED'),
    );
    await person.kubectl('label deployment web watched=yes');
    const [head, first] = rows(await watched);
    expect(head?.[0]).toBe('EVENT');
    expect(first?.slice(0, 2)).toEqual(['ADDED', 'web']);
  });

  it('says what is not there', async () => {
    expect((await person.kubectl('get deployment nope')).err).toContain(
      'Error from server (NotFound): deployments.apps "nope" not found',
    );
    expect((await person.kubectl('get nopes')).err).toContain('the server doesn\'t have a resource type "nopes"');
  });
});

describe('kubectl describe, events and explain', () => {
  it('describe a Deployment with its ReplicaSet and events', async () => {
    const text = await out('describe deployment web');
    expect(text).toMatch(/Replicas:\s+2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable/);
    expect(text).toMatch(/NewReplicaSet:\s+web-\w+ \(2\/2 replicas created\)/);
    expect(text).toMatch(/ScalingReplicaSet .* Scaled up replica set web-\w+ from 0 to 2/);
  });

  it('list events in order of time', async () => {
    expect(await out('events --for deployment/web')).toContain('ScalingReplicaSet');
    expect(await out('get events --sort-by=.lastTimestamp')).toContain('deployment/web');
  });

  it('explain built-in and custom fields', async () => {
    expect(await out('explain deployment.spec.replicas')).toContain('Number of desired pods');
    expect(await out('explain rollback.spec')).toContain('environment');
  });
});

describe('kubectl logs', () => {
  it('print the last lines of a Deployment', async () => {
    const { out: text } = await person.kubectl('logs deployment/web --tail=2');
    expect(text.trim().split('\n').length).toBeLessThanOrEqual(2);
    expect(text).toMatch(/\S/);
  });

  it('say that there is nothing before the first start', async () => {
    expect((await person.kubectl('logs deployment/web --previous')).err).toMatch(
      /previous terminated container "web" in pod "web-\S+" not found/,
    );
  });
});
