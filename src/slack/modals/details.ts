/** Details: the template difference, notes, and what was not checked, on a view pushed over the form. */
import type { KnownBlock, ModalView } from '@slack/types';
import { context, divider, section } from '#blocks/blocks.ts';
import { plain } from '#blocks/elements.ts';
import { escape, preformatted } from '#blocks/escape.ts';
import type { Plan, PlannedService } from '#rollback/plan.ts';
import type { Person } from '#rollback/spec.ts';
import type { Room } from '../room.ts';
import { slackError } from '../connection/clients.ts';
import { DETAILS_VIEW } from '../form/ids.ts';
import { loadingView, messageView } from './message-view.ts';
import { planFor } from '../form/preview.ts';
import { readForm, type SentView } from '../form/read-form.ts';
import { findingText } from '../form/service-text.ts';
import { refusalFor, updateView } from '../form/show-form.ts';

const VIEW_BLOCKS_MAX = 100;
/** All text of a view counts to 250 kB; a difference is cut long before. */
const DIFFERENCE_MAX = 2500;

function serviceDetails(planned: PlannedService): KnownBlock[] {
  const { service, from, to, workload, difference, details, findings, notes, healthPath } = planned;
  const images = [
    ...(from === undefined ? [] : [`Now: \`${escape(from.image)}\``]),
    ...(to === undefined ? [] : [`To: \`${escape(to.image)}\` (${escape(to.replicaSet.name)})`]),
  ];
  const lines = [
    `*${escape(service)}*${workload === undefined ? '' : ` — ${workload.kind} ${escape(workload.name)}`}`,
    ...images,
    ...(healthPath === undefined ? [] : [`Health: \`${escape(healthPath)}\``]),
    ...(difference === '' ? [] : [escape(difference)]),
    ...findings.map((finding) => findingText(finding)),
    ...findings.flatMap(({ command }) => (command === undefined ? [] : [`\`${escape(command)}\``])),
    ...notes.map((note) => `Note: ${escape(note)}`),
  ];
  return [
    section(lines.join('\n')),
    ...(details === '' ? [] : [section(preformatted(details, DIFFERENCE_MAX))]),
    divider,
  ];
}

export function detailsView(plan: Plan): ModalView {
  const blocks = plan.services.flatMap(serviceDetails);
  const fits = blocks.slice(0, VIEW_BLOCKS_MAX - 1);
  const left =
    blocks.length > fits.length ? [context('More services than fit here: choose fewer to read their details.')] : [];
  return {
    type: 'modal',
    callback_id: DETAILS_VIEW,
    title: plain('Details'),
    close: plain('Back'),
    blocks: fits.length === 0 ? [section('Nothing to show.')] : [...fits, ...left],
  };
}

/** Pushed empty at once, then filled: the trigger does not wait for the cluster. */
export async function showDetails(room: Room, view: SentView, triggerId: string, person: Person): Promise<void> {
  const form = readForm(view);
  if (form === undefined) return;
  const push = { trigger_id: triggerId, view: loadingView('Details') };
  const pushed = await room.slack.interactive.views.push(push).catch((error: unknown) => {
    // The form was closed meanwhile: there is nobody to tell.
    if (slackError(error) === 'not_found') return undefined;
    throw error;
  });
  const viewId = pushed?.view?.id;
  if (viewId === undefined) return;
  const refusal = await refusalFor(room, person, form.planned.environment);
  if (refusal !== undefined) {
    return await updateView(room, { viewId }, messageView('Details', `:no_entry: ${escape(refusal.message)}`));
  }
  const { plan } = await planFor(room, form.planned);
  if (plan !== undefined) await updateView(room, { viewId }, detailsView(plan));
}
