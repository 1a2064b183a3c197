/** What checks look at: everything known about one service before anything is touched. Plain values, no promises, no clients. */
import type { WorkloadRow, PodRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import type { Version } from '#rollback/plan.ts';
import type { Phase, TargetState } from '#rollback/status.ts';
import type { WorkloadKind } from '#rollback/workload.ts';

/** Something that was read, or why it could not be: "not allowed", "no answer in time". Unknown is never good news. */
export type Fact<T> = { known: true; value: T } | { known: false; why: string };

/** For printed commands. */
export interface Where {
  environment: string;
  namespace: string;
  /** The kubeconfig context; absent: the home cluster. */
  context?: string;
}

/** A ConfigMap or Secret, by its metadata alone. */
export interface NamedObject {
  name: string;
  createdAt: string;
  /** The newest time anybody wrote it, by managedFields; at least `createdAt`. */
  changedAt: string;
  /** Who wrote it then, as the field manager's name. */
  changedBy?: string;
}

export interface Autoscaler {
  name: string;
  /** Kind and name of what it scales. */
  scales: string;
  minReplicas: number;
  maxReplicas: number;
}

export interface DisruptionBudget {
  name: string;
  /** Labels of the pods it guards; empty: every pod. */
  selector: Record<string, string>;
  /** "at least 2" · "at most 1 away". */
  rule: string;
  disruptionsAllowed: number;
}

/** Something the bot's account must be able to do. */
export interface Need {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  /** What does not work without it, in plain words; the check says "The bot may not …, so …". */
  otherwise: string;
  /** Nothing can be rolled back without it. */
  essential: boolean;
  /** Only workloads of these kinds need it; absent: all. */
  kinds?: readonly WorkloadKind[];
}

/** Another rollback that wants, or wanted, the same service and has not ended. */
export interface OtherRollback {
  name: string;
  /** Of the object, at home. */
  namespace: string;
  phase: Phase;
  startedBy: string;
  /** Where it stands with this very service; absent: not planned yet. */
  state?: TargetState;
  /** It was made before this one, so it goes first. */
  isOlder: boolean;
  /** All it could do for this service is done, and a person was called to choose the way on: another rollback is one. */
  awaitsPerson?: true;
}

/** The version was rolled back from, and that rollback still stands. */
export interface LeftVersion {
  version: string;
  /** When, and the name of the rollback. Absent: somebody did it by hand. */
  leftAt?: string;
  by?: string;
}

export interface ServiceFacts {
  service: string;
  kind: WorkloadKind;
  /** Its name. */
  workload: string;
  /** False: the cluster did not say what there is of this kind, so what is absent below may be there. */
  isSeen: boolean;
  where: Where;
  nowMs: number;
  /** A StatefulSet or DaemonSet comes in the same shape. Absent: there is none. */
  deployment?: WorkloadRow;
  /** All its versions: ReplicaSets, or ControllerRevisions in the same shape. */
  replicaSets: readonly RevisionRow[];
  /** Pods that its selector matches, whoever made them; `ownerUid` is that of their version. */
  pods: readonly PodRow[];
  /** `<workload>-primary`, where one exists: what Flagger makes. */
  primary?: WorkloadRow;
  /** What runs and where it would go; absent: the method found nothing to plan. */
  from?: Version;
  to?: Version;
  /** Nothing ran between `to` and `from`. */
  isPrevious: boolean;
  /** Minutes healthy that make a version known good. */
  knownGoodMinutes: number;
  /** The person named the version; otherwise it is the default target. */
  isChosen: boolean;
  /** One line of difference between the two. */
  difference: string;
  /** Versions left that a default target passed over. */
  skipped: Fact<readonly LeftVersion[]>;
  /** The mark on `to`, when it was left. */
  left: Fact<LeftVersion | undefined>;
  /** By name; only what exists. */
  configMaps: Fact<ReadonlyMap<string, NamedObject>>;
  secrets: Fact<ReadonlyMap<string, NamedObject>>;
  autoscalers: Fact<readonly Autoscaler[]>;
  disruptionBudgets: Fact<readonly DisruptionBudget[]>;
  /** What the bot's account may not do here. */
  denied: Fact<readonly Need[]>;
  others: readonly OtherRollback[];
}

/** The ReplicaSet that the plan goes to. */
export function targetReplicaSet(facts: ServiceFacts): RevisionRow | undefined {
  return facts.replicaSets.find((r) => r.uid === facts.to?.replicaSet.uid);
}
