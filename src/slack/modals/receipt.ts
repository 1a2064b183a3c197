/** What stands in the form after pressing: started, not confirmed yet, already started, not started. */
import type { ModalView } from '@slack/types';
import { escape, inline, link, preformatted } from '#blocks/escape.ts';
import { section } from '#blocks/blocks.ts';
import type { Catalogue } from '#catalogue/catalogue.ts';
import { trueCondition } from '#rollback/conditions.ts';
import { whyRefused } from '#messages/channel/refused.ts';
import { ROOT } from '#messages/slots.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { RollbackSpec } from '#rollback/spec.ts';
import { hasEnded, type RollbackStatus } from '#rollback/status.ts';
import { kubectlUndo } from '../fallback.ts';
import type { FormState } from '../form/form-state.ts';
import { messageView } from './message-view.ts';

/** What is rolled back, as the form showed it: "auth-service in production, v1.4.3 → v1.4.2". */
export function subjectOf(spec: RollbackSpec, state: Pick<FormState, 'versions'>): string {
  const services = spec.targets.map(({ service }) => service);
  const named = services.length <= 3 ? services.join(', ') : `${services.length} services`;
  return state.versions ?? `${named} in ${spec.environment}`;
}

const channelOf = (catalogue: Catalogue, environment: string): string => {
  const id = catalogue.environments[environment]?.channel;
  return id === undefined ? 'the channel' : `<#${id}>`;
};

export function receiptText(catalogue: Catalogue, spec: RollbackSpec, state: Pick<FormState, 'versions'>): string {
  const drill = spec.drill === true ? 'DRILL — ' : '';
  const channel = channelOf(catalogue, spec.environment);
  return `:white_check_mark: ${drill}Started: ${escape(subjectOf(spec, state))}. Follow it in ${channel}. You can close this.`;
}

/** What the person reads about what they pressed for. */
export interface Receipt {
  heading: string;
  /** mrkdwn, escaped. */
  text: string;
  /** It is not what the form showed: whoever closed the form has to be told. */
  isBad: boolean;
  /** Nothing that follows changes it. */
  isFinal: boolean;
}

/** Services that the form showed as going and that were not touched, with why. */
function leftOutSince({ spec, status }: Rollback): string[] {
  const shown = new Set(spec.targets.filter(({ expected }) => expected?.to !== '').map(({ service }) => service));
  const left = (status?.targets ?? []).filter(({ service, state }) => state === 'Refused' && shown.has(service));
  return left.map(({ service, detail = 'not touched' }) => `${escape(service)} (${inline(detail.replace(/\.$/, ''))})`);
}

/** Nothing is touched and nothing will be: refused as a whole, or service by service up to the last one. */
function isRefused({ phase, targets }: RollbackStatus): boolean {
  return phase === 'Refused' || (targets.length > 0 && targets.every(({ state }) => state === 'Refused'));
}

interface Told {
  catalogue: Catalogue;
  rollback: Rollback;
  /** What is rolled back, escaped. */
  subject: string;
  /** " <…|Open it>." or nothing. */
  open: string;
}

function refusedReceipt({ catalogue, rollback, subject, open }: Told, status: RollbackStatus): Receipt {
  // Without a plan there is no channel to say it in, and no message.
  const isSaid = status.plan !== undefined;
  const channel = channelOf(catalogue, rollback.spec.environment);
  const next = isSaid ? ` In ${channel} “See new plan” shows what would happen now.${open}` : '';
  const text = `:no_entry: *Not started:* ${subject}. Nothing was touched. ${whyRefused(status)}${next}`;
  return { heading: 'Refused', text, isBad: true, isFinal: hasEnded(status.phase) && (!isSaid || open !== '') };
}

function waitingReceipt({ subject, open }: Told): Receipt {
  const text = `:hourglass_flowing_sand: *Not begun yet:* ${subject}. It is kept and begins by itself as soon as a controller of the bot answers, within the next 30 minutes; nothing is touched until then. \`/rollback status\` shows it.${open}`;
  return { heading: 'Not begun yet', text, isBad: true, isFinal: false };
}

function startedReceipt(
  { catalogue, rollback, subject, open }: Told,
  status: RollbackStatus,
  isLate: boolean,
): Receipt {
  const left = leftOutSince(rollback);
  const drill = rollback.spec.drill === true ? 'DRILL — ' : '';
  const channel = channelOf(catalogue, rollback.spec.environment);
  const without = left.length === 0 ? '' : ` :warning: *Left out since the form:* ${left.join(', ')}.`;
  const isSilent = isLate && status.slack[ROOT]?.ts === undefined;
  const later = isSilent
    ? ' Slack does not take my messages there just now: they come later, and `/rollback status` shows how far it is.'
    : '';
  const text = `:white_check_mark: ${drill}Started: ${subject}.${without} Follow it in ${channel}.${open}${later} You can close this.`;
  const isWaiting = status.targets.some(({ state }) => state === 'Waiting');
  return { heading: 'Started', text, isBad: left.length > 0, isFinal: open !== '' && !isWaiting };
}

/**
 * The receipt as the object has it now. `link`: of its message in the channel. `isLate`: nobody has begun it although there was time.
 */
export function receiptOf(
  catalogue: Catalogue,
  rollback: Rollback,
  state: Pick<FormState, 'versions'>,
  { link: address, isLate = false }: { link?: string | undefined; isLate?: boolean } = {},
): Receipt {
  const { spec, status } = rollback;
  const subject = escape(subjectOf(spec, state));
  const told: Told = {
    catalogue,
    rollback,
    subject,
    open: address === undefined ? '' : ` ${link(address, 'Open it')}.`,
  };
  if (status === undefined || status.phase === 'Pending') {
    const isStalled = trueCondition(status?.conditions ?? [], 'Stalled') !== undefined;
    if (isLate || isStalled) return waitingReceipt(told);
    return { heading: 'Started', text: receiptText(catalogue, spec, state), isBad: false, isFinal: false };
  }
  if (status.phase === 'Cancelled') {
    const text = `:no_entry: *Cancelled:* ${subject}. ${inline(status.message)}`;
    return { heading: 'Cancelled', text, isBad: true, isFinal: true };
  }
  return isRefused(status) ? refusedReceipt(told, status) : startedReceipt(told, status, isLate);
}

/** Another spec stands under that name: this form was pressed before, with other choices. */
export function alreadyView(catalogue: Catalogue, rollback: Rollback): ModalView {
  const { spec, metadata } = rollback;
  const what = escape(subjectOf(spec, {}));
  const channel = channelOf(catalogue, spec.environment);
  const text = `:warning: This form has started something already: ${what} (${escape(metadata.name)}). Nothing more was started. Follow it in ${channel}; for another rollback open a new form.`;
  return messageView('Already started', text);
}

export function notConfirmedView(spec: RollbackSpec, state: FormState): ModalView {
  const text = `:hourglass_flowing_sand: *Not confirmed yet:* ${escape(subjectOf(spec, state))}. The API server has not answered. I keep asking and will say here how it went; pressing again is not needed.`;
  return messageView('Not confirmed yet', text);
}

export function notStartedText(state: FormState, spec: RollbackSpec): string {
  return `:warning: *Not confirmed:* ${escape(subjectOf(spec, state))}. The API server did not answer for minutes. It may still have been taken: look at \`/rollback status\` first.`;
}

export function refusedByServerText(spec: RollbackSpec, state: FormState, why: string): string {
  return `:no_entry: *Not started:* ${escape(subjectOf(spec, state))}. Nothing was touched. The API server refused it: ${inline(why)}`;
}

/** The API server said no: no try will change that, so why stands beside the way by hand. */
export function refusedByServerView(
  catalogue: Catalogue,
  spec: RollbackSpec,
  state: FormState,
  why: string,
): ModalView {
  return messageView('Not started', refusedByServerText(spec, state, why), '', [byHand(catalogue, spec)]);
}

function byHand(catalogue: Catalogue, spec: RollbackSpec): ReturnType<typeof section> {
  const services = spec.targets.map(({ service }) => service);
  const command = kubectlUndo(catalogue, spec.environment, services, spec.targets[0]?.to);
  return section(`By hand:\n${preformatted(command)}`);
}

/** The way by hand, when the bot's cluster stays silent. */
export function notStartedView(catalogue: Catalogue, spec: RollbackSpec, state: FormState): ModalView {
  return messageView('Not confirmed', notStartedText(state, spec), '', [byHand(catalogue, spec)]);
}
