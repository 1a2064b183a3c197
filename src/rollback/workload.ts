/** The kinds of workload that can be rolled back, and how a person writes one. */
import { z } from 'zod';

export const WorkloadKind = z.enum(['Deployment', 'StatefulSet', 'DaemonSet']);
export type WorkloadKind = z.infer<typeof WorkloadKind>;

/** As kubectl takes it: "statefulset/auth-db". */
export function kubectlName({ kind, name }: { kind: WorkloadKind; name: string }): string {
  return `${kind.toLowerCase()}/${name}`;
}
