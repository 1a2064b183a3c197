/** What the bot's account must be able to do in an environment, and what fails without it. */
import type { WorkloadKind } from '#rollback/workload.ts';
import type { Need } from './facts.ts';

const REVISION_KINDS: readonly WorkloadKind[] = ['StatefulSet', 'DaemonSet'];

/** See, and roll back, workloads of one kind. */
function ofKind(kind: WorkloadKind): Need[] {
  const resource = `${kind.toLowerCase()}s`;
  const shared = { group: 'apps', resource, essential: true, kinds: [kind] };
  return [
    { ...shared, verb: 'get', otherwise: 'it cannot see what runs' },
    { ...shared, verb: 'patch', otherwise: 'it cannot roll anything back' },
  ];
}

export const NEEDS: readonly Need[] = [
  ...ofKind('Deployment'),
  {
    verb: 'list',
    group: 'apps',
    resource: 'replicasets',
    essential: true,
    otherwise: 'it cannot see earlier versions',
    kinds: ['Deployment'],
  },
  ...REVISION_KINDS.flatMap(ofKind),
  {
    verb: 'list',
    group: 'apps',
    resource: 'controllerrevisions',
    essential: true,
    otherwise: 'it cannot see earlier versions',
    kinds: REVISION_KINDS,
  },
  { verb: 'list', group: '', resource: 'pods', essential: true, otherwise: 'it cannot see whether the pods come back' },
  {
    verb: 'delete',
    group: '',
    resource: 'pods',
    essential: false,
    otherwise: 'a pod that is stuck on the version left has to be deleted by hand',
    kinds: ['StatefulSet'],
  },
  {
    verb: 'get',
    group: '',
    resource: 'pods',
    subresource: 'log',
    essential: false,
    otherwise: 'logs of the broken version will not be saved',
  },
  {
    verb: 'list',
    group: '',
    resource: 'configmaps',
    essential: false,
    otherwise: 'it cannot see whether settings were changed or are gone',
  },
];

export function concerns({ kinds }: Need, kind: WorkloadKind): boolean {
  return kinds === undefined || kinds.includes(kind);
}
