/** Flux reverts drift at its next reconciliation: kustomize-controller always, helm-controller where drift correction is on. */
import type { Finding } from '#rollback/finding.ts';
import { type Check, kubectl, workloadOf } from '../check.ts';

const RECONCILE = 'kustomize.toolkit.fluxcd.io/reconcile';

export const flux: Check = (facts) => {
  const { deployment, where } = facts;
  if (deployment === undefined) return [];
  const { labels, annotations } = deployment;
  const context = where.context === undefined ? '' : ` --context ${where.context}`;
  const findings: Finding[] = [];

  const kustomization = labels['kustomize.toolkit.fluxcd.io/name'];
  if (kustomization !== undefined && annotations[RECONCILE] === 'disabled') {
    const text = `Flux (Kustomization ${kustomization}) owns this ${facts.kind}, but is told to leave it alone (${RECONCILE}: disabled).`;
    findings.push({
      check: 'flux',
      grade: 'note',
      text,
      cure: 'Change git before you let Flux work on it again.',
      command: kubectl(where, `annotate ${workloadOf(facts)} ${RECONCILE}-`),
    });
  } else if (kustomization !== undefined) {
    const namespace = labels['kustomize.toolkit.fluxcd.io/namespace'] ?? 'flux-system';
    findings.push({
      check: 'flux',
      grade: 'blocker',
      overridable: true,
      text: `Flux (Kustomization ${kustomization}) owns this ${facts.kind} and will undo the rollback when it next reconciles.`,
      cure: 'Suspend it first and any image automation with it; the lasting way back is to revert the commit in git. Then go anyway.',
      command: `flux suspend kustomization ${kustomization} -n ${namespace}${context}`,
    });
  }

  const release = labels['helm.toolkit.fluxcd.io/name'];
  if (release !== undefined) {
    const namespace = labels['helm.toolkit.fluxcd.io/namespace'] ?? where.namespace;
    findings.push({
      check: 'flux',
      grade: 'blocker',
      overridable: true,
      text: `Flux (HelmRelease ${release}) owns this ${facts.kind} and may undo the rollback when it next reconciles.`,
      cure: 'Suspend it first; the lasting way back is to revert the commit in git. Then go anyway.',
      command: `flux suspend helmrelease ${release} -n ${namespace}${context}`,
    });
  }
  return findings;
};
