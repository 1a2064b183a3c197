/** The runbook's `rollout history` and `describe`, from rows that are in memory anyway: no call, so nothing to wait for. Pure. */
import type { WorkloadRow, PodRow, RevisionRow } from '#clients/kubernetes/rows.ts';

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Every version the cluster still has, newest first. */
export function historyText(deployment: WorkloadRow, replicaSets: readonly RevisionRow[]): string {
  const rows = replicaSets
    .toSorted((a, b) => b.revision - a.revision)
    .map((r) => [
      String(r.revision),
      r.templateHash === deployment.templateHash ? 'current' : '',
      r.createdAt,
      r.name,
      Object.values(r.images).join(', '),
      r.annotations['kubernetes.io/change-cause'] ?? '<none>',
    ]);
  return table([
    [
      'REVISION',
      '',
      'CREATED',
      deployment.kind === 'Deployment' ? 'REPLICASET' : 'CONTROLLERREVISION',
      'IMAGES',
      'CHANGE-CAUSE',
    ],
    ...rows,
  ]);
}

function podLines(pod: PodRow): string[] {
  const containers = pod.containers.map((c) => {
    const state = c.waiting ?? c.terminated;
    const why = state === undefined ? '' : `, ${state.reason}`;
    return `    ${c.name}: ${c.image} (${c.imageId || 'no digest'}), restarts ${c.restartCount}${why}`;
  });
  const why = [pod.reason, pod.message].filter(Boolean).join(': ');
  return [`  ${pod.name}: ${pod.phase}, ${pod.ready ? 'ready' : 'not ready'}${why && `, ${why}`}`, ...containers];
}

/** Images, running digests, counts, conditions and pods: what `kubectl describe` would be read for. */
export function summaryText(deployment: WorkloadRow, pods: readonly PodRow[]): string {
  const { status } = deployment;
  const images = Object.entries(deployment.images).map(([name, image]) => `  ${name}: ${image}`);
  const conditions = deployment.conditions.map((c) => {
    const why = [c.reason, c.message].filter(Boolean).join(': ');
    return `  ${c.type}=${c.status}${why && ` (${why})`}`;
  });
  return [
    `${deployment.kind} ${deployment.namespace}/${deployment.name}, revision ${deployment.revision}, uid ${deployment.uid}`,
    `Wanted ${deployment.replicas}, updated ${status.updatedReplicas}, ready ${status.readyReplicas}, available ${status.availableReplicas}${deployment.paused ? ', paused' : ''}`,
    'Images:',
    ...images,
    'Conditions:',
    ...conditions,
    'Pods:',
    ...pods.flatMap(podLines),
  ].join('\n');
}
