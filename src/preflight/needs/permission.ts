/** What the bot's own account may do here, asked of the API server beforehand rather than found out halfway. */
import type { Finding } from '#rollback/finding.ts';
import { type Check, kubectl } from '../check.ts';

export const permission: Check = ({ denied, where, workload }) => {
  if (!denied.known) {
    return [{ check: 'permission', grade: 'unchecked', text: `The bot's permissions: not checked (${denied.why}).` }];
  }
  return denied.value.map((need): Finding => {
    const resource = need.resource + (need.subresource === undefined ? '' : `/${need.subresource}`);
    return {
      check: 'permission',
      grade: need.essential ? 'blocker' : 'warning',
      text: `The bot may not ${need.verb} ${resource} in namespace ${where.namespace}: ${need.otherwise}.`,
      cure: need.essential
        ? 'Roll back by hand now, and bind the role rollback-bot-environment in this namespace (k8s/rbac.yaml).'
        : 'Bind the role rollback-bot-environment in this namespace (k8s/rbac.yaml).',
      ...(need.essential ? { command: kubectl(where, `rollout undo deployment/${workload}`) } : {}),
    };
  });
};
