/**
 * `kubectl apply` keeps its own copy of what it applied, which an undo does not change; the next apply compares with that copy and can
 * leave containers and variables of the rolled-back template behind (kubernetes/kubectl issue 1301).
 */
import type { Check } from '../check.ts';

const GITOPS = ['argocd.argoproj.io/tracking-id', 'meta.helm.sh/release-name'];

export const kubectlApply: Check = ({ deployment, kind }) => {
  if (!deployment?.hasLastApplied || GITOPS.some((key) => key in deployment.annotations)) return [];
  return [
    {
      check: 'kubectl-apply',
      grade: 'note',
      text: `This ${kind} is deployed with kubectl apply, which does not learn of the rollback.`,
      cure: 'Put the version you went back to into the manifest before the next apply, and compare with kubectl diff.',
    },
  ];
};
