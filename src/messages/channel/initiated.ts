/** ROLLBACK INITIATED: the runbook's lines as they are, and one more, "Now:", edited in place until the outcome. */
import { actions, sections } from '#blocks/blocks.ts';
import { button, confirmation } from '#blocks/elements.ts';
import { inlineWithLinks, inline } from '#blocks/escape.ts';
import { minutes } from '#blocks/time.ts';
import { holder } from '#rollback/inputs.ts';
import { going } from '#rollback/plan.ts';
import { reasonText } from '#rollback/reason.ts';
import { hasEnded } from '#rollback/status.ts';
import { ACTION_IDS, encodeButtonValue } from '../action-ids.ts';
import { nowLine } from './now.ts';
import { arrow, clause, environment, listed, name, serviceName, title, versions, type Told } from '../said.ts';
import type { Slot } from '../slot.ts';
import { post, ROOT } from '../slots.ts';

/** Longer reasons stand whole in the thread (reason.ts). */
export const REASON_MAX = 600;

function servicesLine({ status: { plan } }: Told): string {
  const left = plan.services
    .filter(({ refused }) => refused !== undefined)
    .map(({ service, refused }) => `${serviceName(service)} (${clause(refused?.message ?? '', 200)})`);
  const leftOut = left.length === 0 ? '' : `. Left out: ${listed(left)}`;
  return `Service(s): ${listed(going(plan).map(arrow), ', ', 1200)}${leftOut}`;
}

const RELATIONS = { undo: 'to undo', retry: 'to retry', 'further-back': 'to go further back than' };

function startedBy({ spec }: Told): string {
  const whence = spec.parent ? `, ${RELATIONS[spec.parent.relation]} ${inline(spec.parent.name, 80)}` : '';
  const now = holder(spec);
  const taken = now.id === spec.requestedBy.id ? '' : ` — held by ${name(now)}`;
  return `Started by: ${name(spec.requestedBy)}${whence}${taken}`;
}

/** "auth-service in production", "9 services in production": for what is read aloud and for confirmations. */
export function subject({ status: { plan } }: Told): string {
  const goes = going(plan);
  const [only] = goes;
  const what = goes.length === 1 && only ? only.service : `${goes.length} services`;
  return `${what} in ${plan.environment.name}`;
}

/** What a person can still do here. After the outcome the ways on stand there. */
function buttons(rollback: Told): ReturnType<typeof button>[] {
  const { status, metadata, spec } = rollback;
  const value = encodeButtonValue({ rollback: metadata.name });
  const takeOver = button({
    id: ACTION_IDS.takeOver,
    text: 'Take over',
    value: encodeButtonValue({ rollback: metadata.name, holder: holder(spec).id }),
    label: `Take over the rollback of ${subject(rollback)}: questions go to you`,
  });
  const cancel = button({
    id: ACTION_IDS.cancel,
    text: 'Cancel',
    value,
    label: `Cancel the rollback of ${subject(rollback)}`,
    confirm: confirmation(
      'Cancel this rollback?',
      `${subject(rollback)}. What still waits is not touched; what is patched already stays patched.`,
      'Cancel it',
    ),
  });
  const undo = button({
    id: ACTION_IDS.undo,
    text: 'Undo this rollback…',
    value,
    label: `Undo the rollback of ${subject(rollback)}: opens a form`,
  });
  const waits = status.phase === 'RollingBack' && status.targets.some(({ state }) => state === 'Waiting');
  const patched = status.targets.some(({ patchedAt }) => patchedAt !== undefined);
  return [
    ...(hasEnded(status.phase) ? [] : [takeOver]),
    ...(waits ? [cancel] : []),
    ...(patched && status.outcomeAt === undefined && status.phase !== 'Cancelled' ? [undo] : []),
  ];
}

function sentence(rollback: Told): string {
  const goes = going(rollback.status.plan);
  const [only] = goes;
  const what =
    goes.length === 1 && only ? `${serviceName(only.service)} (${versions(only)})` : `${goes.length} services`;
  const why = inline(reasonText(rollback.spec.reason), 200);
  return `Rollback of ${what} in ${environment(rollback)} initiated by ${name(rollback.spec.requestedBy)}: ${why}.`;
}

export function initiated(rollback: Told): Slot {
  const { spec, status } = rollback;
  const lines = [
    title(rollback, 'INITIATED'),
    servicesLine(rollback),
    `Reason: ${inlineWithLinks(reasonText(spec.reason), REASON_MAX)}`,
    startedBy(rollback),
    `ETA: ~${minutes(status.plan.etaMinutes)}`,
    nowLine(rollback),
  ];
  return post(rollback, {
    key: ROOT,
    text: sentence(rollback),
    blocks: [...sections(lines), ...actions(ROOT, buttons(rollback))],
    urgency: status.outcomeAt === undefined ? 'progress' : 'buttons',
  });
}
