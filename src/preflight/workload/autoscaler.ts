/** A HorizontalPodAutoscaler sets the number of pods; an undo never does. Said, so that nobody expects the old count back. */
import { type Check, kubectl } from '../check.ts';

export const autoscaler: Check = ({ autoscalers, kind, workload, where }) => {
  // Nothing scales a DaemonSet: it has a pod on each of its nodes.
  if (kind === 'DaemonSet') return [];
  if (!autoscalers.known) {
    return [
      {
        check: 'autoscaler',
        grade: 'unchecked',
        text: `Autoscaler: not checked (${autoscalers.why}).`,
        command: kubectl(where, 'get horizontalpodautoscalers'),
      },
    ];
  }
  return autoscalers.value
    .filter((a) => a.scales === `${kind}/${workload}`)
    .map((a) => ({
      check: 'autoscaler',
      grade: 'note' as const,
      text: `Autoscaler ${a.name} keeps between ${a.minReplicas} and ${a.maxReplicas} pods. A rollback leaves the number of pods as it is.`,
    }));
};
