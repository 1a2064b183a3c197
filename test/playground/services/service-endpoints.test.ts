import { describe, expect, it } from '@jest/globals';
import { worldClock } from '#playground/clock.ts';
import { fastTimings } from '#playground/cluster/kubelet/container-worker.ts';
import type { Pod } from '#playground/cluster/objects.ts';
import { deployments, pods } from '#playground/cluster/objects.ts';
import { createStorage } from '#playground/cluster/storage.ts';
import type { WorldControl } from '#playground/scenarios/world.ts';
import { startWorld } from '#playground/scenarios/world.ts';
import { serviceOfPath } from '#playground/services/service-endpoints.ts';
import { catalogue } from '../scenarios/company-catalogue.ts';

async function withEndpoints(run: (world: WorldControl) => Promise<void>): Promise<void> {
  const clock = worldClock({ unref: true });
  const world = await startWorld({ storage: createStorage(clock), clock, seed: 3, catalogue, timings: fastTimings });
  try {
    await run(world);
  } finally {
    await world.stop();
  }
}

const get = (world: WorldControl, path: string): Promise<Response> =>
  fetch(world.baseUrl('production') + path, { signal: AbortSignal.timeout(10_000) });

describe('the endpoints behind the services', () => {
  it('answer each health path with service and version', () =>
    withEndpoints(async (world) => {
      for (const [service, { healthPath = '' }] of Object.entries(catalogue.services)) {
        const response = await get(world, healthPath);
        expect(response.status).toBe(200);
        expect(await response.json()).toMatchObject({ status: 'ok', service, version: expect.stringMatching(/^v\d/) });
      }
    }));

  it('answer 500 from pods of a bad version, with that version', () =>
    withEndpoints(async (world) => {
      world.act('deploy-bad', 'auth-service');
      world.clock.advance(5000);
      const response = await get(world, '/v1/auth/health');
      expect(response.status).toBe(500);
      expect(await response.json()).toMatchObject({ service: 'auth-service', version: 'v1.4.3' });
    }));

  it('answer 503 when a service has no ready pod', () =>
    withEndpoints(async (world) => {
      world.storage.change(deployments, 'lomash-wood', 'auth-service', (object) => ({
        ...object,
        spec: { ...(object['spec'] as object), replicas: 0 },
      }));
      world.clock.advance(1000);
      expect((await get(world, '/v1/auth/health')).status).toBe(503);
      expect((await get(world, '/v1/products/health')).status).toBe(200);
    }));

  it('do not answer at all while no gateway pod is ready', () =>
    withEndpoints(async (world) => {
      world.storage.change(deployments, 'lomash-wood', 'api-gateway', (object) => ({
        ...object,
        spec: { ...(object['spec'] as object), replicas: 0 },
      }));
      world.clock.advance(1000);
      const left = (world.storage.list(pods, 'lomash-wood') as Pod[]).filter(
        (p) => p.metadata.labels?.['app'] === 'api-gateway',
      );
      expect(left).toEqual([]);
      await expect(get(world, '/v1/products/health')).rejects.toThrow('fetch failed');
    }));

  it('say 404 for an environment that does not exist', () =>
    withEndpoints(async (world) => {
      expect((await fetch(world.baseUrl('nowhere'))).status).toBe(404);
    }));
});

describe('a path', () => {
  it.each([
    ['/health', 'api-gateway'],
    ['/v1/auth/health', 'auth-service'],
    ['/v1/auth/login', 'auth-service'],
    ['/v1/products', 'product-service'],
    ['/somewhere/else', 'api-gateway'],
  ])('%s belongs to %s', (path, service) => {
    expect(serviceOfPath(catalogue, path)).toBe(service);
  });
});
