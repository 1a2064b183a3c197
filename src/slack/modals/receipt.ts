/** What stands in the form after pressing: started, not confirmed yet, already started, not started. */
import type { ModalView } from '@slack/types';
import { escape, preformatted } from '#blocks/escape.ts';
import { section } from '#blocks/blocks.ts';
import type { Catalogue } from '#catalogue/catalogue.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { RollbackSpec } from '#rollback/spec.ts';
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

export const receiptView = (catalogue: Catalogue, spec: RollbackSpec, state: FormState): ModalView =>
  messageView('Started', receiptText(catalogue, spec, state));

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

/** The way by hand, when the bot's cluster stays silent. */
export function notStartedView(catalogue: Catalogue, spec: RollbackSpec, state: FormState): ModalView {
  const services = spec.targets.map(({ service }) => service);
  const command = kubectlUndo(catalogue, spec.environment, services, spec.targets[0]?.to);
  return messageView('Not confirmed', notStartedText(state, spec), '', [section(`By hand:\n${preformatted(command)}`)]);
}
