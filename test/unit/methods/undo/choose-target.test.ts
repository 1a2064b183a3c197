import { describe, expect, it } from '@jest/globals';
import { chooseTarget } from '#methods/undo/choose-target.ts';
import type { MethodTarget } from '#methods/method.ts';
import { isRefusal } from '#rollback/failure.ts';
import { aDeployment, aReplicaSet, imageOf } from '#test/harness/rows.ts';

const target = (more: Partial<MethodTarget> = {}): MethodTarget => ({
  environment: 'production',
  service: 'auth-service',
  namespace: 'lomash-wood',
  workload: 'auth-service',
  avoid: new Set(),
  ranWell: new Map(),
  ...more,
});

const running = aDeployment('v4');
const history = [4, 3, 2, 1].map((n) => aReplicaSet(`v${n}`, n));

/** What was chosen, in one word: the version, or the reason of the refusal. */
function choice(...args: Parameters<typeof chooseTarget>): string {
  const chosen = chooseTarget(...args);
  return isRefusal(chosen) ? chosen.reason : chosen.to.name.replace('auth-service-', '');
}

describe('the default target', () => {
  const hash = (n: number): string => `hash-v${n}`;
  it.each([
    ['is the version before when nothing is known of any', {}, 'v3'],
    [
      'is the newest that ran well',
      {
        ranWell: new Map([
          [hash(2), 90],
          [hash(1), 900],
        ]),
      },
      'v2',
    ],
    [
      'is not one that ran for a short time while another ran long enough',
      {
        knownGoodMinutes: 10,
        ranWell: new Map([
          [hash(3), 9],
          [hash(1), 10],
        ]),
      },
      'v1',
    ],
    [
      'is the newest that ran at all when none ran long enough',
      {
        knownGoodMinutes: 10,
        ranWell: new Map([
          [hash(2), 3],
          [hash(1), 9],
        ]),
      },
      'v2',
    ],
    ['passes over a version that was left', { avoid: new Set([hash(3)]) }, 'v2'],
    [
      'passes over a version that was left although it ran well',
      { avoid: new Set([hash(3)]), ranWell: new Map([[hash(3), 90]]) },
      'v2',
    ],
    ['does not exist when every earlier version was left', { avoid: new Set([1, 2, 3].map(hash)) }, 'OnlyLeftVersions'],
    ['does not care that the running version was left', { avoid: new Set([hash(4)]) }, 'v3'],
  ])('%s', (_rule, more, expected) => {
    expect(choice(target(more), running, history)).toBe(expected);
  });

  it('knows whether it is the version before', () => {
    expect(chooseTarget(target(), running, history)).toMatchObject({ isPrevious: true });
    expect(chooseTarget(target({ avoid: new Set([hash(3)]) }), running, history)).toMatchObject({ isPrevious: false });
  });

  it('knows it too after an undo, which gives what comes back a number above the version that was left', () => {
    const day = (n: number): string => `2026-11-1${n}T01:00:00.000Z`;
    const deployed = [1, 2, 3].map((n) => aReplicaSet(`v${n}`, n, { createdAt: day(n) }));
    const back = [{ ...deployed[1]!, revision: 4, formerRevisions: [2] }, deployed[2]!, deployed[0]!];
    const undone = aDeployment('v2', { revision: 4 });
    const further = chooseTarget(target({ avoid: new Set([hash(3)]) }), undone, back);
    expect(further).toMatchObject({ to: { name: 'auth-service-v1' }, isPrevious: true });
    expect(chooseTarget(target({ to: 'v3' }), undone, back)).toMatchObject({ isPrevious: true });
    const fixed = [aReplicaSet('v4', 5, { createdAt: day(4) }), ...back];
    expect(chooseTarget(target({ to: 'v3' }), aDeployment('v4'), fixed)).toMatchObject({ isPrevious: false });
  });

  it('orders versions by revision, for an undo makes an old ReplicaSet the newest', () => {
    const back = [aReplicaSet('v1', 5, { formerRevisions: [1] }), ...history.slice(0, 3)];
    expect(choice(target(), aDeployment('v1', { revision: 5 }), back)).toBe('v4');
  });

  it('is no ReplicaSet without a number, which the Deployment never deployed', () => {
    expect(choice(target(), running, [history[0]!, aReplicaSet('stray', 0)])).toBe('NothingToGoBackTo');
  });

  it('looks at no ReplicaSet of another Deployment, and at none with an unreadable revision', () => {
    const others = [
      history[0]!,
      aReplicaSet('foreign', 3, { ownerUid: 'another' }),
      aReplicaSet('unreadable', -1),
      aReplicaSet('v1', 1),
    ];
    expect(choice(target(), running, others)).toBe('v1');
  });
});

describe('a named target', () => {
  const sameTag = [
    ...history,
    aReplicaSet('v2-config', 5, { images: { 'auth-service': imageOf('v2') }, templateHash: 'hash-config' }),
  ];
  const twins = ['v2-young', 'v2-old'].map((name, at) =>
    aReplicaSet(name, 2, { createdAt: `2026-11-2${2 - at}T01:00:00.000Z` }),
  );
  const four = aReplicaSet('v1-four', 4);
  it.each([
    ['a revision number', { to: '2' }, history, 'v2'],
    ['a tag', { to: 'v1' }, history, 'v1'],
    ['a tag without its v, in any case', { to: 'V1' }, history, 'v1'],
    ['a bare number as a revision before a tag', { to: '3' }, history, 'v3'],
    ['a whole image', { to: imageOf('v2') }, history, 'v2'],
    [
      'the number it had before an undo',
      { to: '2' },
      [...history.slice(0, 2), aReplicaSet('v2', 0, { formerRevisions: [2] })],
      'v2',
    ],
    ['the newest of the same tag', { to: 'v2' }, sameTag, 'v2config'],
    ['of the same tag the one that was not left', { to: 'v2', avoid: new Set(['hash-config']) }, sameTag, 'v2'],
    ['a left version when it is named', { to: 'v3', avoid: new Set(['hash-v3']) }, history, 'v3'],
    ['the oldest of two with that number, as kubectl does', { to: '2' }, [...twins, ...history], 'v2old'],
    ['another one with that number than the one that runs', { to: '4' }, [...history, four], 'v1four'],
    ['what runs already', { to: 'v4' }, history, 'AlreadyRuns'],
    ['not one without a number', { to: '0' }, [...history, aReplicaSet('v0.1', 0)], 'UnknownVersion'],
    ['a revision that is gone', { to: '17' }, history, 'UnknownVersion'],
    ['a tag that never was', { to: 'v9' }, history, 'UnknownVersion'],
  ])('may be %s', (_what, more, replicaSets, expected) => {
    expect(choice(target(more), running, replicaSets).replace('-', '')).toBe(expected);
  });

  it('that is unknown is answered with what exists', () => {
    expect(chooseTarget(target({ to: 'v9' }), running, history)).toMatchObject({
      message:
        'auth-service has no version "v9" in the cluster. There are: v4 (revision 4), v3 (revision 3), v2 (revision 2), v1 (revision 1). Choose one of them.',
      command: 'kubectl rollout history deployment/auth-service -n lomash-wood',
    });
  });
});

describe('no target is chosen', () => {
  it.each([
    ['before the controller has seen the last change', { observedGeneration: 3 }, history, 'NotObserved'],
    ['before the ReplicaSet of what runs is known', {}, history.slice(1), 'NotObserved'],
    ['while the Deployment is paused', { paused: true }, history, 'Paused'],
    ['when there is no earlier version', {}, history.slice(0, 1), 'NothingToGoBackTo'],
  ])('%s', (_when, more, replicaSets, expected) => {
    expect(choice(target(), aDeployment('v4', more), replicaSets)).toBe(expected);
  });

  it('and the reason is told when the Deployment keeps no history', () => {
    const none = aDeployment('v4', { revisionHistoryLimit: 0 });
    expect(chooseTarget(target(), none, history.slice(0, 1))).toMatchObject({
      message: expect.stringContaining('revisionHistoryLimit is 0'),
    });
  });
});
