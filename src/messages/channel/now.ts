/** The "Now:" line of INITIATED: how far it is, as last seen; at the end where to read on. */
import { duration, secondsForReader } from '#blocks/time.ts';
import { requests } from '#rollback/inputs.ts';
import type { RollbackStatus, TargetStatus } from '#rollback/status.ts';
import { because, clause, listed, name, outcomeWord, pods, serviceName, type Told } from '../said.ts';

function oneService(status: RollbackStatus, target: TargetStatus): string {
  const took = status.observedAt && target.patchedAt ? `, ${duration(target.patchedAt, status.observedAt)}` : '';
  switch (target.state) {
    case 'Waiting':
      return 'saving diagnostics, then patching.';
    case 'Patched':
    case 'Back':
      // Nobody has looked at the pods yet.
      if (target.desired === 0 && status.observedAt === undefined) return 'patched, waiting for pods.';
      return `${pods(target)}${target.state === 'Patched' ? took : ''}${because(target)}.`;
    case 'NotBack':
      return `FAILED: ${pods(target)}${because(target)}.`;
    case 'Refused':
    case 'Cancelled':
      return `not touched${because(target)}.`;
    case 'Superseded':
      return `somebody else changed it${because(target)}.`;
    case 'Unknown':
      return `not known${because(target)}.`;
  }
}

/** "content (0 of 2 pods), order-payment (1 of 4)". */
function onTheWay(targets: readonly TargetStatus[]): string[] {
  return targets.map(({ service, ready, desired, detail }, i) => {
    const why = detail === undefined ? '' : `, ${clause(detail, 120)}`;
    if (desired === 0 && why === '') return serviceName(service);
    return `${serviceName(service)} (${ready} of ${desired}${i === 0 ? ' pods' : ''}${why})`;
  });
}

function manyServices(targets: readonly TargetStatus[]): string {
  const of = (state: TargetStatus['state']): TargetStatus[] => targets.filter((t) => t.state === state);
  const named = (state: TargetStatus['state']): string[] =>
    of(state).map((t) => `${serviceName(t.service)}${because(t)}`);
  const parts: [string, string[]][] = [
    ['Waiting', onTheWay(of('Patched'))],
    ['Not patched yet', of('Waiting').map((t) => serviceName(t.service))],
    ['FAILED', named('NotBack')],
    ['Changed by somebody else', named('Superseded')],
    ['Not touched', [...named('Refused'), ...named('Cancelled')]],
    ['Not known', named('Unknown')],
  ];
  const told = parts.flatMap(([words, items]) =>
    items.length === 0 ? [] : [`${words}: ${listed(items, ', ', 400)}.`],
  );
  return [`${of('Back').length} of ${targets.length} back.`, ...told].join(' ');
}

function ended({ spec, status }: Told): string | undefined {
  const { phase, startedAt, outcomeAt } = status;
  if (phase === 'Cancelled') {
    const by = requests(spec, 'cancel')[0]?.by;
    const isTouched = status.targets.some(({ patchedAt }) => patchedAt !== undefined);
    if (isTouched || !by) return `${clause(status.message, 1000)}.`;
    return `cancelled by ${name(by)}, nothing was touched.`;
  }
  if (phase === 'Refused') return 'refused, nothing was touched. See ROLLBACK REFUSED.';
  if (outcomeAt === undefined) return undefined;
  const word = outcomeWord(status);
  const took =
    startedAt === undefined ? '' : `${word === 'FAILED' ? ' after' : ' in'} ${duration(startedAt, outcomeAt)}`;
  return `${word === 'FAILED' ? 'ended' : 'done'}${took}, see ROLLBACK ${word}.`;
}

/** What the form left out is told by the line of services, not here. */
export function nowLine(rollback: Told): string {
  const { status } = rollback;
  const end = ended(rollback);
  if (end !== undefined) return `Now: ${end}`;
  const leftOut = new Set(status.plan.services.flatMap((s) => (s.refused ? [s.service] : [])));
  const targets = status.targets.filter(({ service }) => !leftOut.has(service));
  const [only] = targets;
  const resumed = status.resumedAt === undefined ? '' : 'bot restarted, work resumed. ';
  const progress = targets.length === 1 && only ? oneService(status, only) : manyServices(targets);
  const verifying = status.phase === 'Verifying' ? ' Verifying.' : '';
  const asOf = status.observedAt === undefined ? '' : ` As of ${secondsForReader(status.observedAt)}.`;
  return `Now: ${resumed}${progress}${verifying}${asOf}`;
}
