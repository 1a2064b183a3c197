import { describe, expect, it } from '@jest/globals';
import type { ServiceFacts } from '#preflight/facts.ts';
import { autoscaler } from '#preflight/workload/autoscaler.ts';
import { disruptionBudget } from '#preflight/workload/disruption-budget.ts';
import { nothingToGoBackTo } from '#preflight/workload/nothing-to-go-back-to.ts';
import { paused } from '#preflight/workload/paused.ts';
import { rolloutInProgress } from '#preflight/workload/rollout-in-progress.ts';
import { sameImage } from '#preflight/workload/same-image.ts';
import { sameVersion } from '#preflight/workload/same-version.ts';
import { aVersion } from '#test/harness/builders.ts';
import { aContainer, aDeployment, aPod, aReplicaSet, imageOf } from '#test/harness/rows.ts';
import { facts, known, unknown } from './facts.ts';

const DIGEST = `registry.lomashwood.com/auth-service@sha256:${'a'.repeat(64)}`;
const OTHER_DIGEST = `registry.lomashwood.com/auth-service@sha256:${'b'.repeat(64)}`;

describe('nothing to go back to', () => {
  it('says nothing while an earlier version is kept', () => {
    expect(nothingToGoBackTo(facts())).toEqual([]);
  });

  it('blocks when the current version is the only one, with the command to deploy by hand', () => {
    const [finding] = nothingToGoBackTo(facts({ replicaSets: [aReplicaSet('v1.4.3', 4)] }));
    expect(finding).toMatchObject({ grade: 'blocker', text: expect.stringContaining('keeps no earlier version') });
    expect(finding?.command).toBe(
      'kubectl set image deployment/auth-service auth-service=<earlier image> -n lomash-wood',
    );
  });

  it('names revisionHistoryLimit: 0 as the reason', () => {
    const deployment = aDeployment('v1.4.3', { revisionHistoryLimit: 0 });
    const [finding] = nothingToGoBackTo(facts({ deployment, replicaSets: [] }));
    expect(finding?.text).toContain('revisionHistoryLimit is 0');
  });

  it('says that the Deployment does not exist, and where it looked', () => {
    const { deployment: _gone, ...rest } = facts({ workload: 'stg-auth-service' });
    expect(nothingToGoBackTo(rest)[0]?.text).toBe('There is no Deployment stg-auth-service in namespace lomash-wood.');
  });
});

describe('a paused Deployment', () => {
  it('blocks, and prints the resume command with namespace and context', () => {
    const where = { environment: 'staging', namespace: 'lomash-wood-staging', context: 'stage' };
    const [finding] = paused(facts({ where, deployment: aDeployment('v1.4.3', { paused: true }) }));
    expect(finding?.grade).toBe('blocker');
    expect(finding?.command).toBe(
      'kubectl rollout resume deployment/auth-service -n lomash-wood-staging --context stage',
    );
  });

  it('says nothing of one that is not', () => {
    expect(paused(facts())).toEqual([]);
  });
});

describe('the target is what runs', () => {
  it('blocks', () => {
    expect(sameVersion(facts({ to: aVersion('v1.4.3') }))).toMatchObject([
      { grade: 'blocker', text: 'v1.4.3 is what runs now; there is nothing to change.' },
    ]);
  });

  it('says nothing of another version', () => {
    expect(sameVersion(facts())).toEqual([]);
  });
});

describe('the same image in both versions', () => {
  const sameText = [
    aReplicaSet('v1.4.3', 4),
    aReplicaSet('v1.4.2', 3, { images: { 'auth-service': imageOf('v1.4.3') } }),
  ];

  it('blocks, can be overridden, and says what differs', () => {
    const [finding] = sameImage(facts({ replicaSets: sameText, difference: '1 env variable changed' }));
    expect(finding).toMatchObject({ check: 'same-image', grade: 'blocker', overridable: true });
    expect(finding?.text).toContain('This would start the same image again');
    expect(finding?.text).toContain('What differs: 1 env variable changed.');
  });

  it('blocks when two tags run the same digest', () => {
    const pods = ['v1.4.3', 'v1.4.2'].map((v) => aPod(v, { containers: [aContainer(v, { imageId: DIGEST })] }));
    expect(sameImage(facts({ pods }))[0]?.text).toContain('v1.4.3 and v1.4.2 run the same digest');
  });

  it('warns instead when one tag runs two digests: the tag has moved', () => {
    const pods = [
      aPod('v1.4.3', { containers: [aContainer('v1.4.3', { imageId: DIGEST })] }),
      aPod('v1.4.2', { containers: [aContainer('v1.4.3', { imageId: OTHER_DIGEST })] }),
    ];
    expect(sameImage(facts({ replicaSets: sameText, pods }))).toMatchObject([{ grade: 'warning' }]);
  });

  it.each([
    ['the images differ and no pod of the target runs', {}],
    ['nothing is planned', { to: undefined }],
  ])('says nothing when %s', (_story, more) => {
    const { to, ...rest } = facts();
    expect(sameImage('to' in more ? rest : { ...rest, to: to! })).toEqual([]);
  });
});

describe('a rollout in progress', () => {
  const counts = (updatedReplicas: number, replicas: number, availableReplicas: number) => ({
    deployment: aDeployment('v1.4.3', {
      status: { replicas, updatedReplicas, readyReplicas: availableReplicas, availableReplicas },
    }),
  });
  const rows: [string, Partial<ServiceFacts>, string][] = [
    ['some pods are old', counts(1, 4, 3), '1 of 3 pods are of v1.4.3, 3 still of an earlier version.'],
    ['all are new, not all available', counts(3, 3, 1), '1 of 3 pods of v1.4.3 are available.'],
    ['the controller is behind', { deployment: aDeployment('v1.4.3', { generation: 5 }) }, 'one version behind'],
  ];

  it.each(rows)('warns and never blocks when %s', (_story, more, text) => {
    expect(rolloutInProgress(facts(more))).toMatchObject([{ grade: 'warning', text: expect.stringContaining(text) }]);
  });

  it('says nothing of a finished one', () => {
    expect(rolloutInProgress(facts())).toEqual([]);
  });
});

describe('autoscaler and disruption budget', () => {
  it('notes the limits of the autoscaler of this Deployment only', () => {
    const limits = { minReplicas: 3, maxReplicas: 10 };
    const autoscalers = known([
      { name: 'auth', scales: 'Deployment/auth-service', ...limits },
      { name: 'other', scales: 'Deployment/api-gateway', ...limits },
    ]);
    expect(autoscaler(facts({ autoscalers }))).toEqual([
      {
        check: 'autoscaler',
        grade: 'note',
        text: 'Autoscaler auth keeps between 3 and 10 pods. A rollback leaves the number of pods as it is.',
      },
    ]);
  });

  it('notes the budget that selects its pods', () => {
    const budget = { rule: 'at least 2', disruptionsAllowed: 1 };
    const disruptionBudgets = known([
      { name: 'auth', selector: { app: 'auth-service' }, ...budget },
      { name: 'other', selector: { app: 'api-gateway' }, ...budget },
    ]);
    const findings = disruptionBudget(facts({ disruptionBudgets }));
    expect(findings).toMatchObject([
      { grade: 'note', text: expect.stringContaining('auth wants at least 2 (1 may go') },
    ]);
  });

  it('says "not checked" when they could not be read', () => {
    expect(autoscaler(facts({ autoscalers: unknown }))).toMatchObject([
      { grade: 'unchecked', text: 'Autoscaler: not checked (no answer in time).' },
    ]);
    expect(disruptionBudget(facts({ disruptionBudgets: unknown }))).toMatchObject([{ grade: 'unchecked' }]);
  });
});
