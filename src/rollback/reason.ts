/** Reasons in the runbook's words. */
import type { Reason, ReasonKind } from './spec.ts';

export const REASON_TITLES: Record<ReasonKind, string> = {
  'error-rate': 'Error rate above baseline',
  latency: 'P95 latency above baseline',
  'health-check': 'Health check failing',
  alert: 'P0/P1 alert firing',
  other: 'Other',
};

/** "Health check failing: since 02:51 UTC"; the text alone where it says it all. */
export function reasonText({ kind, text }: Reason): string {
  if (text === undefined || text === '') return REASON_TITLES[kind];
  const title = REASON_TITLES[kind];
  if (kind === 'other' || text.toLowerCase().startsWith(title.toLowerCase())) return text;
  return `${title}: ${text}`;
}
