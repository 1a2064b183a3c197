import { describe, expect, it } from '@jest/globals';
import type { ContainerRow } from '#clients/kubernetes/rows.ts';
import { lookAtPods } from '#methods/undo/early-failure.ts';
import { aContainer, aDeployment, aPod } from '#test/harness/rows.ts';

const MINUTE = 60_000;
const deployment = aDeployment('v1');
const stuckPod = (container: Partial<ContainerRow>, name = 'auth-service-1-7c9xk') =>
  aPod('v1', { name, ready: false, containers: [aContainer('v1', { ready: false, ...container })] });
const waiting = (reason: string, message?: string): Partial<ContainerRow> => ({
  waiting: { reason, ...(message === undefined ? {} : { message }) },
});
const crashing = (restartCount: number): Partial<ContainerRow> => ({
  ...waiting('CrashLoopBackOff', 'back-off 10s'),
  restartCount,
  terminated: { reason: 'Error', exitCode: 3 },
});

describe('a secret in what the cluster says', () => {
  const secret = 'password=hunter2-and-more';
  const padding = 'x'.repeat(140);
  it.each([
    ['by the kubelet', [stuckPod(waiting('CreateContainerError', `${padding} ${secret}`))], deployment],
    ['by the scheduler', [aPod('v1', { ready: false, reason: 'Unschedulable', message: secret })], deployment],
    [
      'by admission',
      [],
      aDeployment('v1', { conditions: [{ type: 'ReplicaFailure', status: 'True', message: `denied: ${secret}` }] }),
    ],
  ])('is not told on: %s', (_by, pods, row) => {
    const { clause } = lookAtPods(row, pods, MINUTE);
    expect(clause).toContain('password=');
    expect(clause).not.toContain('hunter');
  });
});

describe('a pod that does not run', () => {
  it.each([
    ['an image that is gone, at once', waiting('ErrImagePull', 'r/auth:v1: not found'), 0, true, 'image v1 not found'],
    [
      'a refused image, at once',
      waiting('ImagePullBackOff', 'Back-off: unauthorized'),
      0,
      true,
      'image v1 cannot be pulled',
    ],
    [
      'a registry that does not answer, not yet',
      waiting('ErrImagePull', 'i/o timeout'),
      5_000,
      false,
      'image v1 cannot be pulled',
    ],
    [
      'a registry that does not answer, within the minute',
      waiting('ImagePullBackOff', 'i/o timeout'),
      MINUTE,
      true,
      'image v1 cannot be pulled',
    ],
    ['one crash, not yet', crashing(1), 5_000, false, 'crashes (1 restart, exit code 3)'],
    ['two crashes, at once', crashing(2), 5_000, true, 'crashes (2 restarts, exit code 3)'],
    [
      'a missing ConfigMap, at once',
      waiting('CreateContainerConfigError', 'configmap "auth" not found'),
      0,
      true,
      'configmap "auth" not found',
    ],
    [
      'a cache of the kubelet, not yet',
      waiting('CreateContainerConfigError', 'failed to sync configmap cache'),
      5_000,
      false,
      'failed to sync configmap cache',
    ],
  ])('is told: %s', (_what, container, sinceMs, hasFailed, text) => {
    expect(lookAtPods(deployment, [stuckPod(container)], sinceMs)).toEqual({
      hasFailed,
      clause: `pod …-7c9xk: ${text}`,
    });
  });

  it('is nothing to tell while it only starts', () => {
    expect(lookAtPods(deployment, [stuckPod(waiting('ContainerCreating'))], MINUTE)).toEqual({ hasFailed: false });
  });

  it('that no node takes is told and waited for', () => {
    const pending = aPod('v1', { ready: false, reason: 'Unschedulable', message: '0/3 nodes', containers: [] });
    expect(lookAtPods(deployment, [pending], MINUTE)).toEqual({
      hasFailed: false,
      clause: 'pod …-7c9xk: not scheduled: 0/3 nodes',
    });
  });
});

describe('several pods', () => {
  it('have failed only when every one of them is stuck', () => {
    const pods = [stuckPod(crashing(2)), aPod('v1', { name: 'auth-service-1-good1' })];
    expect(lookAtPods(deployment, pods, MINUTE).hasFailed).toBe(false);
    expect(lookAtPods(deployment, [pods[0]!, stuckPod(crashing(5), 'auth-service-1-bbbbb')], 0).hasFailed).toBe(true);
  });

  it('are told by the first, with how many are like it', () => {
    const pods = ['aaaaa', 'bbbbb', 'ccccc'].map((id) => stuckPod(crashing(2), `auth-service-1-${id}`));
    expect(lookAtPods(deployment, pods, 0).clause).toBe(
      'pod …-aaaaa: crashes (2 restarts, exit code 3), and 2 more like it',
    );
  });

  it('that are going away count for nothing', () => {
    const going = { ...stuckPod(crashing(2)), deleting: true };
    expect(lookAtPods(deployment, [going], MINUTE)).toEqual({ hasFailed: false });
  });
});

describe('no pod at all', () => {
  const message = 'pods "auth-service-1-x" is forbidden: exceeded quota: memory';
  const refused = aDeployment('v1', {
    conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }],
  });
  it('has failed when none could be created, after a grace for the old complaint', () => {
    const clause = 'no pod could be created: exceeded quota: memory';
    expect(lookAtPods(refused, [], 1_000)).toEqual({ hasFailed: false, clause });
    expect(lookAtPods(refused, [], 15_000)).toEqual({ hasFailed: true, clause });
  });

  it('is right for a Deployment scaled to nothing', () => {
    expect(lookAtPods({ ...refused, replicas: 0 }, [], MINUTE)).toEqual({ hasFailed: false });
  });
});
