/** Argo CD puts back what git says: seconds after the drift with self-heal, otherwise at its next sync. */
import type { WorkloadRow } from '#clients/kubernetes/rows.ts';
import type { Check } from '../check.ts';

const TRACKING_ID = 'argocd.argoproj.io/tracking-id';
const INSTANCE = 'argocd.argoproj.io/instance';

/** The tracking id is `<application>:<group>/<kind>:<namespace>/<name>`; an application outside Argo CD's namespace is `<namespace>_<name>`. */
function applicationOf(deployment: WorkloadRow): { name?: string } | undefined {
  const tracking = deployment.annotations[TRACKING_ID]?.split(':')[0]?.replace('_', '/');
  const name = tracking || deployment.labels[INSTANCE];
  if (name !== undefined) return { name };
  return deployment.managers.some((m) => m.manager.startsWith('argocd-')) ? {} : undefined;
}

export const argoCd: Check = ({ deployment, from, kind }) => {
  const application = deployment && applicationOf(deployment);
  if (application === undefined) return [];
  const name = application.name ?? '<application>';
  const called = application.name === undefined ? '' : ` (application ${name})`;
  return [
    {
      check: 'argo-cd',
      grade: 'blocker',
      overridable: true,
      text: `Argo CD${called} owns this ${kind} and will deploy ${from?.version ?? 'what git says'} again at its next sync, within seconds where it heals itself.`,
      cure: 'Switch its automated sync off first, and off in the parent application too where there is one; or revert the commit in git. Then go anyway.',
      command: `argocd app patch ${name} --type merge --patch '{"spec":{"syncPolicy":{"automated":{"enabled":false}}}}'`,
    },
  ];
};
