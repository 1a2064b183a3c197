/** A paused Deployment takes a new template but starts no pod of it; kubectl refuses to undo one. */
import { type Check, kubectl } from '../check.ts';

export const paused: Check = ({ deployment, where, workload }) =>
  deployment?.paused
    ? [
        {
          check: 'paused',
          grade: 'blocker',
          text: `The Deployment ${workload} is paused, so a rollback would not start any pod.`,
          cure: 'Resume it, then ask again. Resuming also starts whatever was changed while it was paused.',
          command: kubectl(where, `rollout resume deployment/${workload}`),
        },
      ]
    : [];
