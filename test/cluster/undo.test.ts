import { beforeAll, describe, expect, it } from '@jest/globals';
import { workloads } from '#clients/kubernetes/workloads.ts';
import type { RawDeployment } from '#clients/kubernetes/rows/deployment-row.ts';
import { createUndo } from '#methods/undo/undo.ts';
import type { MethodTarget, Progress } from '#methods/method.ts';
import type { Receipt, Step } from '#methods/undo/step.ts';
import { isRefusal, OutcomeUnknownError } from '#rollback/failure.ts';
import { kubectl } from './against-kubectl/kubectl.ts';
import { deployment, type DeploymentSketch } from './deployment.ts';
import { clock, eventually, usePlane } from './plane.ts';

const OPERATION = 'ops.lomashwood.com/operation';
const TRACKING = 'argocd.argoproj.io/tracking-id';
const CAUSE = 'kubernetes.io/change-cause';

const plane = usePlane('undo');
const { api, namespace, signal } = plane;
const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const replicaSets = `/apis/apps/v1/namespaces/${namespace}/replicasets`;
const view = workloads({ api, namespace, clock });
const undo = createUndo({ workloads: () => view, clock });

beforeAll(() => view.start(signal));

const target = (service: string, to?: string): MethodTarget => ({
  environment: 'production',
  service,
  namespace,
  workload: service,
  ...(to === undefined ? {} : { to }),
  avoid: new Set(),
  ranWell: new Map(),
});

const read = (name: string): Promise<RawDeployment> => api.get<RawDeployment>(`${deployments}/${name}`, { signal });

function change(name: string, patch: object): Promise<RawDeployment> {
  return api.mergePatch<RawDeployment>(`${deployments}/${name}`, patch, { signal });
}

async function revisionSeen(name: string, revision: number): Promise<void> {
  await eventually(`${name} at revision ${revision}`, () => {
    const row = view.deployments.get(name);
    const isThere = row?.revision === revision && row.observedGeneration >= row.generation;
    return isThere && view.replicaSets.all().some((r) => r.ownerUid === row.uid && r.revision === revision)
      ? true
      : undefined;
  });
}

/** Deploys one version after the other, each seen by the controller. */
async function deployed(name: string, tags: readonly string[], sketch: Partial<DeploymentSketch> = {}): Promise<void> {
  const [first, ...later] = tags;
  await api.create(deployments, deployment(name, { image: `${name}:${first}`, ...sketch }), { signal });
  await revisionSeen(name, 1);
  for (const [index, tag] of later.entries()) {
    const image = [{ op: 'replace' as const, path: '/spec/template/spec/containers/0/image', value: `${name}:${tag}` }];
    await api.jsonPatch(`${deployments}/${name}`, image, { signal });
    await revisionSeen(name, index + 2);
  }
}

async function planned(service: string, to?: string): Promise<Step> {
  const answer = await undo.plan(target(service, to), signal);
  if (isRefusal(answer)) throw new Error(answer.message);
  return answer.steps[0]!;
}

async function patched(step: Step, op: string): Promise<Receipt> {
  const answer = await undo.apply(step, op, signal);
  if (isRefusal(answer)) throw new Error(answer.message);
  return answer;
}

/** Looks until the state is one of these; answers that and every state on the way. */
async function followed(step: Step, receipt: Receipt, sinceMs: number): Promise<Progress & { states: Set<string> }> {
  const states = new Set<string>();
  const last = await eventually(`${step.workload.name} settles`, async () => {
    const progress = await undo.progress(step, receipt, sinceMs, signal);
    states.add(progress.state);
    return progress.state === 'progressing' ? undefined : progress;
  });
  return { ...last, states };
}

/** A busy controller's own look at a deadline comes late; a change of the Deployment brings it forward. */
async function nudged<T>(name: string, waited: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const nudge = async (): Promise<void> => {
    for (let count = 1; !stop.signal.aborted; count += 1) {
      await clock.sleep(4_000, stop.signal).catch(() => undefined);
      if (!stop.signal.aborted) await change(name, { metadata: { annotations: { nudge: String(count) } } });
    }
  };
  const nudging = nudge();
  try {
    return await waited;
  } finally {
    stop.abort();
    await nudging;
  }
}

describe('undoing a rollout', () => {
  it('goes back to the version before, with what the version recorded, and keeps the marks of owners', async () => {
    await deployed('good', ['v1'], { replicas: 3, annotations: { [CAUSE]: 'first', old: 'yes' } });
    await change('good', {
      metadata: { annotations: { [CAUSE]: 'second', [TRACKING]: 'app:x', extra: '1', old: null } },
      spec: { template: { spec: { containers: [{ name: 'main', image: 'good:v2' }] } } },
    });
    await revisionSeen('good', 2);
    const answer = await undo.plan(target('good'), signal);
    expect(answer).toMatchObject({
      summary: {
        from: { version: 'v2', revision: 2, deployedBy: 'second' },
        to: { version: 'v1', revision: 1, deployedBy: 'first' },
        isPrevious: true,
        difference: 'image v2 → v1',
        details: '- containers[main].image: good:v2\n+ containers[main].image: good:v1',
      },
    });
    const step = await planned('good');
    expect(await undo.find(step, 'uid/good/1', signal)).toBe('absent');
    const receipt = await patched(step, 'uid/good/1');
    const { metadata, spec } = await read('good');
    expect(spec.template.spec?.containers?.[0]?.image).toBe('good:v1');
    expect(metadata.annotations).toMatchObject({ [CAUSE]: 'first', [TRACKING]: 'app:x', old: 'yes' });
    expect(metadata.annotations).toHaveProperty([OPERATION], 'uid/good/1');
    expect(metadata.annotations).not.toHaveProperty('extra');
    expect(spec.replicas).toBe(3);
    expect(await undo.find(step, 'uid/good/1', signal)).toMatchObject({ templateHash: receipt.templateHash });
    expect(await undo.find(step, 'uid/good/2', signal)).toBe('absent');
    expect(await followed(step, receipt, 0)).toMatchObject({ state: 'done', ready: 3, desired: 3, revision: 3 });
  });

  it('goes back where the template carries the label that the controller gives to ReplicaSets', async () => {
    await deployed('labelled', ['v1', 'v2']);
    await change('labelled', { spec: { template: { metadata: { labels: { 'pod-template-hash': '5d4f8c7b9' } } } } });
    const step = await planned('labelled');
    await patched(step, 'uid/labelled/1');
    const { template } = (await read('labelled')).spec;
    expect(template.spec?.containers?.[0]?.image).toBe('labelled:v1');
    expect(template.metadata?.labels).toEqual({ app: 'labelled' });
  });

  it('patches once, whatever is repeated', async () => {
    await deployed('once', ['v1', 'v2']);
    const step = await planned('once');
    await patched(step, 'uid/once/1');
    const { metadata } = await read('once');
    await patched(step, 'uid/once/1');
    expect((await read('once')).metadata.generation).toBe(metadata.generation);
  });

  it('goes on after somebody scaled and annotated', async () => {
    await deployed('scaled', ['v1', 'v2']);
    const step = await planned('scaled');
    await change('scaled', { metadata: { annotations: { note: 'on fire' } }, spec: { replicas: 2 } });
    const receipt = await patched(step, 'uid/scaled/1');
    expect(await followed(step, receipt, 0)).toMatchObject({ state: 'done', desired: 2 });
  });

  it('takes the number that a version had before it was rolled back to', async () => {
    await deployed('numbered', ['v1', 'v2']);
    const step = await planned('numbered', '1');
    await followed(step, await patched(step, 'uid/numbered/1'), 0);
    await revisionSeen('numbered', 3);
    expect(await undo.plan(target('numbered', '1'), signal)).toMatchObject({ reason: 'AlreadyRuns' });
    expect(await planned('numbered', 'v2')).toMatchObject({ to: { version: 'v2' } });
  });
});

describe('a world that moved between plan and patch', () => {
  it('refuses after a new image, names it, and touches nothing', async () => {
    await deployed('moved', ['v1', 'v2']);
    const step = await planned('moved');
    await change('moved', { spec: { template: { spec: { containers: [{ name: 'main', image: 'moved:v3' }] } } } });
    const before = (await read('moved')).spec.template;
    const refusal = await undo.apply(step, 'uid/moved/1', signal);
    expect(refusal).toMatchObject({ reason: 'ChangedMeanwhile' });
    expect(refusal).toHaveProperty('message', expect.stringContaining('image v2 → v3'));
    expect((await read('moved')).spec.template).toEqual(before);
  });

  it('refuses when it was paused, and when it was created anew', async () => {
    await deployed('paused', ['v1', 'v2']);
    const step = await planned('paused');
    await change('paused', { spec: { paused: true } });
    expect(await undo.apply(step, 'uid/paused/1', signal)).toMatchObject({ reason: 'Paused' });
    const foreign = { ...step, workload: { ...step.workload, uid: '00000000-0000-0000-0000-000000000000' } };
    expect(await undo.apply(foreign, 'uid/paused/2', signal)).toMatchObject({ reason: 'VersionGone' });
  });

  it('writes nothing when somebody went back by hand already', async () => {
    await deployed('by-hand', ['v1', 'v2']);
    const step = await planned('by-hand');
    await change('by-hand', { spec: { template: { spec: { containers: [{ name: 'main', image: 'by-hand:v1' }] } } } });
    // The API server fills in the defaults that the merge of a list left out, so the template is the old one again.
    const answer = await undo.apply(step, 'uid/by-hand/1', signal);
    expect(answer).toMatchObject({ skipped: true });
    expect((await read('by-hand')).metadata.annotations).not.toHaveProperty([OPERATION]);
  });

  it('calls the patched version superseded after a newer deploy', async () => {
    await deployed('newer', ['v1', 'v2']);
    const step = await planned('newer');
    const receipt = await patched(step, 'uid/newer/1');
    await change('newer', { spec: { template: { spec: { containers: [{ name: 'main', image: 'newer:v9' }] } } } });
    const last = await eventually('it is superseded', async () => {
      const progress = await undo.progress(step, receipt, 0, signal);
      return progress.state === 'superseded' ? progress : undefined;
    });
    expect(last.detail).toMatch(/^v9 was deployed/);
  });
});

describe('an answer that was lost', () => {
  it('is found on the ReplicaSet after somebody undid the rollback by hand, and is not patched again', async () => {
    await deployed('lost', ['v1', 'v2']);
    const step = await planned('lost');
    await patched(step, 'uid/lost/1');
    await revisionSeen('lost', 3);
    // Our mark goes with the other annotations that v2 never had.
    expect((await kubectl(namespace, 'rollout undo deployment/lost')).text).toContain('rolled back');
    const before = await read('lost');
    expect(before.metadata.annotations).not.toHaveProperty([OPERATION]);
    const found = await undo.find(step, 'uid/lost/1', signal);
    expect(found).toMatchObject({ templateHash: step.to.templateHash });
    expect(await undo.find(step, 'uid/lost/2', signal)).toBe('absent');
    await change('lost', { spec: { template: { spec: { containers: [{ name: 'main', image: 'lost:v3' }] } } } });
    // Also when the look came too early, and the patch is tried once more.
    expect(await undo.apply(step, 'uid/lost/1', signal)).toMatchObject({ templateHash: step.to.templateHash });
    expect(await undo.apply(step, 'uid/lost/2', signal)).toMatchObject({ reason: 'ChangedMeanwhile' });
    expect((await read('lost')).metadata.generation).toBe((before.metadata.generation ?? 0) + 1);
    const seen = await eventually('v3 is seen', async () => {
      const progress = await undo.progress(step, found as Receipt, 0, signal);
      return progress.detail?.includes('v3') ? progress : undefined;
    });
    expect(seen).toMatchObject({ state: 'superseded', detail: expect.stringMatching(/^v3 was deployed/) });
  });

  it('is called not known when nothing is left to ask', async () => {
    await deployed('traceless', ['v1', 'v2']);
    const step = await planned('traceless');
    await api.delete(`${replicaSets}/${step.to.replicaSet.name}`, { signal });
    await expect(undo.find(step, 'uid/traceless/1', signal)).rejects.toThrow(
      'no answer to the patch came, and since then v1 was cleaned up by the cluster; look at what runs now',
    );
    await api.delete(`${deployments}/traceless`, { signal });
    await expect(undo.find(step, 'uid/traceless/1', signal)).rejects.toThrow(OutcomeUnknownError);
  });
});

describe('a version that does not come back', () => {
  it('is told at once when it crashes', async () => {
    await deployed('crashing', ['v1-crash', 'v2'], { replicas: 2 });
    const step = await planned('crashing');
    const last = await followed(step, await patched(step, 'uid/crashing/1'), 0);
    expect(last).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('crashes (3 restarts, exit code 1)'),
    });
  });

  it('is told within a minute when its image cannot be pulled', async () => {
    await deployed('unpulled', ['v1-broken', 'v2']);
    const step = await planned('unpulled');
    const last = await followed(step, await patched(step, 'uid/unpulled/1'), 30_000);
    expect(last).toMatchObject({ state: 'failed', ready: 0, detail: expect.stringContaining('image v1-broken') });
  });

  it('is told at its own progress deadline', async () => {
    await deployed('late', ['v1-broken', 'v2'], { progressDeadlineSeconds: 2 });
    await eventually('v2 runs', () =>
      view.deployments.get('late')?.status.availableReplicas === 1 ? true : undefined,
    );
    const step = await planned('late');
    const last = await nudged('late', followed(step, await patched(step, 'uid/late/1'), 0));
    expect(last.state).toBe('failed');
    expect(view.deployments.get('late')?.conditions).toContainEqual(
      expect.objectContaining({ reason: 'ProgressDeadlineExceeded' }),
    );
  });

  it('is not taken for failed because the deadline of the bad version still stands', async () => {
    await deployed('stale', ['v1', 'v2-broken'], { progressDeadlineSeconds: 2 });
    const hasPassed = eventually('the deadline of v2 has passed', () =>
      view.deployments.get('stale')?.conditions.some((c) => c.reason === 'ProgressDeadlineExceeded') ? true : undefined,
    );
    await nudged('stale', hasPassed);
    const step = await planned('stale');
    const receipt = await patched(step, 'uid/stale/1');
    expect(receipt.deadlineStamp).toEqual(expect.any(String));
    const last = await followed(step, receipt, 0);
    expect([...last.states].toSorted()).toEqual(expect.not.arrayContaining(['failed']));
    expect(last.state).toBe('done');
  });
});
