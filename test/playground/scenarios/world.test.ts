import { describe, expect, it } from '@jest/globals';
import type { ServiceView } from '#playground/world-protocol.ts';
import type { WorldControl } from '#playground/scenarios/world.ts';
import { inWorld } from './in-world.ts';

function viewOf(world: WorldControl, service: string, environment = 'production'): ServiceView {
  const view = world.view(environment).find((s) => s.name === service);
  if (!view) throw new Error(`${service} is not in the view`);
  return view;
}

describe('the world at its start', () => {
  it('shows nine healthy services with their versions', () =>
    inWorld((world) => {
      const views = world.view();
      expect(views).toHaveLength(9);
      for (const view of views) {
        expect(view.health).toMatchObject({ ok: true, status: 200 });
        expect(view.errorRate).toBeLessThan(0.01);
        expect(view.pods.filter((pod) => pod.ready)).toHaveLength(view.desired);
      }
      expect(viewOf(world, 'auth-service')).toMatchObject({
        version: 'v1.4.2',
        wanted: 'v1.4.2',
        revision: 3,
        desired: 3,
      });
    }));
});

describe('a deploy', () => {
  it('of a bad version is the next patch, becomes ready everywhere and answers 500', () =>
    inWorld((world) => {
      expect(world.act('deploy-bad', 'auth-service')).toEqual({
        service: 'auth-service',
        version: 'v1.4.3',
        by: 'Priya Nair',
      });
      world.clock.advance(5000);
      const view = viewOf(world, 'auth-service');
      expect(view).toMatchObject({
        version: 'v1.4.3',
        wanted: 'v1.4.3',
        revision: 4,
        health: { ok: false, status: 500 },
      });
      expect(view.pods.every((pod) => pod.ready)).toBe(true);
      expect(view.errorRate).toBeGreaterThan(0.3);
      expect(world.alertText('auth-service')).toMatch(/^\[P1\] auth-service in production: error rate \d+\.\d %/);
      expect(viewOf(world, 'product-service').health.ok).toBe(true);
    }));

  it('of a crash loop gets stuck beside the old pods, which go on answering', () =>
    inWorld((world) => {
      world.act('deploy-crash-loop', 'auth-service');
      world.clock.advance(20_000);
      const view = viewOf(world, 'auth-service');
      expect(view).toMatchObject({ version: 'v1.4.2', wanted: 'v1.4.3', health: { ok: true } });
      expect(view.pods.filter((pod) => !pod.ready)).toEqual([
        expect.objectContaining({
          version: 'v1.4.3',
          reason: expect.stringMatching(/^(CrashLoopBackOff|Error|NotReady)$/),
        }),
      ]);
    }));

  it('of a slow version answers 200, late', () =>
    inWorld((world) => {
      const before = viewOf(world, 'auth-service').health.latencyMs;
      world.act('deploy-slow', 'auth-service');
      world.clock.advance(5000);
      const { health } = viewOf(world, 'auth-service');
      expect(health).toMatchObject({ ok: true, status: 200 });
      expect(health.latencyMs).toBeGreaterThan(before * 10);
    }));

  it('by somebody else, after a bad one, heals the service with a newer version', () =>
    inWorld((world) => {
      world.act('deploy-bad', 'auth-service');
      world.clock.advance(5000);
      expect(world.act('deploy-good', 'auth-service')).toMatchObject({ version: 'v1.4.4', by: 'Tom Okafor' });
      world.clock.advance(5000);
      expect(viewOf(world, 'auth-service')).toMatchObject({ version: 'v1.4.4', health: { ok: true } });
    }));

  it('happens in one environment only', () =>
    inWorld((world) => {
      world.act('deploy-bad', 'auth-service', 'staging');
      world.clock.advance(5000);
      expect(viewOf(world, 'auth-service', 'staging').health.status).toBe(500);
      expect(viewOf(world, 'auth-service').health.status).toBe(200);
    }));

  it('of a bad gateway is felt by everybody behind it', () =>
    inWorld((world) => {
      world.act('deploy-bad', 'api-gateway');
      world.clock.advance(5000);
      expect(viewOf(world, 'api-gateway').health.status).toBe(500);
      expect(viewOf(world, 'auth-service').health.status).toBe(502);
    }));
});

describe('watching the world', () => {
  it('tells of changes until told to stop', () =>
    inWorld((world) => {
      let changes = 0;
      const stop = world.onChange(() => (changes += 1));
      world.act('deploy-good', 'auth-service');
      world.clock.advance(5000);
      expect(changes).toBeGreaterThan(10);
      stop();
      const before = changes;
      world.act('deploy-good', 'auth-service');
      world.clock.advance(5000);
      expect(changes).toBe(before);
    }));
});

describe('starting over', () => {
  it('makes the same history again, and deploys go on from there', () =>
    inWorld((world) => {
      const names = world.view().flatMap((view) => view.pods.map((pod) => pod.name));
      world.act('deploy-bad', 'auth-service');
      world.clock.advance(5000);
      world.startOver();
      world.clock.advance(5000);
      expect(world.view().flatMap((view) => view.pods.map((pod) => pod.name))).toEqual(names);
      expect(world.act('deploy-bad', 'auth-service').version).toBe('v1.4.3');
      world.clock.advance(5000);
      expect(viewOf(world, 'auth-service').health.status).toBe(500);
    }));
});
