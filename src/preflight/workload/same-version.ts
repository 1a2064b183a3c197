/** The target is what the Deployment already asks for: kubectl would skip it in silence. */
import { type Check, kubectl } from '../check.ts';

export const sameVersion: Check = ({ deployment, from, to, where, workload }) => {
  const current = deployment?.templateHash ?? from?.templateHash;
  if (to === undefined || current !== to.templateHash) return [];
  return [
    {
      check: 'same-version',
      grade: 'blocker',
      text: `${to.version} is what runs now; there is nothing to change.`,
      cure: 'Choose another version.',
      command: kubectl(where, `rollout history deployment/${workload}`),
    },
  ];
};
