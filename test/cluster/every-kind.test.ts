/** One environment with a service of each kind: planned, shown, captured and remembered alike on a real control plane. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createCapture } from '#capture/capture.ts';
import { Catalogue, workloadOf } from '#catalogue/catalogue.ts';
import { mayI } from '#clients/kubernetes/may-i.ts';
import { workloads } from '#clients/kubernetes/workloads.ts';
import { memoryOf, workloadKey } from '#journal/journal.ts';
import { createJournalStore } from '#journal/store.ts';
import { createMethods } from '#methods/index.ts';
import { createPlanner } from '#planning/planner.ts';
import type { Target } from '#rollback/spec.ts';
import { aRollback } from '#test/harness/builders.ts';
import { deployment } from './deployment.ts';
import { clock, eventually, usePlane } from './plane.ts';
import { daemonSet, statefulSet } from './revisions/manifests.ts';
import { Place } from './revisions/place.ts';

const plane = usePlane('kinds');
const { api, namespace, signal } = plane;
const place = new Place(plane);
const catalogue = Catalogue.parse({
  environments: { production: { namespace, channel: 'C0INCIDENT', mayRollBack: { groups: ['S0ONCALL'] } } },
  services: {
    web: {},
    db: { kind: 'StatefulSet' },
    agent: { kind: 'DaemonSet' },
    young: { kind: 'StatefulSet' },
    absent: { kind: 'DaemonSet' },
  },
  checklist: [],
});
const journal = createJournalStore({ api, namespace, clock });

const plannerOf = (view: typeof place.view) =>
  createPlanner({
    catalogue,
    workloads: () => view,
    journal: (environment) => ({ read: (s) => journal.read(environment, s) }),
    methods: createMethods({ workloads: () => view, clock }),
    rollbacks: { list: () => [] },
    mayI: () => mayI(api, clock),
    clock,
  });
const planner = plannerOf(place.view);
const ask = (targets: Target[], asked = planner) =>
  asked.planSteps({ environment: 'production', method: 'undo', targets }, signal);

async function deployWeb(): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  await api.create(path, deployment('web', { image: 'web:v1' }), { signal });
  const runs = (revision: number) => () => {
    const row = place.view.deployments.get('web');
    const isObserved = row !== undefined && row.observedGeneration >= row.generation;
    const hasIt = place.view.replicaSets.all().some((r) => r.ownerUid === row?.uid && r.revision === revision);
    return (isObserved && hasIt && row.revision === revision) || undefined;
  };
  await eventually('web:v1 is seen', runs(1));
  const image = [{ op: 'replace' as const, path: '/spec/template/spec/containers/0/image', value: 'web:v2' }];
  await api.jsonPatch(`${path}/web`, image, { signal });
  await eventually('web:v2 is seen', runs(2));
}

beforeAll(async () => {
  await place.start();
  await deployWeb();
  await place.deploy('StatefulSet', 'db', (image) => statefulSet('db', { replicas: 1, image }), ['v1', 'v2-crash']);
  await place.deploy('StatefulSet', 'young', (image) => statefulSet('young', { replicas: 1, image }), ['v1']);
  await place.deploy('DaemonSet', 'agent', (image) => daemonSet('agent', { image }), ['v1', 'v2']);
});

describe('a plan', () => {
  it('holds services of every kind, and leaves out what cannot go', async () => {
    const services = Object.keys(catalogue.services);
    const { plan, steps } = await ask(services.map((service) => ({ service })));
    expect(plan.services.map((s) => [s.service, s.workload?.kind, s.to?.version, s.refused?.reason])).toEqual([
      ['web', 'Deployment', 'v1', undefined],
      ['db', 'StatefulSet', 'v1', undefined],
      ['agent', 'DaemonSet', 'v1', undefined],
      ['young', 'StatefulSet', undefined, 'NothingToGoBackTo'],
      ['absent', 'DaemonSet', undefined, 'NoDaemonSet'],
    ]);
    expect([...steps.keys()]).toEqual(['web', 'db', 'agent']);
  });

  it('says what is special of each kind, and nothing else', async () => {
    const { plan } = await ask([{ service: 'db' }, { service: 'agent' }]);
    const found = plan.services.map((s) => s.findings.map(({ check, grade }) => `${check} ${grade}`));
    const usual = ['ran-well unchecked', 'image unchecked', 'migrations unchecked'];
    expect(found).toEqual([['ordered-ready warning', 'rollout-in-progress warning', ...usual], usual]);
  });

  it('refuses what changed since it was shown', async () => {
    const { plan } = await ask([{ service: 'agent' }]);
    const expected = {
      from: plan.services[0]?.from?.templateHash ?? '',
      to: plan.services[0]?.to?.replicaSet.uid ?? '',
    };
    expect((await ask([{ service: 'agent', expected }])).steps.size).toBe(1);
    const other = { ...expected, from: 'other' };
    expect((await ask([{ service: 'agent', expected: other }])).plan.services[0]?.refused).toMatchObject({
      reason: 'ChangedSinceShown',
      command: `kubectl rollout history daemonset/agent -n ${namespace}`,
    });
  });

  it('does not take a kind that it cannot see for missing, and lets the others go', async () => {
    const blind = workloads({ api, namespace, clock });
    await blind.start(signal);
    const { plan, steps } = await ask([{ service: 'web' }, { service: 'db' }], plannerOf(blind));
    expect([...steps.keys()]).toEqual(['web']);
    expect(plan.services[1]?.refused).toMatchObject({ reason: 'NotPlanned' });
  });
});

describe('what is known of a service', () => {
  it('is its history, newest first, whatever its kind', async () => {
    const entries = await planner.history('production', 'agent', signal);
    expect(entries.map(({ version, revision, current }) => [version, revision, current])).toEqual([
      ['v2', 2, true],
      ['v1', 1, false],
    ]);
  });

  it('is how long a version ran, apart from others of the same name', async () => {
    const { daemonSets, controllerRevisions } = place.view;
    const rows = { deployments: daemonSets?.all() ?? [], replicaSets: controllerRevisions?.all() ?? [] };
    await journal.observe('production', rows, signal);
    const known = await journal.read('production', signal);
    const of = (kind: 'DaemonSet' | 'Deployment') => memoryOf(known, workloadKey({ kind, name: 'agent' })).since;
    expect([...of('DaemonSet').keys()]).toEqual([daemonSets?.get('agent')?.templateHash]);
    expect(of('Deployment').size).toBe(0);
  });

  it('is captured before it is lost, by the name of its kind', async () => {
    const capture = createCapture({
      workloads: () => place.view,
      workload: (environment, service) => workloadOf(catalogue, environment, service),
      api,
      namespace,
      budgetMs: 3_000,
    });
    const rollback = aRollback({ name: 'night', spec: { targets: [{ service: 'db' }] } });
    const { parts } = await capture.read(rollback, 'db', signal);
    const text = (name: string) => parts.find((part) => part.name === name)?.text ?? '';
    expect(text('summary.txt')).toContain(`StatefulSet ${namespace}/db, revision 2`);
    expect(text('summary.txt')).toContain('db-0: Running, not ready');
    expect(text('history.txt')).toMatch(
      /^REVISION .* CONTROLLERREVISION .*\n2 +current .* db:v2-crash .*\n1 .* db:v1 /,
    );
    expect((await capture.read(rollback, 'absent', signal)).missing).toEqual(['everything (the DaemonSet is gone)']);
  });
});
