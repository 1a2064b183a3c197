import { afterEach, describe, expect, it } from '@jest/globals';
import { pauseDeployment } from '#playground/scenarios/special-cases.ts';
import type { StoredObject } from '#playground/cluster/storage-contract.ts';
import { formReads, opens, pressed } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, inChannel, rollbackOf, told, untilPhase } from '#test/harness/story.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };
const REPLICA_SETS = { group: 'apps', version: 'v1', plural: 'replicasets' };
const NAMESPACE = 'lomash-wood';

let night: Journey;
afterEach(() => night.stop());

const stored = (service: string): StoredObject | undefined =>
  night.cluster.storage.get(DEPLOYMENTS, NAMESPACE, service);

function change(service: string, what: (deployment: StoredObject) => StoredObject): void {
  night.cluster.storage.change(DEPLOYMENTS, NAMESPACE, service, what);
}

/** The same Deployment under another uid. */
function recreate(service: string): void {
  const old = stored(service)!;
  night.cluster.storage.remove(DEPLOYMENTS, NAMESPACE, service);
  const { uid: _uid, resourceVersion: _version, creationTimestamp: _at, ...metadata } = old.metadata;
  const { status: _status, ...rest } = old;
  night.cluster.storage.create(DEPLOYMENTS, { ...rest, metadata });
}

function forgetVersion(service: string, version: string): void {
  for (const set of night.cluster.storage.list(REPLICA_SETS)) {
    const owns = set.metadata.namespace === NAMESPACE && JSON.stringify(set['spec']).includes(`${service}:${version}"`);
    if (owns) night.cluster.storage.remove(REPLICA_SETS, NAMESPACE, set.metadata.name);
  }
}

/** Everything is planned and allowed; in the moment before the patch somebody does this. */
async function nightWith(inTheMoment: () => void, words = '--to v1.4.2 '): Promise<void> {
  let isDone = false;
  night = await startJourney({
    crashPoint(point, { kind, rollback }) {
      if (point !== 'before' || kind !== 'workload.patch' || isDone || !rollback) return;
      isDone = true;
      inTheMoment();
    },
  });
  await deploy(night, 'deploy-bad', 'auth-service');
  await opens(night, `auth production ${words}logins fail`, /→ \*v1\.4\.\d\*/);
}

describe('in the moment between the plan and the patch', () => {
  it('somebody deploys: refused, with who, when and what; the new template stands', async () => {
    await nightWith(() => void night.world.act('deploy-good', 'auth-service'));
    await night.maya.submit();
    const refused = await night.post(/\*ROLLBACK REFUSED\*/);
    const receipt = await formReads(night, /Not started:.*Open it/s);
    expect(receipt.reads).toContain('auth-service was changed after this was planned');
    expect(refused.reads).toContain('auth-service was changed after this was planned');
    expect(refused.reads).toMatch(/by deploy-pipeline.*image v1\.4\.3 → v1\.4\.4/);
    expect(refused.reads).toContain('Make a new plan.');
    expect(refused.reads).toContain('@Maya Chen');
    expect(night.version('auth-service')).toBe('v1.4.4');
    expect(rollbackOf(night, 'auth-service')?.status?.targets[0]).toMatchObject({ state: 'Refused' });
  });

  it('somebody deploys, and who pressed has closed the form: told beside it', async () => {
    await nightWith(() => {
      void night.maya.close();
      night.world.act('deploy-good', 'auth-service');
    });
    await night.maya.submit();
    const answer = await told(night, night.maya, /Not started:/);
    expect(answer.reads).toContain('auth-service was changed after this was planned');
    expect(night.maya.modal()).toBeUndefined();
    await untilPhase(night, 'auth-service', 'Refused');
  });

  it('somebody scales and annotates: it goes through and keeps both', async () => {
    await nightWith(() =>
      change('auth-service', (d) => ({
        ...d,
        metadata: { ...d.metadata, annotations: { ...d.metadata.annotations, team: 'identity' } },
        ['spec']: { ...(d['spec'] as object), replicas: 4 },
      })),
    );
    await pressed(night);
    await untilPhase(night, 'auth-service', 'Monitoring');
    expect(night.version('auth-service')).toBe('v1.4.2');
    expect(stored('auth-service')?.['spec']).toMatchObject({ replicas: 4 });
    expect(stored('auth-service')?.metadata.annotations).toMatchObject({ team: 'identity' });
    expect(night.troubles).toEqual([]);
  });

  it('somebody pauses it: it is not told as rolled back', async () => {
    await nightWith(() => pauseDeployment(night.world, { service: 'auth-service' }));
    await pressed(night);
    const outcome = await night.post(/\*ROLLBACK REFUSED\*|NEEDS A PERSON|\*ROLLBACK FAILED\*/);
    expect(outcome.reads).toMatch(/paused/);
    expect(inChannel(night).some(({ reads }) => reads.includes('COMPLETE'))).toBe(false);
  });

  it('somebody deletes it and creates it anew: refused, the new one untouched', async () => {
    await nightWith(() => recreate('auth-service'));
    await pressed(night);
    const refused = await night.post(/\*ROLLBACK REFUSED\*/);
    expect(refused.reads).toContain('deleted and created anew');
    expect(night.version('auth-service')).toBe('v1.4.3');
  });

  it('the version to go back to is cleaned up: refused by name, and another one may be chosen', async () => {
    await nightWith(() => forgetVersion('auth-service', 'v1.4.0'), '--to v1.4.0 ');
    await pressed(night);
    const refused = await night.post(/\*ROLLBACK REFUSED\*/);
    expect(refused.reads).toContain('v1.4.0 of auth-service was cleaned up by the cluster in the meantime.');
    expect(refused.reads.match(/othing was touched/g)).toHaveLength(1);
    expect(night.version('auth-service')).toBe('v1.4.3');
    await night.maya.click('See new plan', refused);
    await formReads(night, /\*v1\.4\.3\* → \*v1\.4\.2\*/);
  });
});

describe('between the form and the press', () => {
  it.each([
    ['chosen', '--to v1.4.2 ', 'The version you chose is no longer in the history of the cluster. Choose another one.'],
    ['proposed', '', 'The version that was proposed to you is no longer in the history of the cluster.'],
  ])('a version that was %s and is gone by then is refused', async (_how, words, why) => {
    await nightWith(() => undefined, words);
    forgetVersion('auth-service', 'v1.4.2');
    await pressed(night);
    const refused = await night.post(/\*ROLLBACK REFUSED\*/);
    expect(refused.reads).toContain(why);
    expect(night.version('auth-service')).toBe('v1.4.3');
  });

  it('somebody was quicker with kubectl: nothing is left to do, and that is said', async () => {
    await nightWith(() => undefined);
    const earlier = night.cluster.storage
      .list(REPLICA_SETS)
      .find((set) => JSON.stringify(set['spec']).includes('auth-service:v1.4.2"'));
    const { template } = structuredClone(earlier?.['spec']) as { template: { metadata: { labels: object } } };
    Reflect.deleteProperty(template.metadata.labels, 'pod-template-hash');
    change('auth-service', (d) => ({ ...d, ['spec']: { ...(d['spec'] as object), template } }));
    const generation = stored('auth-service')?.metadata.generation;
    await pressed(night);
    const refused = await night.post(/\*ROLLBACK REFUSED\*/);
    expect(refused.reads).toContain('v1.4.2 was deployed, after you opened the form.');
    expect(stored('auth-service')?.metadata.generation).toBe(generation);
  });

  it('of two services only the changed one is refused; the other goes back and is monitored', async () => {
    night = await startJourney();
    await deploy(night, 'deploy-bad', 'auth-service');
    await deploy(night, 'deploy-bad', 'content-service');
    await opens(night, 'auth content production all is slow', /\*content-service\*: \*v1\.9\.3\* → \*v1\.9\.2\*/);
    const newer = await deploy(night, 'deploy-good', 'content-service');
    await pressed(night);
    const partial = await night.post(/\*ROLLBACK PARTIAL\*/);
    expect(partial.reads).toContain('1 of 2 services returned to previous version.');
    expect(partial.reads).toMatch(/content-service.*v1\.9\.4 was deployed at .*after you opened the form/);
    expect(partial.reads).toContain('Monitoring the 1 for 15 minutes');
    expect(night.version('content-service')).toBe(newer);
    expect(night.version('auth-service')).toBe('v1.4.2');
    expect(night.troubles).toEqual([]);
  });
});
