/** The form's choices as blocks: inputs where there is a submit button, plain selects where there is none (Slack asks for it). */
import type {
  Checkboxes,
  ExternalSelect,
  KnownBlock,
  MultiStaticSelect,
  PlainTextOption,
  StaticSelect,
} from '@slack/types';
import type { Catalogue } from '#catalogue/catalogue.ts';
import type { Plan, Version } from '#rollback/plan.ts';
import { span, utc } from '../age.ts';
import { option, plain } from '#blocks/elements.ts';
import type { FormState } from './form-state.ts';
import { ACTION, block, EVER, EVERY_SERVICE } from './ids.ts';
import { targetName } from './preview.ts';

interface Choice {
  blockId: string;
  label: string;
  hint?: string;
  element: StaticSelect | MultiStaticSelect | ExternalSelect | Checkboxes;
}

/** `asInput`: the view has a submit button. */
export function choiceBlock({ blockId, label, hint, element }: Choice, asInput: boolean): KnownBlock {
  if (!asInput) return { type: 'section', block_id: blockId, text: plain(label), accessory: element };
  return {
    type: 'input',
    block_id: blockId,
    label: plain(label),
    dispatch_action: true,
    optional: element.type === 'checkboxes',
    ...(hint === undefined ? {} : { hint: plain(hint) }),
    element,
  };
}

export function environmentChoice(state: FormState, catalogue: Catalogue): Choice {
  const options = Object.keys(catalogue.environments).map((name) => option(name, name));
  const chosen = options.find(({ value }) => value === state.environment);
  return {
    blockId: block.environment,
    label: 'Environment',
    element: {
      type: 'static_select',
      action_id: ACTION.environment,
      placeholder: plain('Choose an environment'),
      options,
      ...(chosen === undefined ? {} : { initial_option: chosen }),
    },
  };
}

export function servicesChoice(state: FormState, catalogue: Catalogue): Choice {
  const names = Object.keys(catalogue.services);
  const every = option(`All ${names.length} services`, EVERY_SERVICE);
  // Slack takes at most 100 options.
  const options = [every, ...names.slice(0, 99).map((name) => option(name, name))];
  const chosen = state.fullSystem ? [every] : options.filter(({ value }) => state.services.includes(value ?? ''));
  return {
    blockId: block.services,
    label: 'Services',
    element: {
      type: 'multi_static_select',
      action_id: ACTION.services,
      placeholder: plain('One, several or all'),
      options,
      ...(chosen.length === 0 ? {} : { initial_options: chosen }),
    },
  };
}

const HOUR = 3_600_000;
const SPANS = [HOUR / 2, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 24 * HOUR];

/** "Only those deployed since …": whole times, so that the choice means the same when the form is drawn again. */
function sinceOptions(state: FormState, now: number): PlainTextOption[] {
  const minute = Math.floor(now / 60_000) * 60_000;
  const offered = SPANS.map((ms) => minute - ms);
  const times = state.since === undefined || offered.includes(state.since) ? offered : [state.since, ...offered];
  return [
    option('All of them', EVER),
    ...times.map((at) => option(`Only those deployed since ${utc(at, now)} (${span(minute - at)} ago)`, String(at))),
  ];
}

export function sinceChoice(state: FormState, now: number): Choice {
  const options = sinceOptions(state, now);
  const chosen = options.find(({ value }) => value === String(state.since ?? EVER)) ?? options[0];
  return {
    blockId: block.since(state.round),
    label: 'Which of them',
    element: {
      type: 'static_select',
      action_id: ACTION.since,
      options,
      ...(chosen === undefined ? {} : { initial_option: chosen }),
    },
  };
}

/** A version as an option: version first, revision second. */
export function versionOption(version: Version, note: string): PlainTextOption {
  const number = version.revision > 0 ? ` (revision ${version.revision})` : '';
  return option(`${version.version}${number}`, targetName(version), note);
}

export function targetChoice(state: FormState, service: string, to: Version | undefined): Choice {
  const name = state.to[service];
  const asked = name === undefined ? undefined : option(name, name);
  const chosen = to === undefined ? asked : versionOption(to, '');
  return {
    blockId: block.target(state.round),
    label: 'Go back to',
    hint: 'Search by version or revision. The newest version that ran well is chosen unless you say otherwise.',
    element: {
      type: 'external_select',
      action_id: ACTION.target,
      min_query_length: 0,
      placeholder: plain('Choose a version'),
      ...(chosen === undefined ? {} : { initial_option: chosen }),
    },
  };
}

/** One box per blocker that a person may override; undefined: there is none. Slack takes ten boxes. */
export function overrideChoice(state: FormState, plan: Plan): Choice | undefined {
  const options = plan.services
    .flatMap(({ service, findings }) =>
      findings
        .filter(({ grade, overridable }) => grade === 'blocker' && overridable)
        .map(({ check, text }) => option(`Go anyway: ${service}`, `${service}/${check}`, text)),
    )
    .slice(0, 10);
  if (options.length === 0) return undefined;
  const chosen = options.filter(({ value }) => state.override.includes(value ?? ''));
  return {
    blockId: block.override(state.round),
    label: 'Left out, unless you say otherwise',
    element: {
      type: 'checkboxes',
      action_id: ACTION.override,
      options,
      ...(chosen.length === 0 ? {} : { initial_options: chosen }),
    },
  };
}
