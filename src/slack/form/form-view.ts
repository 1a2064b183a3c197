/**
 * The form of `/rollback`, as a pure function of the choices, the plan and the time. It fits a phone: what would change, what to read
 * first, one tap for the reason. Without anything that can go there is no button, and therefore no input.
 */
import type { KnownBlock, ModalView } from '@slack/types';
import type { Catalogue } from '#catalogue/catalogue.ts';
import { actions, context, section, sections } from '#blocks/blocks.ts';
import { button, plain } from '#blocks/elements.ts';
import { escape, preformatted } from '#blocks/escape.ts';
import { going, type Plan } from '#rollback/plan.ts';
import {
  choiceBlock,
  environmentChoice,
  overrideChoice,
  servicesChoice,
  sinceChoice,
  targetChoice,
} from './choices.ts';
import { shownOf, writeMetadata, type FormState } from './form-state.ts';
import { ACTION, FORM } from './ids.ts';
import { confirmBlock, reasonBlocks } from './reason-blocks.ts';
import { targetName, type Preview } from './preview.ts';
import { serviceLine, serviceText, uncheckedText, versionsText } from './service-text.ts';

const MAX_TITLE = 24;
/** With more services than this each gets one line instead of a paragraph. */
const MANY = 3;

export function title({ environment, dryRun, drill }: FormState): string {
  const verb = dryRun ? 'Dry run' : drill ? 'DRILL' : 'Roll back';
  const whole = environment === undefined ? verb : `${verb} in ${environment}`;
  return whole.length <= MAX_TITLE ? whole : verb;
}

/** "Roll back 1 service", "Roll back 3 services", "Roll back 8 of 9". */
export function submitLabel(plan: Plan): string {
  const goes = going(plan).length;
  const all = plan.services.length;
  if (goes < all) return `Roll back ${goes} of ${all}`;
  return `Roll back ${goes} ${goes === 1 ? 'service' : 'services'}`;
}

/** Practice is refused where it would be real. */
export function drillRefused(state: FormState, catalogue: Catalogue): boolean {
  return (
    state.drill && state.environment !== undefined && catalogue.environments[state.environment]?.production === true
  );
}

function head(state: FormState, preview: Preview, catalogue: Catalogue): KnownBlock[] {
  const { environment } = state;
  return [
    ...(state.drill
      ? [section('*DRILL — practice.* Every message will begin with “DRILL —”, nobody is mentioned.')]
      : []),
    ...(drillRefused(state, catalogue)
      ? [section(`:no_entry: Drills are not for ${environment ?? ''}. Choose another environment.`)]
      : []),
    ...(state.dryRun
      ? [section('*Dry run:* this is what would happen. Nothing is started and nothing is posted.')]
      : []),
    ...(preview.refusal === undefined ? [] : [section(`:no_entry: ${escape(preview.refusal.message)}`)]),
    ...(preview.channelProblem === undefined ? [] : [section(`:warning: Warning: ${escape(preview.channelProblem)}`)]),
    ...(state.readAs === undefined ? [] : [context(`Read as: ${escape(state.readAs)}`)]),
    ...(state.parent === undefined ? [] : [context(parentText(state.parent))]),
  ];
}

function parentText({ name, relation }: NonNullable<FormState['parent']>): string {
  const words = {
    undo: 'Undoes',
    retry: 'Next try after',
    'further-back': 'Goes further back than',
  };
  return `${words[relation]} ${escape(name)}`;
}

function planBlocks(state: FormState, plan: Plan, { refusal }: Preview, now: number): KnownBlock[] {
  if (refusal !== undefined) {
    const rest = context('What would change inside is shown to those who may roll back.');
    return [{ type: 'divider' }, ...sections(plan.services.map(versionsText)), rest];
  }
  const text = plan.services.length > MANY ? serviceLine : serviceText;
  const unchecked = uncheckedText(plan.services);
  return [
    { type: 'divider' },
    ...plan.services.map((planned) => section(text(planned, state.override, now))),
    ...(unchecked === undefined ? [] : [context(unchecked)]),
    {
      type: 'actions',
      elements: [button({ id: ACTION.details, text: 'Details', label: 'Details of the plan' })],
    },
  ];
}

function problemBlocks({ plan, problem, command }: Preview, state: FormState): KnownBlock[] {
  if (plan !== undefined) return [];
  if (problem === undefined) {
    const missing = state.environment === undefined ? 'an environment' : 'at least one service';
    return [section(`Choose ${missing}: the plan is shown here before anything happens.`)];
  }
  return [
    section(`:warning: ${escape(problem)}`),
    ...actions('try_again', [button({ id: ACTION.refresh, text: 'Try again' })]),
    ...(command === undefined || command === '' ? [] : [section(`By hand:\n${preformatted(command)}`)]),
  ];
}

/** For the receipt, and to tell a target that was chosen from one that was only shown. */
function rememberShown(plan: Plan): Pick<FormState, 'shownTo' | 'versions'> {
  const goes = going(plan);
  const [only, ...others] = plan.services;
  const versions = goes.map(({ service, from, to }) => `${service} ${from?.version ?? '?'} → ${to?.version ?? '?'}`);
  const text = goes.length === 1 ? versions.join('').replace(' ', ` in ${plan.environment.name}, `) : '';
  const many = `${goes.length} of ${plan.services.length} services in ${plan.environment.name}`;
  return {
    ...(only?.to === undefined || others.length > 0 ? {} : { shownTo: targetName(only.to) }),
    versions: text === '' ? many : text,
  };
}

/** `now`: ms. */
export function formView(state: FormState, preview: Preview, catalogue: Catalogue, now: number): ModalView {
  const { plan, refusal } = preview;
  const shown = plan === undefined ? [] : shownOf(plan);
  const mayGo = plan !== undefined && refusal === undefined && !state.dryRun && !drillRefused(state, catalogue);
  const kept = plan === undefined ? state : { ...state, ...rememberShown(plan) };
  const metadata = writeMetadata(kept, shown, !mayGo || going(plan).length === 0);
  const asInput = mayGo && going(plan).length > 0 && metadata !== undefined;
  // What there is to choose in a plan is for who may press.
  const open = refusal === undefined ? plan : undefined;
  const override = open === undefined ? undefined : overrideChoice(state, open);
  const [only, ...others] = open?.services ?? [];
  const blocks: KnownBlock[] = [
    ...head(state, preview, catalogue),
    ...(metadata === undefined ? [section(':no_entry: Too many services for one form. Choose fewer, or all.')] : []),
    choiceBlock(environmentChoice(state, catalogue), asInput),
    choiceBlock(servicesChoice(state, catalogue), asInput),
    ...(state.fullSystem ? [choiceBlock(sinceChoice(state, now), asInput)] : []),
    ...problemBlocks(preview, state),
    ...(plan === undefined ? [] : planBlocks(state, plan, preview, now)),
    ...(only !== undefined && others.length === 0
      ? [choiceBlock(targetChoice(state, only.service, only.to), asInput)]
      : []),
    ...(override === undefined ? [] : [choiceBlock(override, asInput)]),
    ...(asInput ? [...reasonBlocks(state), ...confirmBlock(state)] : []),
  ];
  return {
    type: 'modal',
    callback_id: FORM,
    title: plain(title(state)),
    close: plain('Close'),
    ...(asInput ? { submit: plain(submitLabel(plan)) } : {}),
    private_metadata: metadata ?? writeMetadata({ ...state, services: [], override: [] }, [], false) ?? '',
    blocks,
  };
}
