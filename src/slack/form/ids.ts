/** Ids of the views and their inputs. Versionless: a form opened before an upgrade is submitted after it. */
export const FORM = 'rollback_form';
export const DETAILS_VIEW = 'rollback_details';
export const MESSAGE_VIEW = 'rollback_message';

export const ACTION = {
  environment: 'form_environment',
  services: 'form_services',
  since: 'form_since',
  target: 'form_target',
  override: 'form_override',
  reasonKind: 'form_reason',
  reasonText: 'form_reason_text',
  confirm: 'form_confirm',
  details: 'form_details',
  refresh: 'form_refresh',
} as const;

/** Value of the services select that means every service of the catalogue. */
export const EVERY_SERVICE = '*';
export const EVER = 'ever';

/** Block ids: the input's name, and the round for those that must forget when another choice changes. */
export const block = {
  environment: 'environment',
  services: 'services',
  since: (round: number): string => `since:${round}`,
  target: (round: number): string => `target:${round}`,
  override: (round: number): string => `override:${round}`,
  reasonKind: 'reason',
  reasonText: 'reason_text',
  confirm: (environment: string): string => `confirm:${environment}`,
} as const;
