/** What `kubectl get` prints: the server's tables, their columns and cells. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { rows } from '../harness/kubectl.ts';
import { eventually, usePlane } from '../harness/plane.ts';
import { Workload } from '../harness/workload.ts';

const plane = await usePlane('tables');
const { namespace, kubectl, out } = plane;
const web = new Workload(plane, 'web');
const broken = new Workload(plane, 'broken');

/** The lines under the head, which is checked. */
async function table(words: string, head: string[]): Promise<string[][]> {
  const [first, ...rest] = rows(await out(words));
  expect(first).toEqual(head);
  return rest;
}

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'svc' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
};
const BUDGET = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'budget' },
  spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
};
const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } };
const AUTOSCALER = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 2,
    maxReplicas: 5,
    metrics: [{ type: 'Resource', resource: cpu }],
  },
};

const AGE = expect.stringMatching(/^\d+[smh](\d+s)?$/);
const POD = ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'];

beforeAll(async () => {
  await web.versions(['v1', 'v2'], { spec: { replicas: 2 } });
  await broken.create({ tag: 'v1-broken' });
  await eventually('it cannot be pulled', async () =>
    /ImagePullBackOff|ErrImagePull/.test((await kubectl('get pods -l app=broken')).out),
  );
  await broken.until('its pod is counted', (d) => d.status?.updatedReplicas === 1);
});

describe('kubectl get', () => {
  it('deployments', async () => {
    const all = await table('get deployments', ['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE']);
    expect(all).toEqual([
      ['broken', '0/1', '1', '0', AGE],
      ['web', '2/2', '2', '2', AGE],
    ]);
    const wide = ['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE', 'CONTAINERS', 'IMAGES', 'SELECTOR'];
    expect(await table('get deployment web -o wide', wide)).toEqual([
      ['web', '2/2', '2', '2', AGE, 'main', 'example/web:v2', 'app=web'],
    ]);
  });

  it('ReplicaSets', async () => {
    const [old, current] = await web.sets();
    const lines = await table('get rs -l app=web', ['NAME', 'DESIRED', 'CURRENT', 'READY', 'AGE']);
    expect(lines.toSorted((a, b) => Number(a[1]) - Number(b[1]))).toEqual([
      [old?.metadata.name, '0', '0', '0', AGE],
      [current?.metadata.name, '2', '2', '2', AGE],
    ]);
  });

  it('pods, ready and not', async () => {
    const [pod] = await web.pods();
    expect(await table('get pods -l app=web', POD)).toContainEqual([pod?.metadata.name, '1/1', 'Running', '0', AGE]);
    const [[, ready, status, restarts] = []] = await table('get pods -l app=broken', POD);
    expect([ready, restarts]).toEqual(['0/1', '0']);
    expect(['ErrImagePull', 'ImagePullBackOff']).toContain(status);
    const head = [...POD, 'IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES'];
    const [line] = await table('get pods -l app=web -o wide', head);
    expect(line?.slice(5)).toEqual([expect.stringMatching(/^10\./), expect.any(String), '<none>', '<none>']);
  });

  it('the small kinds', async () => {
    await out('create configmap c --from-literal=a=b --from-literal=c=d');
    expect(await table('get configmap c', ['NAME', 'DATA', 'AGE'])).toEqual([['c', '2', AGE]]);
    await out('create secret generic s --from-literal=a=b');
    expect(await table('get secret s', ['NAME', 'TYPE', 'DATA', 'AGE'])).toEqual([['s', 'Opaque', '1', AGE]]);
    await out('create serviceaccount bot');
    const account = rows(await out('get serviceaccount bot'));
    expect(account[1]?.[0]).toBe('bot');
    await out('create -f -', JSON.stringify(SERVICE));
    const service = await table('get service svc', ['NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE']);
    expect(service).toEqual([['svc', 'ClusterIP', expect.stringMatching(/^10\./), '<none>', '80/TCP', AGE]]);
    expect(await table(`get namespace ${namespace}`, ['NAME', 'STATUS', 'AGE'])).toEqual([[namespace, 'Active', AGE]]);
  });

  it('budgets and autoscalers', async () => {
    await out('create -f -', JSON.stringify(BUDGET));
    const head = ['NAME', 'MIN AVAILABLE', 'MAX UNAVAILABLE', 'ALLOWED DISRUPTIONS', 'AGE'];
    await eventually('the budget is counted', async () => /\s1\s+\d+s/.test(await out('get pdb budget --no-headers')));
    expect(await table('get pdb budget', head)).toEqual([['budget', '1', 'N/A', '1', AGE]]);
    await out('create -f -', JSON.stringify(AUTOSCALER));
    const scaler = await table('get hpa web', [
      'NAME',
      'REFERENCE',
      'TARGETS',
      'MINPODS',
      'MAXPODS',
      'REPLICAS',
      'AGE',
    ]);
    expect(scaler[0]?.slice(0, 5)).toEqual(['web', 'Deployment/web', 'cpu: <unknown>/80%', '2', '5']);
    await out('delete hpa web');
  });

  it('labels as columns, and names only', async () => {
    expect(
      await table('get deployment web -L app', ['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE', 'APP']),
    ).toEqual([['web', '2/2', '2', '2', AGE, 'web']]);
    expect(await out('get deployment web --show-labels')).toContain('app=web');
    expect(await out('get deployments -o name')).toBe('deployment.apps/broken\ndeployment.apps/web\n');
    expect(await out('get deployment -o custom-columns=N:.metadata.name,R:.spec.replicas')).toBe(
      'N        R\nbroken   1\nweb      2\n',
    );
  });

  it('nothing, and says so', async () => {
    const { code, out: text, err } = await kubectl('get jobs');
    expect({ code, text, err }).toEqual({ code: 0, text: '', err: `No resources found in ${namespace} namespace.\n` });
  });
});
