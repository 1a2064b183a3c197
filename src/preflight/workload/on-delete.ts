/** updateStrategy OnDelete: a new template changes no pod before somebody deletes it, so a rollback would bring nothing back. */
import { type Check, kubectl, workloadOf } from '../check.ts';

export const onDelete: Check = (facts) => {
  const { deployment, kind, to, where } = facts;
  if (!deployment?.replacement?.isOnDelete) return [];
  const revision = to === undefined || to.revision === 0 ? '' : ` --to-revision=${to.revision}`;
  return [
    {
      check: 'on-delete',
      grade: 'blocker',
      text: `This ${kind} replaces its pods only when somebody deletes them (updateStrategy OnDelete), so a rollback would change nothing by itself.`,
      cure: 'Undo it by hand, then delete its pods one after the other and look at each.',
      command: kubectl(where, `rollout undo ${workloadOf(facts)}${revision}`),
    },
  ];
};
