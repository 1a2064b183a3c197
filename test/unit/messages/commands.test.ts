import { describe, expect, it } from '@jest/globals';
import { commands } from '#messages/commands.ts';
import type { HistoryEntry } from '#rollback/ports.ts';
import { aPlan, aPlannedService, aStatus, aTarget, aVersion } from '#test/harness/builders.ts';

const told = (state: 'Waiting' | 'Back' = 'Waiting', plan = aPlan()) => ({
  ...aStatus({ targets: [aTarget('auth-service', { state })] }),
  plan,
});

/** "v1.4.2" runs where it is the first; numbers as an undo leaves them. */
const versions = (...known: [string, number, Partial<HistoryEntry>?][]) =>
  new Map([
    [
      'auth-service',
      known.map(([version, revision, more], i) => ({
        ...aVersion(version, { revision }),
        current: i === 0,
        lastKnownGood: false,
        ...more,
      })),
    ],
  ]);

const undoLines = (text: string): string[] => text.split('\n').filter((line) => /undo|^# to/.test(line));

describe("the runbook's commands", () => {
  it('have names, namespace and the revision of this moment filled in', () => {
    expect(commands(told(), versions(['v1.4.3', 4], ['v1.4.2', 3]))).toBe(
      [
        '# auth-service: now v1.4.3 (revision 4)',
        'kubectl rollout history deployment/auth-service -n lomash-wood',
        '# to v1.4.2 (revision 3), as planned',
        'kubectl rollout undo deployment/auth-service --to-revision=3 -n lomash-wood',
        'kubectl rollout status deployment/auth-service -n lomash-wood',
        'kubectl get pods -l app=auth-service -n lomash-wood',
      ].join('\n'),
    );
  });

  it('name the kind that runs the service, and what is in the way of it', () => {
    const db = aPlannedService('auth-db', { workload: { kind: 'StatefulSet', name: 'auth-db', uid: 'u' } });
    const heldUpBy = 'auth-db-1 is stuck. Delete it: kubectl delete pod auth-db-1 -n lomash-wood';
    const { plan } = { plan: aPlan({ services: [db] }) };
    const status = aStatus({ targets: [aTarget('auth-db', { state: 'Patched', heldUpBy })] });
    expect(commands({ ...status, plan }, new Map()).split('\n')).toEqual([
      '# auth-db',
      'kubectl rollout history statefulset/auth-db -n lomash-wood',
      `# ${heldUpBy}`,
      '# the cluster did not answer: NUMBER is that of v1.4.2 in the history above',
      'kubectl rollout undo statefulset/auth-db --to-revision=NUMBER -n lomash-wood',
      'kubectl rollout status statefulset/auth-db -n lomash-wood',
      'kubectl get pods -l app=auth-db -n lomash-wood',
    ]);
  });

  it('follow a version to the number that somebody else’s undo gave it', () => {
    const text = commands(told(), versions(['v1.4.4', 7], ['v1.4.2', 6], ['v1.4.3', 4]));
    expect(undoLines(text)).toEqual([
      '# to v1.4.2 (revision 6), as planned',
      'kubectl rollout undo deployment/auth-service --to-revision=6 -n lomash-wood',
    ]);
  });

  it('lead back and further back once the target is what runs', () => {
    const left = { leftAt: '2026-11-22T01:00:00.000Z' };
    const live = versions(['v1.4.2', 5], ['v1.4.3', 4], ['v1.4.1', 2, left], ['v1.4.0', 1]);
    expect(undoLines(commands(told('Back'), live))).toEqual([
      '# to v1.4.3 (revision 4), what ran before the rollback',
      'kubectl rollout undo deployment/auth-service --to-revision=4 -n lomash-wood',
      '# to v1.4.0 (revision 1), further back',
      'kubectl rollout undo deployment/auth-service --to-revision=1 -n lomash-wood',
    ]);
  });

  it('print the planned number only where nothing was patched, when the cluster does not answer', () => {
    expect(undoLines(commands(told(), new Map()))).toEqual([
      '# to v1.4.2, by the number it had at 03:03 UTC: compare with the history above',
      'kubectl rollout undo deployment/auth-service --to-revision=3 -n lomash-wood',
    ]);
    expect(undoLines(commands(told('Back'), new Map()))).toEqual([
      'kubectl rollout undo deployment/auth-service --to-revision=NUMBER -n lomash-wood',
    ]);
  });

  it('name the context of another cluster', () => {
    const plan = aPlan();
    const elsewhere = { ...plan, environment: { ...plan.environment, context: 'staging' } };
    expect(commands(told('Waiting', elsewhere), new Map())).toMatch(/-n lomash-wood --context staging$/);
  });
});
