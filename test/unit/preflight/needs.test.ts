import { describe, expect, it } from '@jest/globals';
import type { NamedObject } from '#preflight/facts.ts';
import { configMaps } from '#preflight/needs/config-maps.ts';
import { image } from '#preflight/needs/image.ts';
import { migrations } from '#preflight/needs/migrations.ts';
import { permission } from '#preflight/needs/permission.ts';
import { secrets } from '#preflight/needs/secrets.ts';
import { NEEDS } from '#preflight/needs-of-access.ts';
import { aVersion, at } from '#test/harness/builders.ts';
import { aReplicaSet } from '#test/harness/rows.ts';
import { facts, known, unknown } from './facts.ts';

const refs = { configMaps: ['lomash-wood-config'], secrets: ['lomash-wood-secrets'] };
const replicaSets = [aReplicaSet('v1.4.3', 4), aReplicaSet('v1.4.2', 3, { refs })];

function there(name: string, changedAt = at('00:30')): ReadonlyMap<string, NamedObject> {
  return new Map([[name, { name, createdAt: at('00:10'), changedAt, changedBy: 'kubectl-edit' }]]);
}

describe('ConfigMaps that the target needs', () => {
  it('says nothing of one that is older than the target', () => {
    expect(configMaps(facts({ replicaSets, configMaps: known(there('lomash-wood-config')) }))).toEqual([]);
  });

  it('blocks when one is gone', () => {
    const [finding] = configMaps(facts({ replicaSets }));
    expect(finding).toMatchObject({ grade: 'blocker' });
    expect(finding?.text).toBe(
      'v1.4.2 needs ConfigMap lomash-wood-config, which does not exist any more; its pods could not start.',
    );
  });

  it('warns when one was changed after the target was deployed: when, and by whom', () => {
    const [finding] = configMaps(facts({ replicaSets, configMaps: known(there('lomash-wood-config', at('02:48'))) }));
    expect(finding).toMatchObject({ grade: 'warning' });
    expect(finding?.text).toContain('changed at 02:48 UTC by kubectl-edit, after v1.4.2 was deployed');
  });

  it('says "not checked" when they could not be read', () => {
    expect(configMaps(facts({ replicaSets, configMaps: unknown }))).toMatchObject([
      { grade: 'unchecked', text: 'ConfigMap lomash-wood-config: not checked (no answer in time).' },
    ]);
  });

  it('has nothing to ask when the target needs none', () => {
    expect(configMaps(facts({ configMaps: unknown }))).toEqual([]);
  });
});

describe('Secrets that the target needs', () => {
  it('says "not checked" where the bot may not look, with the command for a person', () => {
    const [finding] = secrets(
      facts({ replicaSets, secrets: { known: false, why: 'the bot may not read Secrets here' } }),
    );
    expect(finding?.text).toBe('Secret lomash-wood-secrets: not checked (the bot may not read Secrets here).');
    expect(finding?.command).toBe('kubectl get secrets lomash-wood-secrets -n lomash-wood');
  });

  it('blocks when one is gone', () => {
    expect(secrets(facts({ replicaSets }))).toMatchObject([{ grade: 'blocker' }]);
  });

  it('says nothing when it is there', () => {
    expect(secrets(facts({ replicaSets, secrets: known(there('lomash-wood-secrets')) }))).toEqual([]);
  });
});

describe('what nobody checks yet', () => {
  it('says that the image and the migrations were not checked', () => {
    expect(image(facts())).toMatchObject([{ grade: 'unchecked', text: expect.stringMatching(/^Image: not checked/) }]);
    expect(migrations(facts())).toMatchObject([
      { grade: 'unchecked', text: expect.stringMatching(/^Migrations: not checked/) },
    ]);
  });

  it.each([
    ['registry.lomashwood.com/auth-service:latest', ['warning', 'unchecked']],
    ['registry.lomashwood.com:5000/auth-service', ['warning', 'unchecked']],
    [`registry.lomashwood.com/auth-service:latest@sha256:${'a'.repeat(64)}`, ['unchecked']],
  ])('tells a tag that can move from one that cannot: %s', (name, grades) => {
    const to = aVersion('latest', { image: name });
    expect(image(facts({ to })).map((f) => f.grade)).toEqual(grades);
  });
});

describe('the permissions of the bot', () => {
  it('block when nothing can be rolled back without them, with the command to do it by hand', () => {
    const patch = NEEDS.find((n) => n.verb === 'patch')!;
    expect(permission(facts({ denied: known([patch]) }))).toMatchObject([
      {
        grade: 'blocker',
        text: 'The bot may not patch deployments in namespace lomash-wood: it cannot roll anything back.',
        command: 'kubectl rollout undo deployment/auth-service -n lomash-wood',
      },
    ]);
  });

  it('warn when only the logs will be missing', () => {
    const logs = NEEDS.find((n) => n.subresource === 'log')!;
    expect(permission(facts({ denied: known([logs]) }))).toMatchObject([
      { grade: 'warning', text: expect.stringContaining('may not get pods/log') },
    ]);
  });

  it('are "not checked" when the API server did not say', () => {
    expect(permission(facts({ denied: unknown }))).toMatchObject([{ grade: 'unchecked' }]);
  });
});
