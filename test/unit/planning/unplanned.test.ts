import { describe, expect, it } from '@jest/globals';
import { readCatalogue } from '#catalogue/read.ts';
import { unplanned } from '#planning/unplanned.ts';
import { going } from '#rollback/plan.ts';
import { at } from '#test/harness/builders.ts';

const catalogue = readCatalogue('k8s/catalogue.yaml');
const request = (environment: string) => ({
  environment,
  method: 'undo' as const,
  targets: [{ service: 'auth-service' }, { service: 'auth-service', to: '3' }],
});
const nowMs = Date.parse(at('03:03'));

describe('a request that nobody could plan', () => {
  it('is told from the catalogue: where, for which Deployments, and nothing goes', () => {
    const plan = unplanned(catalogue, request('staging'), nowMs);
    expect(plan.environment).toMatchObject({ name: 'staging', channel: 'C0STAGING', namespace: 'lomash-wood-staging' });
    expect(plan.services.map(({ workload }) => workload?.name)).toEqual(['auth-service']);
    expect(going(plan)).toEqual([]);
  });

  it('carries why, where that is the last word', () => {
    const why = { reason: 'TooLate', message: 'It was asked for 31 minutes ago.' };
    expect(unplanned(catalogue, request('production'), nowMs, why).services[0]?.refused).toEqual(why);
  });

  it('is told where production is, when nobody knows the environment', () => {
    const { environment, whoMay } = unplanned(catalogue, request('prodution'), nowMs);
    expect(environment).toMatchObject({ name: 'prodution', production: false, channel: 'C0INCIDENT' });
    expect(whoMay).toEqual([]);
  });
});
