import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { CatalogueError, parseCatalogue, readCatalogue } from '#catalogue/read.ts';
import { kindsOf, workloadName, workloadOf } from '#catalogue/catalogue.ts';

const text = readFileSync('k8s/catalogue.yaml', 'utf8');

/** The default catalogue with one thing changed. */
function changed(change: (raw: any) => void): string {
  const raw: unknown = parse(text);
  change(raw);
  return stringify(raw);
}

function faults(yaml: string): readonly string[] {
  try {
    parseCatalogue(yaml);
    return [];
  } catch (error) {
    if (error instanceof CatalogueError) return error.faults;
    throw error;
  }
}

describe('the default catalogue', () => {
  const catalogue = parseCatalogue(text);

  it("has the runbook's nine services and nine checks", () => {
    expect(Object.keys(catalogue.services)).toHaveLength(9);
    expect(catalogue.checklist).toHaveLength(9);
    expect(catalogue.checklist[0]).toMatchObject({
      text: '`GET /health` returns 200 for all services',
      answeredBy: 'health',
    });
  });

  it('knows no name that every object has', () => {
    expect(catalogue.environments['constructor']).toBeUndefined();
    expect(catalogue.services['__proto__']).toBeUndefined();
  });

  it('monitors for the 15 minutes and promises the 10 of the runbook', () => {
    expect(catalogue.timings).toEqual({
      etaMinutes: 10,
      monitoringMinutes: 15,
      knownGoodMinutes: 10,
      captureSeconds: 3,
    });
  });

  it('takes a Deployment for what runs a service, unless it says otherwise', () => {
    const other = parseCatalogue(changed((raw) => (raw.services['content-service'].kind = 'StatefulSet')));
    expect(workloadOf(other, 'production', 'content-service')).toEqual({
      kind: 'StatefulSet',
      name: 'content-service',
    });
    expect(workloadOf(other, 'production', 'auth-service').kind).toBe('Deployment');
    expect([kindsOf(catalogue), kindsOf(other)]).toEqual([
      new Set(['Deployment']),
      new Set(['Deployment', 'StatefulSet']),
    ]);
  });

  it('names the Deployment with the prefix of the environment', () => {
    const prefixed = parseCatalogue(changed((raw) => (raw.environments.staging.namePrefix = 'stg-')));
    expect(workloadName(prefixed, 'staging', 'auth-service')).toBe('stg-auth-service');
    expect(workloadName(prefixed, 'production', 'auth-service')).toBe('auth-service');
  });
});

describe('a catalogue that cannot be used', () => {
  it.each([
    [
      'a bad channel',
      (raw: any) => (raw.environments.dev.channel = '#dev'),
      'environments.dev.channel: expected a Slack channel id, such as C0123ABCD',
    ],
    [
      'a misspelt key',
      (raw: any) => (raw.services['auth-service'].helthPath = '/x'),
      'services.auth-service: unknown "helthPath"',
    ],
    [
      'a health path without its slash',
      (raw: any) => (raw.services['auth-service'].healthPath = 'x'),
      'services.auth-service.healthPath: expected a path that begins with /',
    ],
    [
      'nobody who may',
      (raw: any) => (raw.environments.dev.mayRollBack = {}),
      'environments.dev.mayRollBack: expected at least one user or group, otherwise nobody may roll back',
    ],
    [
      'a service that is a prefix of another',
      (raw: any) => (raw.services.auth = {}),
      'services.auth: "auth" is a prefix of "auth-service" (services.auth-service): rename one',
    ],
    [
      'an alias that is an environment',
      (raw: any) => (raw.services['auth-service'].aliases = ['prod']),
      '"prod" means both environment production and service auth-service',
    ],
    [
      'a service called like a word of the command',
      (raw: any) => (raw.services.history = {}),
      '"history" means both the word "history" of the command and service history',
    ],
    [
      'a check that stands twice',
      (raw: any) => raw.checklist.push({ id: 'login', text: 'x' }),
      'checklist: the id "login" stands twice',
    ],
  ])('reports %s with its path', (_name, change, fault) => {
    expect(faults(changed(change))).toContain(fault);
  });

  it('is reported when it is not YAML or not there', () => {
    expect(faults('a: [')).toHaveLength(1);
    expect(() => readCatalogue('/nowhere/catalogue.yaml')).toThrow('cannot be read: ENOENT');
  });
});
