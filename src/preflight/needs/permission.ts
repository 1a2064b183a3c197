/** What the bot's own account may do here, asked of the API server beforehand rather than found out halfway. */
import type { Finding } from '#rollback/finding.ts';
import type { WorkloadKind } from '#rollback/workload.ts';
import { type Check, kubectl, workloadOf } from '../check.ts';
import type { Need, ServiceFacts } from '../facts.ts';
import { concerns } from '../needs-of-access.ts';

const ROLES: Record<WorkloadKind, string> = {
  Deployment: 'rollback-bot-environment in this namespace (k8s/rbac.yaml)',
  StatefulSet: 'rollback-bot-stateful-sets in this namespace (k8s/optional/stateful-sets.yaml)',
  DaemonSet: 'rollback-bot-daemon-sets in this namespace (k8s/optional/daemon-sets.yaml)',
};

/** Only pods that are started one after the other can get stuck. */
function matters(need: Need, { kind, deployment }: ServiceFacts): boolean {
  const isOrdered = deployment?.replacement?.isOrdered ?? false;
  return concerns(need, kind) && (need.verb !== 'delete' || isOrdered);
}

export const permission: Check = (facts) => {
  const { denied, where, kind } = facts;
  if (!denied.known) {
    return [{ check: 'permission', grade: 'unchecked', text: `The bot's permissions: not checked (${denied.why}).` }];
  }
  return denied.value
    .filter((need) => matters(need, facts))
    .map((need): Finding => {
      const resource = need.resource + (need.subresource === undefined ? '' : `/${need.subresource}`);
      const role = ROLES[need.kinds === undefined ? 'Deployment' : kind];
      return {
        check: 'permission',
        grade: need.essential ? 'blocker' : 'warning',
        text: `The bot may not ${need.verb} ${resource} in namespace ${where.namespace}: ${need.otherwise}.`,
        cure: need.essential ? `Roll back by hand now, and bind the role ${role}.` : `Bind the role ${role}.`,
        ...(need.essential ? { command: kubectl(where, `rollout undo ${workloadOf(facts)}`) } : {}),
      };
    });
};
