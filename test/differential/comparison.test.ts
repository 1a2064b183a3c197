import { describe, expect, it } from '@jest/globals';
import { allowedDifferences, comparedLines, differingLines } from './differences.ts';
import { type Leaves, leavesOf } from './leaves.ts';
import { type Sight, simulatedSights } from './rehearsal.ts';
import { reportOf } from './report.ts';
import { type Sequence, sequenceOf } from './sequence.ts';

const sequence: Sequence = {
  seed: 7,
  sketch: {
    version: { number: 1, outcome: 'good' },
    replicas: 2,
    strategy: { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 },
    historyLimit: 10,
    progressDeadlineSeconds: 600,
    minReadySeconds: 0,
  },
  steps: [{ kind: 'deploy', version: { number: 2, outcome: 'good' } }, { kind: 'undo' }],
};

const last = async (one: Sequence): Promise<Sight> => (await simulatedSights(one)).at(-1)!;
const lines = (view: object): Leaves => comparedLines(leavesOf(view));

describe('the comparison of two planes', () => {
  it('makes the same sequence of the same seed', () => {
    expect(sequenceOf(12)).toEqual(sequenceOf(12));
    expect(sequenceOf(12)).not.toEqual(sequenceOf(13));
  });

  it('sees the same where the same was done', async () => {
    expect(await last(sequence)).toEqual(await last({ ...sequence, seed: 8 }));
  });

  it('tells an undo from a new deploy of what was there before, by nothing but the answer', async () => {
    const deployedAgain: Sequence = {
      ...sequence,
      steps: [sequence.steps[0]!, { kind: 'deploy', version: { number: 1, outcome: 'good' } }],
    };
    const [undone, deployed] = [await last(sequence), await last(deployedAgain)];
    expect(undone.answer).not.toBe(deployed.answer);
    expect(differingLines(undone.lines, deployed.lines)).toEqual([]);
  });

  it('finds one pod too few and another reason, and puts them side by side', async () => {
    const [two, one] = [await last(sequence), await last({ ...sequence, sketch: { ...sequence.sketch, replicas: 1 } })];
    expect(differingLines(two.lines, one.lines)).toContain('deployment/counts/readyReplicas');
    const report = reportOf({ sequence, step: 2, simulated: two, real: one });
    expect(report).toMatch(/DIFFERENTIAL_SEED=7\n.*0\. create .*\n.*1\. deploy .*\n> 2\. undo\n/);
    expect(report).toMatch(/deployment\/counts\/readyReplicas: 2 +\| 1$/m);
  });

  it('takes all beginnings of one rollout for one another, but neither its end nor another one', () => {
    const saying = (condition: string): Leaves => lines({ deployment: { conditions: { Progressing: condition } } });
    const created = saying('True NewReplicaSetCreated: Created new replica set "web-<2>"');
    expect(differingLines(created, saying('True ReplicaSetUpdated: ReplicaSet "web-<2>" is progressing.'))).toEqual([]);
    for (const other of [
      'True ReplicaSetUpdated: ReplicaSet "web-<1>" is progressing.',
      'True NewReplicaSetAvailable: ReplicaSet "web-<2>" has successfully progressed.',
    ]) {
      expect(differingLines(created, saying(other))).toEqual(['deployment/conditions/Progressing']);
    }
  });

  it('takes one failure of two ReplicaSets for the same, but no other failure', () => {
    const saying = (pods: string, why: string): Leaves =>
      lines({
        deployment: { conditions: { ReplicaFailure: `True FailedCreate: pods "${pods}-" is forbidden: ${why}` } },
      });
    const failed = saying('web-<2>', 'no account');
    expect(differingLines(failed, saying('web-<3>', 'no account'))).toEqual([]);
    for (const other of [saying('web-<2>', 'no quota'), lines({ deployment: { conditions: {} } })])
      expect(differingLines(failed, other)).toContain('deployment/conditions/ReplicaFailure');
  });

  it('gives a reason for all that it does not compare', () => {
    for (const { what, why } of allowedDifferences) expect([what, why].every((text) => text.length > 20)).toBe(true);
  });
});
