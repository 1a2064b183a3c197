/** A pod's status out of its containers' states, as the kubelet writes it. */
import { timestamp } from '../controllers/trusted-client.ts';
import type { Condition, ContainerStatus, Pod } from '../objects.ts';
import { hostAddress } from './scheduler.ts';

export interface PodFacts {
  containers: readonly ContainerStatus[];
  podIP: string | undefined;
  nowMs: number;
}

const hasRun = ({ state, lastState }: ContainerStatus): boolean =>
  state.running !== undefined || state.terminated !== undefined || lastState.terminated !== undefined;

function readiness(containers: readonly ContainerStatus[]): Pick<Condition, 'status' | 'reason' | 'message'> {
  const unready = containers.filter((c) => !c.ready).map((c) => c.name);
  if (unready.length === 0) return { status: 'True' };
  return {
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  };
}

/** lastTransitionTime moves only with the status of its condition. */
export function podStatus(pod: Pod, { containers, podIP, nowMs }: PodFacts): NonNullable<Pod['status']> {
  const at = timestamp(nowMs);
  const known = new Map((pod.status?.conditions ?? []).map((c) => [c.type, c]));
  const condition = (type: string, fields: Pick<Condition, 'status' | 'reason' | 'message'>): Condition => {
    const before = known.get(type);
    const since = before?.status === fields.status ? (before.lastTransitionTime ?? at) : at;
    return { type, ...fields, lastProbeTime: null, lastTransitionTime: since };
  };
  const ready = readiness(containers);
  const host = hostAddress(pod.spec.nodeName ?? '');
  return {
    ...pod.status,
    phase: containers.every(hasRun) ? 'Running' : 'Pending',
    conditions: [
      condition('PodReadyToStartContainers', { status: podIP ? 'True' : 'False' }),
      condition('Initialized', { status: 'True' }),
      condition('Ready', ready),
      condition('ContainersReady', ready),
      condition('PodScheduled', { status: 'True' }),
    ],
    containerStatuses: [...containers],
    startTime: pod.status?.startTime ?? at,
    hostIP: host,
    hostIPs: [{ ip: host }],
    ...(podIP && { podIP, podIPs: [{ ip: podIP }] }),
  };
}
