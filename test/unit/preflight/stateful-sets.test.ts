import { describe, expect, it } from '@jest/globals';
import type { WorkloadRow, PodReplacement } from '#clients/kubernetes/rows.ts';
import type { ServiceFacts } from '#preflight/facts.ts';
import { lookAhead } from '#preflight/index.ts';
import { NEEDS } from '#preflight/needs-of-access.ts';
import { aDeployment, aPod } from '#test/harness/rows.ts';
import { facts, known } from './facts.ts';

const deletes = NEEDS.filter(({ verb }) => verb === 'delete');

function look(
  replacement: Partial<PodReplacement> = {},
  more: Partial<ServiceFacts> = {},
  row: Partial<WorkloadRow> = {},
) {
  const full = { isOnDelete: false, partition: 0, isOrdered: true, ...replacement };
  const deployment = aDeployment('v1.4.3', { kind: 'StatefulSet', replacement: full, ...row });
  return lookAhead(facts({ kind: 'StatefulSet', deployment, ...more }));
}

const checks = (found: ReturnType<typeof look>) => found.map(({ check, grade }) => `${check} ${grade}`);
const pod = (version: string, number: number, ready: boolean) =>
  aPod(version, { name: `auth-service-${number}`, ready });
const stuck = [pod('v1.4.2', 0, true), pod('v1.4.3', 1, false)];

describe('a StatefulSet', () => {
  it('has nothing to be said of it that is for Deployments only', () => {
    expect(checks(look())).toEqual(checks(lookAhead(facts())));
  });

  it('is called what it is, in words and in commands', () => {
    const [gone] = lookAhead(facts({ kind: 'StatefulSet', workload: 'auth-db', deployment: undefined } as never));
    expect(gone).toMatchObject({
      check: 'no-stateful-set',
      text: 'There is no StatefulSet auth-db in namespace lomash-wood.',
      command: 'kubectl get statefulsets -n lomash-wood',
    });
    const [none] = look({}, { replicaSets: [] });
    expect(none?.command).toBe(
      'kubectl set image statefulset/auth-service auth-service=<earlier image> -n lomash-wood',
    );
  });

  it('is not said to be missing where the cluster did not tell', () => {
    const unseen = facts({ kind: 'StatefulSet', deployment: undefined, isSeen: false } as never);
    expect(checks(lookAhead(unseen))).not.toContain('no-stateful-set blocker');
  });

  it('that waits for people to delete its pods cannot be rolled back by the bot', () => {
    expect(look({ isOnDelete: true })[0]).toMatchObject({
      check: 'on-delete',
      grade: 'blocker',
      command: 'kubectl rollout undo statefulset/auth-service --to-revision=3 -n lomash-wood',
    });
    expect(look({ isOnDelete: true })[0]?.overridable).toBeUndefined();
  });

  it('with a partition goes back as far as that', () => {
    expect(look({ partition: 1 })).toContainEqual(
      expect.objectContaining({
        check: 'partition',
        grade: 'warning',
        text: 'Only 2 of 3 pods go to v1.4.2: those below number 1 keep the version that they have (partition 1).',
      }),
    );
    expect(look({ partition: 3 })[0]).toMatchObject({ check: 'partition-keeps-all', grade: 'blocker' });
  });

  it('is not taken for unfinished because of its partition', () => {
    const status = { replicas: 3, updatedReplicas: 2, readyReplicas: 3, availableReplicas: 3 };
    expect(checks(look({ partition: 1 }, {}, { status }))).not.toContain('rollout-in-progress warning');
    expect(checks(look({}, {}, { status }))).toContain('rollout-in-progress warning');
  });
});

describe('a pod that is in the way', () => {
  const finding = (more: Partial<ServiceFacts>, replacement: Partial<PodReplacement> = {}) =>
    look(replacement, more).find(({ check }) => check === 'ordered-ready');

  it('is told before, with what the bot will do about it', () => {
    expect(finding({ pods: stuck })).toEqual({
      check: 'ordered-ready',
      grade: 'warning',
      text: 'auth-service-1 is not ready, and this StatefulSet replaces no pod before it is (OrderedReady), so taking the version back does not help that pod.',
      cure: 'If it stays so, the bot deletes that one pod after the patch, so that it comes back as v1.4.2.',
    });
  });

  it('is for a person where the bot may not delete pods', () => {
    expect(finding({ pods: stuck, denied: known(deletes) })).toMatchObject({
      cure: 'The bot may not delete pods here: delete that pod by hand after the patch.',
      command: 'kubectl delete pod auth-service-1 -n lomash-wood',
    });
  });

  it('is for a person where it is of neither version', () => {
    const older = facts().replicaSets.concat({
      ...facts().replicaSets[0]!,
      uid: 'uid-v1.4.1',
      templateHash: 'hash-v1.4.1',
    });
    expect(finding({ pods: [pod('v1.4.1', 0, false)], replicaSets: older })?.cure).toContain('It does not run v1.4.3');
  });

  it.each<[string, Partial<ServiceFacts>, Partial<PodReplacement>]>([
    ['pods do not wait for each other', { pods: stuck }, { isOrdered: false }],
    ['it is of the version gone to', { pods: [pod('v1.4.2', 0, false)] }, {}],
    ['it is somebody else’s', { pods: [aPod('v9', { name: 'auth-service-0', ready: false })] }, {}],
  ])('is nothing to tell when %s', (_why, more, replacement) => {
    expect(finding(more, replacement)).toBeUndefined();
  });
});

describe('the permission to delete pods', () => {
  const denied = (more: Partial<PodReplacement> = {}) => look(more, { denied: known(deletes) });

  it('is asked for by name where a pod could get stuck, and does not block', () => {
    expect(denied()[0]).toMatchObject({
      check: 'permission',
      grade: 'warning',
      text: 'The bot may not delete pods in namespace lomash-wood: a pod that is stuck on the version left has to be deleted by hand.',
      cure: 'Bind the role rollback-bot-stateful-sets in this namespace (k8s/optional/stateful-sets.yaml).',
    });
  });

  it('is not needed where pods are replaced in parallel, nor by other kinds', () => {
    expect(checks(denied({ isOrdered: false }))).not.toContain('permission warning');
    expect(checks(lookAhead(facts({ denied: known(deletes) })))).not.toContain('permission warning');
  });

  it('to see and to patch is one of the kind', () => {
    const patch = NEEDS.filter(({ verb, resource }) => verb === 'patch' && resource === 'statefulsets');
    expect(look({}, { denied: known(patch) })[0]).toMatchObject({
      grade: 'blocker',
      command: 'kubectl rollout undo statefulset/auth-service -n lomash-wood',
    });
    expect(checks(lookAhead(facts({ denied: known(patch) })))).not.toContain('permission blocker');
  });
});
