/** Planning, journal and capture together on a real control plane: what the cluster says is what the plan, and the evidence, say. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createCapture } from '#capture/capture.ts';
import { Catalogue } from '#catalogue/catalogue.ts';
import { ApiUnreachable, type KubernetesObject } from '#clients/kubernetes/api.ts';
import { connect } from '#clients/kubernetes/api-server.ts';
import { mayI } from '#clients/kubernetes/may-i.ts';
import { workloads } from '#clients/kubernetes/workloads.ts';
import { memoryOf } from '#journal/journal.ts';
import { createJournalStore } from '#journal/store.ts';
import { createMethods } from '#methods/index.ts';
import { createPlanner } from '#planning/planner.ts';
import { readEnvironment } from '#preflight/environment-facts.ts';
import { UnavailableError } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Target } from '#rollback/spec.ts';
import { aRollback, aStatus } from '#test/harness/builders.ts';
import { deployment } from './deployment.ts';
import { clock, eventually, kubeconfigPath, usePlane } from './plane.ts';

const plane = usePlane('planning');
const { api, namespace, signal } = plane;
const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;

const catalogue = Catalogue.parse({
  environments: {
    production: { namespace, production: true, channel: 'C0INCIDENT', mayRollBack: { groups: ['S0ONCALL'] } },
  },
  services: { auth: { healthPath: '/health', notes: ['JWT secret rotated?'] }, alone: {}, content: {} },
  checklist: [{ id: 'login', text: 'Login works' }],
});
/** The field of a ConfigMap. */
const entries = 'data';
const view = workloads({ api, namespace, clock });
const journal = createJournalStore({ api, namespace, clock });
const others: Rollback[] = [];
const planner = createPlanner({
  catalogue,
  workloads: () => view,
  journal: (environment) => ({ read: (s) => journal.read(environment, s) }),
  methods: createMethods({ workloads: () => view, clock }),
  rollbacks: { list: () => others },
  mayI: () => mayI(api, clock),
  clock,
});

const ask = (...targets: Target[]) => planner.planSteps({ environment: 'production', method: 'undo', targets }, signal);

async function setImage(name: string, image: string): Promise<void> {
  const containers = [{ op: 'replace' as const, path: '/spec/template/spec/containers/0/image', value: image }];
  await api.jsonPatch(`${deployments}/${name}`, containers, { signal });
}

async function settled(name: string, image: string): Promise<void> {
  const { metadata } = await api.get<KubernetesObject>(`${deployments}/${name}`, { signal });
  await eventually(`${name} runs ${image}`, () => {
    const row = view.deployments.get(name);
    const owner = view.replicaSets.all().find((r) => r.ownerUid === row?.uid && r.templateHash === row?.templateHash);
    if (row === undefined || row.generation < (metadata.generation ?? 0)) return undefined;
    if (row.observedGeneration < row.generation) return undefined;
    const { replicas, updatedReplicas, availableReplicas } = row.status;
    const isDone = [replicas, updatedReplicas, availableReplicas].every((count) => count === row.replicas);
    return row.images['main'] === image && owner && isDone && row.revision === owner.revision ? row : undefined;
  });
}

beforeAll(async () => {
  await view.start(signal);
  await api.create(deployments, deployment('auth', { image: 'auth:v1.4.1' }), { signal });
  await api.create(deployments, deployment('alone', { image: 'alone:v1' }), { signal });
  await settled('auth', 'auth:v1.4.1');
  await settled('alone', 'alone:v1');
  for (const version of ['v1.4.2', 'v1.4.3']) {
    await setImage('auth', `auth:${version}`);
    await settled('auth', `auth:${version}`);
  }
});

describe('a plan', () => {
  it('goes to the version before, with what a person should know, and steps for the controller', async () => {
    const { plan, steps } = await ask({ service: 'auth' });
    const [auth] = plan.services;
    expect(auth).toMatchObject({ isPrevious: true, from: { version: 'v1.4.3' }, to: { version: 'v1.4.2' } });
    expect(auth?.refused).toBeUndefined();
    expect(auth?.findings.map((f) => [f.check, f.grade])).toEqual([
      ['ran-well', 'unchecked'],
      ['image', 'unchecked'],
      ['migrations', 'unchecked'],
    ]);
    expect(plan).toMatchObject({ fullSystem: false, whoMay: ['<!subteam^S0ONCALL>'], etaMinutes: 10 });
    expect(steps.get('auth')).toHaveLength(1);
  });

  it('leaves out what cannot go, and lets the others go', async () => {
    const { plan, steps } = await ask(
      { service: 'auth' },
      { service: 'alone' },
      { service: 'content' },
      { service: 'x' },
    );
    expect(plan.services.map((s) => s.refused?.reason)).toEqual([
      undefined,
      'NothingToGoBackTo',
      'NoDeployment',
      'UnknownService',
    ]);
    expect([...steps.keys()]).toEqual(['auth']);
  });

  it('does what was shown, also after scaling and annotating; refuses after a new image, by name', async () => {
    const { plan } = await ask({ service: 'auth' });
    const [auth] = plan.services;
    const expected = { from: auth?.from?.templateHash ?? '', to: auth?.to?.replicaSet.uid ?? '' };
    await api.mergePatch(
      `${deployments}/auth`,
      { metadata: { annotations: { seen: 'yes' } }, spec: { replicas: 2 } },
      { signal },
    );
    expect((await ask({ service: 'auth', expected })).steps.size).toBe(1);

    await setImage('auth', 'auth:v1.4.4');
    await settled('auth', 'auth:v1.4.4');
    const refused = (await ask({ service: 'auth', expected })).plan.services[0]?.refused;
    expect(refused?.message).toMatch(/^v1\.4\.4 was deployed at \d\d:\d\d UTC, after you opened the form\.$/);
  });

  it('reads when ConfigMaps were changed, and keeps nothing that they hold', async () => {
    const config = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'auth-config' },
      [entries]: { a: '1' },
    };
    await api.create(configMaps, config, { signal });
    const facts = await readEnvironment({ api, mayI: mayI(api, clock), namespace, secretNames: [] }, signal);
    const known = facts.configMaps.known ? facts.configMaps.value.get('auth-config') : undefined;
    expect(known).toMatchObject({ name: 'auth-config', changedAt: expect.stringMatching(/^\d{4}-/) });
    expect(JSON.stringify([...(facts.configMaps.known ? facts.configMaps.value.values() : [])])).not.toContain('"a"');
    expect(facts).toMatchObject({ denied: { known: true, value: [] }, isUnreachable: false });
  });

  it('refuses to start the same image again, unless that is overridden by name', async () => {
    const restart = [{ op: 'add' as const, path: '/spec/template/metadata/annotations', value: { restarted: 'now' } }];
    await api.jsonPatch(`${deployments}/alone`, restart, { signal });
    await settled('alone', 'alone:v1');
    await eventually('two versions', () => {
      const uid = view.deployments.get('alone')?.uid;
      return view.replicaSets.all().filter((r) => r.ownerUid === uid).length === 2 || undefined;
    });
    const refused = (await ask({ service: 'alone' })).plan.services[0]?.refused;
    expect(refused).toMatchObject({
      reason: 'SameImage',
      message: expect.stringContaining('the same image again (v1)'),
    });
    const { plan, steps } = await ask({ service: 'alone', override: ['same-image'] });
    expect(plan.services[0]?.refused).toBeUndefined();
    expect([...steps.keys()]).toEqual(['alone']);
  });

  it('refuses a second rollback of a service while one runs', async () => {
    others.push(aRollback({ name: 'first', spec: { targets: [{ service: 'auth' }] }, status: aStatus() }));
    const { plan } = await ask({ service: 'auth' });
    others.length = 0;
    expect(plan.services[0]?.refused).toMatchObject({
      reason: 'OtherRollback',
      message: expect.stringContaining('first'),
    });
  });

  it('is not made up when the API server does not answer', async () => {
    const closed = connect({ kubeconfigPath: kubeconfigPath(), clock });
    await closed.get('/version', { signal });
    await closed.close();
    const cut = createPlanner({
      catalogue,
      workloads: () => ({ ...view, api: closed }),
      journal: (environment) => ({ read: (s) => journal.read(environment, s) }),
      methods: createMethods({ workloads: () => view, clock }),
      rollbacks: { list: () => [] },
      mayI: () => () => Promise.reject(new ApiUnreachable('review', 'no answer')),
      clock,
    });
    const request = { environment: 'production', method: 'undo' as const, targets: [{ service: 'auth' }] };
    await expect(cut.plan(request, signal)).rejects.toBeInstanceOf(UnavailableError);
  });
});

const undoing = ({ metadata: { name, uid }, status }: Rollback): Rollback =>
  aRollback({ name: `undo-${name}`, spec: { parent: { name, uid, relation: 'undo' } }, status: status! });

describe('the journal', () => {
  it('steers the default target past a version that was left, until that is undone', async () => {
    const { plan } = await ask({ service: 'auth' });
    const first = aRollback({
      name: 'first',
      status: aStatus({ plan: { ...plan, services: [{ ...plan.services[0]!, from: plan.services[0]!.to! }] } }),
    });
    const at = new Date().toISOString();
    await journal.left(first, 'auth', at, signal);
    await journal.left(first, 'auth', at, signal);
    const past = (await ask({ service: 'auth' })).plan.services[0];
    expect(past?.to?.version).not.toBe(plan.services[0]?.to?.version);
    expect(past?.findings.map((f) => f.check)).toContain('skipped-versions');

    await journal.left(undoing(first), 'auth', at, signal);
    expect((await ask({ service: 'auth' })).plan.services[0]?.to?.version).toBe(plan.services[0]?.to?.version);
  });

  it('keeps what two writers saw at the same time', async () => {
    const names = ['a', 'b', 'c'];
    const base = (await ask({ service: 'auth' })).plan;
    await Promise.all(
      names.map((name) =>
        journal.left(aRollback({ name, status: aStatus({ plan: base }) }), 'auth', new Date().toISOString(), signal),
      ),
    );
    const saved = await journal.read('production', signal);
    expect(new Set(saved.left.map((m) => m.by))).toEqual(new Set(['first', ...names]));
    for (const name of names)
      await journal.left(
        undoing(aRollback({ name, status: aStatus({ plan: base }) })),
        'auth',
        new Date().toISOString(),
        signal,
      );
  });

  it('saves what it sees run', async () => {
    const rows = { deployments: view.deployments.all(), replicaSets: view.replicaSets.all() };
    await journal.observe('production', rows, signal);
    const hash = view.deployments.get('auth')?.templateHash ?? '';
    expect(memoryOf(await journal.read('production', signal), 'auth').since.has(hash)).toBe(true);
  });
});

describe('captured evidence', () => {
  it('is read, stored once however often, and owned by the rollback', async () => {
    const capture = createCapture({
      workloads: () => view,
      workload: (_, name) => ({ kind: 'Deployment', name }),
      api,
      namespace,
      budgetMs: 60_000,
    });
    const rollback = aRollback({ name: 'night', spec: { targets: [{ service: 'auth' }] } });
    const captured = await capture.read(rollback, 'auth', signal);
    expect(captured.parts.map((p) => p.name)).toEqual(
      expect.arrayContaining(['summary.txt', 'history.txt', 'events.txt']),
    );
    expect(captured.parts[0]?.text).toContain('auth:v1.4.4');

    const evidence = await capture.store(rollback, [captured], signal);
    expect(evidence.configMaps).toEqual([{ service: 'auth', name: 'night-auth-evidence' }]);
    expect(await capture.store(rollback, [captured], signal)).toEqual(evidence);
  });

  it('names what a cluster that hangs did not tell, and is not held up by it', async () => {
    const never = {
      ...api,
      get: () => new Promise<never>(() => undefined),
      text: () => new Promise<never>(() => undefined),
    };
    const hanging = () => ({ ...view, api: never });
    const capture = createCapture({
      workloads: hanging,
      workload: (_, name) => ({ kind: 'Deployment', name }),
      api,
      namespace,
      budgetMs: 50,
    });
    const captured = await capture.read(aRollback(), 'auth', signal);
    expect(captured.parts.map((p) => p.name)).toEqual(['summary.txt', 'history.txt']);
    expect(captured.missing).toContain('events (timed out)');
    expect(captured.missing.some((m) => /^logs of pod auth-.* \(timed out\)$/.test(m))).toBe(true);
  });
});
