/**
 * Where the simulated plane may differ from the real one as the tests run it, each with the reason: everything else must be equal. Views
 * are normalised by this list and by nothing else; docs/simulator-differences.md points here.
 */
import type { SeenEvent } from './view.ts';

interface AllowedDifference {
  what: string;
  why: string;
  /** Whether an event is left out of the comparison. */
  leavesOut?: (event: SeenEvent) => boolean;
}

export const allowedDifferences: AllowedDifference[] = [
  {
    what: 'Events about pods, but for the scheduler’s',
    why: 'They are the kubelet’s. On the real plane kwok stands in for it and tells nothing of pulling, creating and killing; the simulator tells what a kubelet does.',
    leavesOut: ({ kind, reason }) => kind === 'Pod' && reason !== 'Scheduled',
  },
];

export const isCompared = (event: SeenEvent): boolean =>
  !allowedDifferences.some(({ leavesOut }) => leavesOut?.(event));
