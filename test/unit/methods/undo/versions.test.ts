import { describe, expect, it } from '@jest/globals';
import { currentReplicaSet, mainImage, ownedReplicaSets, versionOf, versionText } from '#methods/undo/versions.ts';
import { aDeployment, aReplicaSet } from '#test/harness/rows.ts';

describe('the name of a version', () => {
  it.each([
    ['its tag', 'registry/auth-service:v1.4.2', 'v1.4.2'],
    ['its tag, also behind a port', 'registry:5000/auth-service:v1.4.2', 'v1.4.2'],
    ['the tag before the digest', 'registry/auth:v1@sha256:0123456789abcdef', 'v1'],
    ['the first 12 characters of a digest', 'registry/auth@sha256:0123456789abcdef', '0123456789ab'],
    ['latest without either', 'registry:5000/auth', 'latest'],
  ])('is %s', (_what, image, expected) => {
    expect(versionText(image)).toBe(expected);
  });

  it('comes from the container called like the workload, else from the first', () => {
    expect(mainImage({ proxy: 'proxy:1', auth: 'auth:2' }, 'auth')).toBe('auth:2');
    expect(mainImage({ main: 'auth:2', proxy: 'proxy:1' }, 'auth')).toBe('auth:2');
    expect(mainImage({}, 'auth')).toBe('');
  });
});

describe('who deployed a version', () => {
  const cause = { 'kubernetes.io/change-cause': 'CI run 17' };
  const by = { 'ops.lomashwood.com/deployed-by': 'Maya' };
  const managers = [{ manager: 'kube-controller-manager' }, { manager: 'helm' }, { manager: 'kubectl' }];
  it.each([
    ['the annotation first', { ...cause, ...by }, 'Maya'],
    ['then the change-cause', cause, 'CI run 17'],
    [
      'the recorded command without the values it set',
      { 'kubernetes.io/change-cause': 'kubectl set env deployment/auth DB_PASSWORD=hunter2 --record=true' },
      'kubectl set env deployment/auth DB_PASSWORD=… --record=true',
    ],
    [
      'without the value of a variable that a flag sets',
      { 'kubernetes.io/change-cause': 'kubectl set env deployment/auth --env=DB_PASSWORD=hunter2 --record=true' },
      'kubectl set env deployment/auth --env=DB_PASSWORD=… --record=true',
    ],
    [
      'without a password or token in any other form',
      { 'kubernetes.io/change-cause': 'deploy --password=hunter2 with xoxb-1234567890-abcdef' },
      'deploy --password=[redacted] with [redacted]',
    ],
    [
      'the recorded command with the image it set',
      { 'kubernetes.io/change-cause': 'kubectl set image deployment/auth auth=registry.example.com/auth:v2' },
      'kubectl set image deployment/auth auth=registry.example.com/auth:v2',
    ],
    ['then whoever wrote the Deployment last, controllers aside', {}, 'helm'],
  ])('is told by %s', (_what, annotations, expected) => {
    const current = versionOf(aReplicaSet('v2', 2, { annotations }), aDeployment('v2', { managers }));
    expect(current.deployedBy).toBe(expected);
  });

  it('is not known of an earlier version without annotations', () => {
    const earlier = versionOf(aReplicaSet('v1', 1), aDeployment('v2', { managers }));
    expect(earlier).toMatchObject({ version: 'v1' });
    expect(earlier).not.toHaveProperty('deployedBy');
  });
});

it('finds the ReplicaSet that runs among duplicates as the controller does: the oldest', () => {
  const twin = aReplicaSet('v2', 3, { uid: 'younger', createdAt: '2026-11-23T02:00:00.000Z' });
  const owned = ownedReplicaSets(aDeployment('v2'), [aReplicaSet('v1', 1), aReplicaSet('v2', 2), twin]);
  expect(owned.map((row) => row.revision)).toEqual([3, 2, 1]);
  expect(currentReplicaSet(aDeployment('v2'), owned)?.uid).toBe('uid-v2');
  const sameSecond = [aReplicaSet('v2', 3, { name: 'b' }), aReplicaSet('v2', 2, { name: 'a' })];
  expect(currentReplicaSet(aDeployment('v2'), sameSecond)?.name).toBe('a');
});
