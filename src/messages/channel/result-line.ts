/** What returned and what did not, in the runbook's words: never more than was seen. */
import type { PlannedService } from '#rollback/plan.ts';
import type { TargetStatus } from '#rollback/status.ts';
import { because, hasReturned, listed, planned, pods, serviceName, versionName, type Told } from '../said.ts';

/** Services that were asked for and did not return. */
export function missing({ status }: Told): TargetStatus[] {
  return status.targets.filter((target) => !hasReturned(status, target));
}

const isBack = ({ isPrevious, to }: PlannedService): boolean => isPrevious || to === undefined || to.revision === 0;

/** "previous version" where it was; "revision 38 (v1.3.9)" where it was not; nothing common: "their targets". */
function whereTo(services: readonly (PlannedService | undefined)[]): string {
  const known = services.filter((s) => s !== undefined);
  if (known.every(isBack)) return 'to previous version';
  const [only] = known;
  return known.length === 1 && only?.to
    ? `to revision ${only.to.revision} (${versionName(only.to)})`
    : 'to the versions chosen';
}

/** "auth-service, v1.4.2"; its revision before and now where it was not the previous one. */
function returned(rollback: Told, target: TargetStatus): string {
  const service = planned(rollback, target.service);
  const version = `${serviceName(target.service)}, ${versionName(service?.to)}`;
  if (!service || isBack(service)) return version;
  const now = target.revision === undefined ? '' : `, now revision ${target.revision}`;
  return `${version}, revision ${service.to?.revision ?? 0}${now}`;
}

function notReturned(rollback: Told, target: TargetStatus): string {
  const service = planned(rollback, target.service);
  const who = serviceName(target.service);
  const still = service?.from ? `still ${versionName(service.from)}` : 'its version is not known';
  const to = service?.to ? `, to ${versionName(service.to)}` : '';
  switch (target.state) {
    case 'Refused':
    case 'Cancelled':
      return `${who}, ${still}, not touched${because(target)}`;
    case 'Superseded':
      return `${who}, changed since${because(target)}`;
    case 'Unknown':
      return `${who}${to}: not known${because(target)}`;
    default:
      return `${who}${to}: ${pods(target)}${because(target)}`;
  }
}

/** "8 of 9 services returned to previous version. NOT returned: analytics-service, to v1.7.0: 0 of 2 pods ready (image not found)." */
export function resultLine(rollback: Told): string {
  const { status } = rollback;
  const back = status.targets.filter((target) => hasReturned(status, target));
  const gone = missing(rollback).map((target) => notReturned(rollback, target));
  const where = whereTo(back.map(({ service }) => planned(rollback, service)));
  if (back.length === 0) return `No service returned. NOT returned: ${listed(gone, '; ', 1500)}.`;
  if (gone.length > 0) {
    return `${back.length} of ${status.targets.length} services returned ${where}. NOT returned: ${listed(gone, '; ', 1500)}.`;
  }
  const list = listed(
    back.map((target) => returned(rollback, target)),
    '; ',
  );
  return `All services returned ${where}. (${back.length} of ${status.targets.length}: ${list})`;
}
