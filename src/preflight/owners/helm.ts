/** A Helm release owns the Deployment: an undo works, but Helm's next upgrade starts from the manifest that is being left. */
import type { Check } from '../check.ts';

const RELEASE = 'meta.helm.sh/release-name';
const RELEASE_NAMESPACE = 'meta.helm.sh/release-namespace';

export const helm: Check = ({ deployment, kind, where }) => {
  const release = deployment?.annotations[RELEASE];
  const isFlux = deployment?.labels['helm.toolkit.fluxcd.io/name'] !== undefined;
  if (release === undefined || isFlux) return [];
  const namespace = deployment?.annotations[RELEASE_NAMESPACE] ?? where.namespace;
  const context = where.context === undefined ? '' : ` --kube-context ${where.context}`;
  return [
    {
      check: 'helm',
      grade: 'warning',
      text: `Helm (release ${release}) owns this ${kind}. A rollback here holds until the next helm upgrade, which starts from the release that is being left.`,
      cure: 'Roll the release back in Helm as well, or deploy a repaired one next.',
      command: `helm rollback ${release} -n ${namespace}${context}`,
    },
  ];
};
