/** What a pod's reason means: some are a pod's youth or its end, the others are trouble. */

const passing = new Set(['NotReady', 'Pending', 'Terminating', 'ContainerCreating', 'PodInitializing', 'Completed']);

/** @param {import('../../world-protocol.ts').ServiceView['pods'][number]} pod */
export const isFailing = (pod) => !pod.ready && pod.reason !== undefined && !passing.has(pod.reason);
