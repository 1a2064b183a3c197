/** Whether the world moved on after a patch, in words. Pure. */
import type { WorkloadRow, WorkloadKind } from '#clients/kubernetes/rows.ts';
import { mainImage, versionText } from './versions.ts';

interface Patched {
  /** Without a kind: a Deployment. */
  workload: { kind?: WorkloadKind; uid: string };
  from: { version: string; templateHash: string };
  to: { version: string };
}

function whoWrote({ managers }: WorkloadRow): string {
  const manager = managers.find((m) => m.manager !== 'kube-controller-manager')?.manager;
  return manager === undefined || manager === 'rollback-bot' ? '' : ` by ${manager}`;
}

/** Why, in one clause; undefined while the version that we wrote stands. `row`: undefined: there is none of that name. */
export function superseded(
  row: WorkloadRow | undefined,
  step: Patched,
  receipt: { templateHash: string },
): string | undefined {
  const kind = step.workload.kind ?? 'Deployment';
  if (row === undefined) return `the ${kind} was deleted`;
  if (row.uid !== step.workload.uid) return `the ${kind} was deleted and created anew`;
  if (row.templateHash === receipt.templateHash) return undefined;
  const now = versionText(mainImage(row.images, row.name));
  if (row.templateHash === step.from.templateHash) return `put back to ${step.from.version}${whoWrote(row)}`;
  const isSameName = now === step.to.version;
  return isSameName ? `the settings of ${now} were changed${whoWrote(row)}` : `${now} was deployed${whoWrote(row)}`;
}
