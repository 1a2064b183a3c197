import { describe, expect, it } from '@jest/globals';
import type { ContainerRow } from '#clients/kubernetes/rows.ts';
import { logReadings } from '#capture/readings.ts';
import { historyText, summaryText } from '#capture/workload-text.ts';
import { aContainer, aDeployment, aPod, aReplicaSet } from '#test/harness/rows.ts';

function readingsOf(more: Partial<ContainerRow>) {
  const pod = aPod('v1.4.3', { name: 'auth-7c9', containers: [aContainer('v1.4.3', more)] });
  const { readings, neverStarted } = logReadings([pod]);
  return { previous: readings.map((r) => r.previous), neverStarted };
}

describe('which logs to read', () => {
  it('those of now, of a container that runs', () => {
    expect(readingsOf({})).toEqual({ previous: [false], neverStarted: [] });
  });

  it('those of the run before too, when it crash-loops', () => {
    const crashing = { ready: false, restartCount: 4, waiting: { reason: 'CrashLoopBackOff' } };
    expect(readingsOf(crashing)).toEqual({ previous: [false, true], neverStarted: [] });
  });

  it('none of a container that never started: nothing is lost, and it says so', () => {
    expect(readingsOf({ ready: false, waiting: { reason: 'ImagePullBackOff' } })).toEqual({
      previous: [],
      neverStarted: ['No logs: pod auth-7c9, container auth-service never started (ImagePullBackOff)'],
    });
  });

  it('those of now only, of one that restarted once and runs since', () => {
    expect(readingsOf({ restartCount: 1 })).toEqual({ previous: [false], neverStarted: [] });
  });
});

describe('what is known without asking', () => {
  const deployment = aDeployment('v1.4.3', {
    conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' }],
  });

  it('the history, newest first, with the current one and each image', () => {
    const rows = [
      aReplicaSet('v1.4.2', 3),
      aReplicaSet('v1.4.3', 4, { annotations: { 'kubernetes.io/change-cause': 'LW-7' } }),
    ];
    const lines = historyText(deployment, rows).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^4 +current .*auth-service:v1\.4\.3 +LW-7$/);
    expect(lines[2]).toMatch(/^3 .*auth-service:v1\.4\.2 +<none>$/);
  });

  it('a summary with images, digests, conditions and the state of each pod', () => {
    const waiting = { reason: 'CrashLoopBackOff' };
    const container = aContainer('v1.4.3', { imageId: 'sha256:abc', restartCount: 4, waiting });
    const text = summaryText(deployment, [aPod('v1.4.3', { name: 'auth-7c9', ready: false, containers: [container] })]);
    expect(text).toContain(
      'auth-service: registry.lomashwood.com/auth-service:v1.4.3 (sha256:abc), restarts 4, CrashLoopBackOff',
    );
    expect(text).toContain('Progressing=False (ProgressDeadlineExceeded: timed out)');
    expect(text).toContain('auth-7c9: Running, not ready');
  });
});
