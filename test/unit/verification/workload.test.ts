import { describe, expect, it } from '@jest/globals';
import type { WorkloadFacts } from '#verification/check.ts';
import { verifyWorkload } from '#verification/index.ts';
import { aVersion } from '#test/harness/builders.ts';
import { aContainer, aDeployment, aPod, aReplicaSet, imageOf } from '#test/harness/rows.ts';

const back: WorkloadFacts = {
  to: aVersion('v1.4.2'),
  deployment: aDeployment('v1.4.2', { revision: 5 }),
  replicaSets: [aReplicaSet('v1.4.3', 4), aReplicaSet('v1.4.2', 5, { formerRevisions: [3] })],
  pods: ['a', 'b', 'c'].map((name) => aPod('v1.4.2', { name })),
};

function outcomes(more: Partial<WorkloadFacts>) {
  return Object.fromEntries(verifyWorkload({ ...back, ...more }).map((o) => [o.check, [o.result, o.evidence]]));
}

describe('a workload after its rollback', () => {
  it('passes when history and pods agree', () => {
    expect(outcomes({})).toEqual({
      'rollout-history': ['pass', 'returned to revision 5 (v1.4.2)'],
      pods: ['pass', '3 of 3 pods of v1.4.2 ready'],
    });
  });

  const rows: [string, Partial<WorkloadFacts>, string, [string, string]][] = [
    [
      'a pod is not ready',
      { pods: [aPod('v1.4.2', { ready: false }), aPod('v1.4.2')] },
      'pods',
      ['fail', '1 of 3 pods of v1.4.2 ready'],
    ],
    [
      'only pods of the version that was left are ready',
      { pods: ['a', 'b', 'c'].map((name) => aPod('v1.4.3', { name })) },
      'pods',
      ['fail', '0 of 3 pods of v1.4.2 ready'],
    ],
    [
      'a pod has restarted',
      { pods: [...back.pods.slice(1), aPod('v1.4.2', { containers: [aContainer('v1.4.2', { restartCount: 2 })] })] },
      'pods',
      ['warn', '3 of 3 pods of v1.4.2 ready, 2 restarts since'],
    ],
    [
      'it is scaled to 0',
      { deployment: aDeployment('v1.4.2', { replicas: 0 }), pods: [] },
      'pods',
      ['warn', 'no pod is wanted: the Deployment is scaled to 0'],
    ],
    [
      'the Deployment has not taken over the number yet',
      { deployment: aDeployment('v1.4.2', { revision: 4 }) },
      'rollout-history',
      ['unknown', 'the cluster has not numbered the revision yet'],
    ],
    [
      'somebody deployed something else',
      { deployment: aDeployment('v1.4.4') },
      'rollout-history',
      ['fail', `the Deployment asks for something else: ${imageOf('v1.4.4')}`],
    ],
  ];

  it.each(rows)('%s', (_story, more, check, outcome) => {
    expect(outcomes(more)[check]).toEqual(outcome);
  });

  it('fails when the Deployment is gone', () => {
    const { deployment: _gone, ...rest } = back;
    expect(verifyWorkload(rest).map((o) => o.result)).toEqual(['fail', 'fail']);
  });
});
