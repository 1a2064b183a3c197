import { describe, expect, it } from '@jest/globals';
import { configMaps, isReady } from '#playground/cluster/objects.ts';
import type { ContainerStatus } from '#playground/cluster/objects.ts';
import type { Rehearsal } from '../controllers/rehearsal.ts';
import { namespace, rehearse } from '../controllers/rehearsal.ts';

function running(image: string, ms = 2000): Rehearsal {
  const cluster = rehearse();
  cluster.create({ replicas: 1 });
  cluster.setImage(image);
  cluster.clock.advance(ms);
  return cluster;
}

const containerOf = (cluster: Rehearsal): ContainerStatus | undefined =>
  cluster.pods()[0]?.status?.containerStatuses?.[0];

describe('a container', () => {
  it('runs, becomes ready and reports the digest of its image', () => {
    const cluster = running('shop/web:1');
    expect(containerOf(cluster)).toMatchObject({ ready: true, restartCount: 0, image: 'shop/web:1' });
    expect(containerOf(cluster)?.imageID).toMatch(/^shop\/web@sha256:[0-9a-f]{64}$/);
    expect(cluster.pods()[0]?.status).toMatchObject({ phase: 'Running', podIP: expect.stringMatching(/^10\.244\./) });
  });

  it('waits with ErrImagePull, then ImagePullBackOff, when its image is not found', () => {
    const reasons: string[] = [];
    const cluster = rehearse();
    cluster.create({ replicas: 1 });
    cluster.storage.subscribe(() => {
      const reason = containerOf(cluster)?.state.waiting?.reason;
      if (reason !== undefined && reason !== reasons.at(-1)) reasons.push(reason);
    });
    cluster.setImage('web:1-broken');
    cluster.clock.advance(2000);
    expect(reasons).toEqual(['ContainerCreating', 'ErrImagePull', 'ImagePullBackOff']);
    expect(containerOf(cluster)?.state.waiting?.message).toMatch(
      /^Back-off pulling image "web:1-broken": .*web:1-broken: not found$/,
    );
  });

  it('crashes again and again, with exit code 1 and growing back-off', () => {
    const cluster = running('web:1-crash', 120_000);
    const container = containerOf(cluster);
    expect(container?.restartCount).toBeGreaterThanOrEqual(4);
    expect(container?.lastState.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
    expect(container?.state.waiting).toMatchObject({ reason: 'CrashLoopBackOff' });
    expect(container?.state.waiting?.message).toMatch(/^back-off \d+m?\d*s restarting failed container=web pod=web-/);
    expect(cluster.pods().some(isReady)).toBe(false);
  });

  it('runs without ever becoming ready when its probe fails', () => {
    const cluster = running('web:1-never-ready', 60_000);
    expect(containerOf(cluster)).toMatchObject({ ready: false, state: { running: {} } });
    expect(cluster.events('Unhealthy')).toEqual(['Readiness probe failed: HTTP probe failed with statuscode: 503']);
  });

  it('waits for a ConfigMap that it names, and starts when it is there', () => {
    const cluster = rehearse();
    cluster.create({ replicas: 1 });
    cluster.change((deployment) => {
      for (const container of deployment.spec.template.spec.containers) {
        container.envFrom = [{ configMapRef: { name: 'settings' } }];
      }
    });
    cluster.clock.advance(2000);
    expect(containerOf(cluster)?.state.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'configmap "settings" not found',
    });
    cluster.storage.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace },
    });
    cluster.clock.advance(20_000);
    expect(containerOf(cluster)?.ready).toBe(true);
  });

  it('is not found any more after its image expired, although it ran on the node before', () => {
    const cluster = running('shop/web:1');
    cluster.images.push('shop/web:2', 'ok');
    cluster.images.push('shop/web:1', 'ok');
    cluster.setImage('shop/web:2');
    cluster.clock.advance(2000);
    cluster.images.expire('shop/web:1');
    cluster.setImage('shop/web:1');
    cluster.clock.advance(2000);
    expect(cluster.podsOf('shop/web:1')[0]?.status?.containerStatuses?.[0]?.state.waiting?.reason).toBe(
      'ImagePullBackOff',
    );
  });
});

describe('logs', () => {
  it('end with the newest lines and name the version', () => {
    const cluster = running('shop/auth-service:v1', 60_000);
    const name = cluster.pods()[0]?.metadata.name ?? '';
    for (let second = 0; second < 8; second += 1) {
      cluster.clock.advance(1000);
      const all = cluster.kubelet.logs(namespace, name).trimEnd().split('\n');
      const tail = cluster.kubelet.logs(namespace, name, { tailLines: 3 }).trimEnd().split('\n');
      expect(tail).toEqual(all.slice(-3));
      expect(all[0]).toContain('auth-service v1 starting');
    }
  });

  it('show errors of a bad version', () => {
    const cluster = running('shop/auth-service:v1-bad', 120_000);
    expect(cluster.kubelet.logs(namespace, cluster.pods()[0]?.metadata.name ?? '')).toMatch(
      /ERROR auth-service v1-bad .* 500 /,
    );
  });

  it('of the container before the last restart need --previous', () => {
    const cluster = running('web:1-crash', 60_000);
    const name = cluster.pods()[0]?.metadata.name ?? '';
    expect(cluster.kubelet.logs(namespace, name, { previous: true })).toContain('uncaught exception');
  });

  it.each([
    ['a pod that does not exist', 'web:1', 'absent', {}, 'pods "absent" not found'],
    ['a pod that never restarted', 'web:1', undefined, { previous: true }, 'previous terminated container "web"'],
    [
      'a pod whose image is missing',
      'web:1-broken',
      undefined,
      {},
      'is waiting to start: trying and failing to pull image',
    ],
    [
      'a container that is not there',
      'web:1',
      undefined,
      { container: 'sidecar' },
      'container sidecar is not valid for pod',
    ],
  ])('are refused for %s', (_name, image, pod, options, text) => {
    const cluster = running(image);
    expect(() => cluster.kubelet.logs(namespace, pod ?? cluster.pods()[0]?.metadata.name ?? '', options)).toThrow(text);
  });
});
