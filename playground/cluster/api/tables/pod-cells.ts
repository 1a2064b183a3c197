/** A pod's row: its STATUS is the reason that explains most, chosen as the real server chooses it. */
import type { StoredObject } from '../../storage-contract.ts';
import { age } from './duration.ts';

interface ContainerStatus {
  ready?: boolean;
  restartCount?: number;
  started?: boolean;
  state?: {
    waiting?: { reason?: string };
    running?: object;
    terminated?: { reason?: string; exitCode?: number; signal?: number };
  };
  lastState?: { terminated?: { finishedAt?: string } };
}

interface Pod extends StoredObject {
  spec: {
    containers?: object[];
    initContainers?: object[];
    nodeName?: string;
    readinessGates?: { conditionType: string }[];
  };
  status?: {
    phase?: string;
    reason?: string;
    podIP?: string;
    nominatedNodeName?: string;
    conditions?: { type: string; status: string; reason?: string }[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

function terminatedReason(terminated: { reason?: string; exitCode?: number; signal?: number }): string {
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

/** While init containers run they explain the pod. */
function initReason({ spec, status }: Pod): string | undefined {
  for (const [i, { state = {} }] of (status?.initContainerStatuses ?? []).entries()) {
    if (state.terminated?.exitCode === 0) continue;
    if (state.terminated) return `Init:${terminatedReason(state.terminated)}`;
    const waiting = state.waiting?.reason;
    if (waiting && waiting !== 'PodInitializing') return `Init:${waiting}`;
    return `Init:${i}/${spec.initContainers?.length ?? 0}`;
  }
  return undefined;
}

function containerReason(pod: Pod, phase: string): string {
  let reason = phase;
  let hasRunning = false;
  for (const { state = {}, ready } of (pod.status?.containerStatuses ?? []).toReversed()) {
    if (state.waiting?.reason) reason = state.waiting.reason;
    else if (state.terminated) reason = terminatedReason(state.terminated);
    else if (ready && state.running) hasRunning = true;
  }
  if (reason !== 'Completed' || !hasRunning) return reason;
  const isReady = pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True');
  return isReady ? 'Running' : 'NotReady';
}

function statusText(pod: Pod): string {
  const { status = {}, metadata } = pod;
  const phase = status.reason ?? status.phase ?? '';
  const gated = status.conditions?.find((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated');
  const reason = gated?.reason ?? initReason(pod) ?? containerReason(pod, phase);
  if (metadata.deletionTimestamp === undefined) return reason;
  return status.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
}

function restarts(pod: Pod, now: number): string {
  const all = pod.status?.containerStatuses ?? [];
  const total = all.reduce((sum, c) => sum + (c.restartCount ?? 0), 0);
  const last = all
    .map((c) => c.lastState?.terminated?.finishedAt)
    .filter((time) => time !== undefined)
    .toSorted()
    .at(-1);
  return total === 0 || last === undefined ? String(total) : `${total} (${age(last, now)} ago)`;
}

export function podCells(object: StoredObject, now: number): unknown[] {
  const pod = object as Pod;
  const { metadata, spec, status } = pod;
  const ready = (status?.containerStatuses ?? []).filter((c) => c.ready && c.state?.running).length;
  const gates = spec.readinessGates ?? [];
  const passed = gates.filter((g) =>
    status?.conditions?.some((c) => c.type === g.conditionType && c.status === 'True'),
  ).length;
  return [
    metadata.name,
    `${ready}/${spec.containers?.length ?? 0}`,
    statusText(pod),
    restarts(pod, now),
    age(metadata.creationTimestamp, now),
    status?.podIP ?? '<none>',
    spec.nodeName ?? '<none>',
    status?.nominatedNodeName ?? '<none>',
    gates.length === 0 ? '<none>' : `${passed}/${gates.length}`,
  ];
}
