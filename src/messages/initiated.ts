/** ROLLBACK INITIATED: the runbook's lines as they are, and one more, "Now:", edited in place until the outcome. */
import { escape } from '#blocks/escape.ts';
import { actions, section } from '#blocks/blocks.ts';
import { button, confirmation } from '#blocks/elements.ts';
import { duration, utcSeconds } from '#blocks/time.ts';
import { reasonText } from '#rollback/reason.ts';
import { going } from '#rollback/plan.ts';
import { hasEnded, type RollbackStatus, type TargetStatus } from '#rollback/status.ts';
import { holder } from '#rollback/inputs.ts';
import { ACTION_IDS, encodeButtonValue } from './action-ids.ts';
import { because, drill, name, outcomeWord, pods, services, title, type Told } from './said.ts';
import type { Slot } from './slot.ts';

function oneService(status: RollbackStatus, target: TargetStatus): string {
  const took = status.observedAt && target.patchedAt ? `, ${duration(target.patchedAt, status.observedAt)}` : '';
  switch (target.state) {
    case 'Waiting':
      return 'capturing diagnostics, then patching.';
    case 'Patched':
      return `${pods(target)}${took}${because(target)}.`;
    default:
      return `${pods(target)}${because(target)}.`;
  }
}

function manyServices(targets: readonly TargetStatus[]): string {
  const named = (state: TargetStatus['state'], each: (t: TargetStatus) => string): string =>
    targets.flatMap((t) => (t.state === state ? [each(t)] : [])).join(', ');
  const waiting = named('Waiting', (t) => escape(t.service));
  const onTheWay = named(
    'Patched',
    (t) => `${escape(t.service)} (${t.ready} of ${t.desired} pods${t.detail ? `, ${escape(t.detail)}` : ''})`,
  );
  const failed = named('NotBack', (t) => `${escape(t.service)}${because(t)}`);
  const back = targets.filter(({ state }) => state === 'Back').length;
  const going_ = targets.filter(({ state }) => state !== 'Refused' && state !== 'Cancelled').length;
  const parts = [`${back} of ${going_} back.`];
  if (onTheWay) parts.push(`Waiting: ${onTheWay}.`);
  if (waiting) parts.push(`Not patched yet: ${waiting}.`);
  if (failed) parts.push(`FAILED: ${failed}.`);
  return parts.join(' ');
}

/** The "Now:" line. */
export function nowLine(rollback: Told): string {
  const { status } = rollback;
  if (status.phase === 'Cancelled') return 'Now: cancelled, nothing was touched.';
  if (status.outcomeAt !== undefined) {
    const took = status.startedAt ? ` in ${duration(status.startedAt, status.outcomeAt)}` : '';
    return `Now: done${took}, see ROLLBACK ${outcomeWord(status)}.`;
  }
  const resumed = status.resumedAt === undefined ? '' : 'bot restarted, work resumed. ';
  const active = status.targets.filter(({ state }) => state !== 'Refused');
  const [only] = active;
  const progress = active.length === 1 && only ? oneService(status, only) : manyServices(active);
  const verifying = status.phase === 'Verifying' ? ' Verifying.' : '';
  const asOf = status.observedAt ? ` As of ${utcSeconds(status.observedAt)}.` : '';
  return `Now: ${resumed}${progress}${verifying}${asOf}`;
}

function buttons(rollback: Told): ReturnType<typeof button>[] {
  const { status, metadata } = rollback;
  const value = encodeButtonValue({ rollback: metadata.name });
  const takeOver = button({
    id: ACTION_IDS.takeOver,
    text: 'Take over',
    value,
    label: 'Take over this rollback: questions go to you',
  });
  const cancel = button({
    id: ACTION_IDS.cancel,
    text: 'Cancel',
    value,
    confirm: confirmation(
      'Cancel this rollback?',
      'What is patched already stays patched; what still waits is not touched.',
      'Cancel it',
    ),
  });
  const undo = button({ id: ACTION_IDS.undo, text: 'Undo this rollback…', value });
  const waits = status.phase === 'RollingBack' && status.targets.some(({ state }) => state === 'Waiting');
  const patched = status.targets.some(({ patchedAt }) => patchedAt !== undefined);
  return [
    ...(hasEnded(status.phase) ? [] : [takeOver]),
    ...(waits ? [cancel] : []),
    ...(patched && status.phase !== 'Superseded' ? [undo] : []),
  ];
}

function notGoing({ status: { plan } }: Told): string[] {
  const left = plan.services.filter(({ refused }) => refused !== undefined);
  return left.length === 0
    ? []
    : [`Left out: ${left.map((s) => `${escape(s.service)}: ${escape(s.refused?.message ?? '')}`).join(' ')}`];
}

export function initiated(rollback: Told): Slot {
  const { spec, status } = rollback;
  const reason = escape(reasonText(spec.reason));
  const taken = holder(spec).id === spec.requestedBy.id ? '' : ` — held by ${name(holder(spec))}`;
  const lines = [
    title(rollback, 'INITIATED'),
    `Service(s): ${services(rollback)}`,
    ...notGoing(rollback),
    `Reason: ${reason}`,
    `Started by: ${name(spec.requestedBy)}${taken}`,
    `ETA: ~${status.plan.etaMinutes} minutes`,
    nowLine(rollback),
  ];
  const count = going(status.plan).length;
  const what = count === 1 ? services(rollback) : `${count} services`;
  return {
    key: 'root',
    channel: status.plan.environment.channel,
    text: `${drill(rollback)}Rollback initiated in ${escape(status.plan.environment.name)}: ${what}. Reason: ${reason}. ${nowLine(rollback)}`,
    blocks: [section(lines.join('\n')), ...actions('root', buttons(rollback))],
    urgency: status.outcomeAt === undefined ? 'progress' : 'buttons',
  };
}
