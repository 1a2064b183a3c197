import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as cases from '#playground/scenarios/special-cases.ts';
import type { WorldControl } from '#playground/scenarios/world.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';

/** Each on a service of its own, so that one night shows them all. */
const rows: [string, string, (world: WorldControl, target: { service: string }) => unknown, RegExp[]][] = [
  [
    'nothing to go back to',
    'content-service',
    cases.forgetHistory,
    [/Left out|Blocked/, /kubectl rollout history|earlier version/i],
  ],
  ['a paused Deployment', 'customer-service', cases.pauseDeployment, [/paused/i, /Resume it/]],
  ['Argo CD, which would undo it', 'product-service', (w, t) => cases.markOwner(w, t, 'argo-cd'), [/Argo CD/]],
  [
    'Flux, which would undo it',
    'notification-service',
    (w, t) => cases.markOwner(w, t, 'flux-kustomization'),
    [/Flux/, /Suspend it/],
  ],
  [
    'Helm, which would merge from the bad manifest',
    'appointment-service',
    (w, t) => cases.markOwner(w, t, 'helm'),
    [/Helm/],
  ],
  ['Flagger, whose traffic would not follow', 'analytics-service', cases.handToFlagger, [/Flagger/]],
  ['Argo Rollouts, which owns the pods', 'order-payment-service', cases.handToArgoRollouts, [/Argo Rollouts/]],
];

describe('what could go wrong is said in the form', () => {
  let night: Journey;
  beforeAll(async () => {
    night = await startJourney();
    for (const [, service, arrange] of rows) arrange(night.world, { service });
  });
  afterAll(() => night.stop());

  it.each(rows)('%s: %s', async (_story, service, _arrange, words) => {
    await night.maya.type('#incidents', `/rollback ${service} production try`);
    const form = await night.until(`the form of ${service}`, () => {
      const modal = night.maya.modal();
      return modal && words.every((word) => word.test(modal.reads)) ? modal : undefined;
    });
    expect(form.reads).toContain(service);
    await night.maya.close();
    expect(night.rollbacks()).toEqual([]);
  });

  it('a ConfigMap that changed after the target, and what nobody checked', async () => {
    cases.changeConfigMap(night.world);
    await night.maya.type('#incidents', '/rollback auth-service production try');
    const form = await night.until('the ConfigMap is named', () => {
      const modal = night.maya.modal();
      return modal && /lomash-wood-config/.test(modal.reads) ? modal : undefined;
    });
    expect(form.reads).toMatch(/Warning: .*lomash-wood-config/);
    expect(form.reads).toMatch(/Not checked: .*Image.*Migrations/);
    await night.maya.close();
  });

  it('a ConfigMap that is gone blocks', async () => {
    cases.deleteConfigMap(night.world);
    await night.maya.type('#incidents', '/rollback auth-service production try');
    const form = await night.until('the ConfigMap is missed', () => {
      const modal = night.maya.modal();
      return modal && /Blocked: .*lomash-wood-config/.test(modal.reads) ? modal : undefined;
    });
    expect('submit' in form.view).toBe(false);
  });
});
