import { describe, expect, it } from '@jest/globals';
import type { WorkloadRow } from '#clients/kubernetes/rows.ts';
import type { Finding } from '#rollback/finding.ts';
import { argoCd } from '#preflight/owners/argo-cd.ts';
import { argoRollouts } from '#preflight/owners/argo-rollouts.ts';
import { flagger } from '#preflight/owners/flagger.ts';
import { flux } from '#preflight/owners/flux.ts';
import { helm } from '#preflight/owners/helm.ts';
import { kubectlApply } from '#preflight/owners/kubectl-apply.ts';
import { aDeployment, aPod } from '#test/harness/rows.ts';
import { facts } from './facts.ts';

const checks = { argoCd, argoRollouts, flagger, flux, helm, kubectlApply };

function ownersOf(more: Partial<WorkloadRow>): Finding[] {
  const deployment = aDeployment('v1.4.3', more);
  return Object.values(checks).flatMap((check) => check(facts({ deployment })));
}

const trackingId = (id: string) => ({ annotations: { 'argocd.argoproj.io/tracking-id': id } });
const kustomization = {
  'kustomize.toolkit.fluxcd.io/name': 'apps',
  'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
};
const helmRelease = { 'helm.toolkit.fluxcd.io/name': 'auth', 'helm.toolkit.fluxcd.io/namespace': 'releases' };
const release = { 'meta.helm.sh/release-name': 'auth', 'meta.helm.sh/release-namespace': 'lomash-wood' };

describe('who owns the Deployment', () => {
  const rows: [string, Partial<WorkloadRow>, Partial<Finding>, string][] = [
    [
      'Argo CD, by its tracking id',
      trackingId('shop:apps/Deployment:lomash-wood/auth-service'),
      { check: 'argo-cd', grade: 'blocker', overridable: true },
      `argocd app patch shop --type merge --patch '{"spec":{"syncPolicy":{"automated":{"enabled":false}}}}'`,
    ],
    [
      'Argo CD, an application of another namespace',
      trackingId('teams_shop:apps/Deployment:lomash-wood/auth-service'),
      { check: 'argo-cd' },
      'argocd app patch teams/shop --type merge',
    ],
    [
      'Argo CD, known by who wrote the fields alone',
      { managers: [{ manager: 'argocd-controller' }] },
      { check: 'argo-cd' },
      'argocd app patch <application>',
    ],
    [
      'Flux, a Kustomization',
      { labels: kustomization },
      { check: 'flux', grade: 'blocker', overridable: true },
      'flux suspend kustomization apps -n flux-system',
    ],
    [
      'Flux, told to leave it alone',
      { labels: kustomization, annotations: { 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' } },
      { check: 'flux', grade: 'note' },
      'kubectl annotate deployment/auth-service kustomize.toolkit.fluxcd.io/reconcile- -n lomash-wood',
    ],
    [
      'Flux, a HelmRelease, whose Helm marks say nothing more',
      { labels: helmRelease, annotations: release },
      { check: 'flux', grade: 'blocker' },
      'flux suspend helmrelease auth -n releases',
    ],
    ['Helm', { annotations: release }, { check: 'helm', grade: 'warning' }, 'helm rollback auth -n lomash-wood'],
    [
      'Flagger',
      { ownerKind: 'Canary' },
      { check: 'flagger', grade: 'blocker' },
      'kubectl set image deployment/auth-service auth-service=registry.lomashwood.com/auth-service:v1.4.2 -n lomash-wood',
    ],
    [
      'Argo Rollouts',
      { ownerKind: 'Rollout' },
      { check: 'argo-rollouts', grade: 'blocker' },
      'kubectl argo rollouts undo auth-service -n lomash-wood',
    ],
  ];

  it.each(rows)('%s: one finding, with the cure as a command', (_owner, more, finding, command) => {
    const findings = ownersOf(more);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject(finding);
    expect(findings[0]?.command).toContain(command);
    expect(findings[0]?.cure).toMatch(/^[A-Z].*\.$/);
  });

  it('notes kubectl apply, which does not learn of the rollback', () => {
    expect(ownersOf({ hasLastApplied: true })).toMatchObject([{ check: 'kubectl-apply', grade: 'note' }]);
  });

  it('has nothing to say of a Deployment that nobody owns', () => {
    expect(ownersOf({ managers: [{ manager: 'kubectl-set' }] })).toEqual([]);
  });

  it('knows Flagger by the primary that it made, too', () => {
    const primary = aDeployment('v1.4.2', { name: 'auth-service-primary', ownerKind: 'Canary' });
    expect(flagger(facts({ primary }))[0]?.text).toContain('traffic goes to pods of auth-service-primary');
  });

  it('knows Argo Rollouts by the label of the pods that it makes, too', () => {
    const pods = [aPod('v1.4.3', { labels: { app: 'auth-service', 'rollouts-pod-template-hash': 'abc' } })];
    expect(argoRollouts(facts({ pods }))).toHaveLength(1);
  });
});
