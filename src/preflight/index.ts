/** The one list of checks: a new check is a file and a line here. The order is that of the findings a person reads. */
import { type Grade, type Finding } from '#rollback/finding.ts';
import type { Check } from './check.ts';
import type { ServiceFacts } from './facts.ts';
import { leftBefore } from './history/left-before.ts';
import { otherRollback } from './history/other-rollback.ts';
import { ranWell } from './history/ran-well.ts';
import { skippedVersions } from './history/skipped-versions.ts';
import { configMaps } from './needs/config-maps.ts';
import { image } from './needs/image.ts';
import { migrations } from './needs/migrations.ts';
import { permission } from './needs/permission.ts';
import { secrets } from './needs/secrets.ts';
import { argoCd } from './owners/argo-cd.ts';
import { argoRollouts } from './owners/argo-rollouts.ts';
import { flagger } from './owners/flagger.ts';
import { flux } from './owners/flux.ts';
import { helm } from './owners/helm.ts';
import { kubectlApply } from './owners/kubectl-apply.ts';
import { autoscaler } from './workload/autoscaler.ts';
import { disruptionBudget } from './workload/disruption-budget.ts';
import { nothingToGoBackTo } from './workload/nothing-to-go-back-to.ts';
import { onDelete } from './workload/on-delete.ts';
import { orderedReady } from './workload/ordered-ready.ts';
import { partition } from './workload/partition.ts';
import { paused } from './workload/paused.ts';
import { rolloutInProgress } from './workload/rollout-in-progress.ts';
import { sameImage } from './workload/same-image.ts';
import { sameVersion } from './workload/same-version.ts';

const checks: readonly Check[] = [
  permission,
  otherRollback,
  nothingToGoBackTo,
  paused,
  onDelete,
  partition,
  argoRollouts,
  flagger,
  argoCd,
  flux,
  sameVersion,
  sameImage,
  configMaps,
  secrets,
  leftBefore,
  helm,
  orderedReady,
  rolloutInProgress,
  ranWell,
  image,
  migrations,
  skippedVersions,
  autoscaler,
  disruptionBudget,
  kubectlApply,
];

const ORDER: Record<Grade, number> = { blocker: 0, warning: 1, unchecked: 2, note: 3 };

/** Everything to say about one service, the gravest first. */
export function lookAhead(facts: ServiceFacts): Finding[] {
  return checks.flatMap((check) => check(facts)).toSorted((a, b) => ORDER[a.grade] - ORDER[b.grade]);
}
