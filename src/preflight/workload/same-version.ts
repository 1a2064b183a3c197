/** The target is what the workload already asks for: kubectl would skip it in silence. */
import { type Check, kubectl, workloadOf } from '../check.ts';

export const sameVersion: Check = (facts) => {
  const { deployment, from, to, where } = facts;
  const current = deployment?.templateHash ?? from?.templateHash;
  if (to === undefined || current !== to.templateHash) return [];
  return [
    {
      check: 'same-version',
      grade: 'blocker',
      text: `${to.version} is what runs now; there is nothing to change.`,
      cure: 'Choose another version.',
      command: kubectl(where, `rollout history ${workloadOf(facts)}`),
    },
  ];
};
