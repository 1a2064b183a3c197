/** The "Verification:" line: what was checked and what was not. Unknown is said as unknown. */
import { escape } from '#blocks/escape.ts';
import { checklistAnswers } from '#rollback/inputs.ts';
import type { HealthResult } from '#rollback/status.ts';
import type { Told } from './said.ts';

function health(results: readonly HealthResult[]): string {
  const passed = results.filter(({ result }) => result === 'pass').length;
  const unknown = results.filter(({ result }) => result === 'unknown' || result === 'warn');
  const why = unknown.map((h) => `${escape(h.service)}: ${escape(h.evidence)}`).join('; ');
  if (results.length === 0) return 'health not checked';
  return `health ${passed}/${results.length}${why ? ` (unknown: ${why})` : ''}`;
}

/** How many of the manual checks are answered. */
export function answered(rollback: Told): { done: number; of: number } {
  const { plan, verification } = rollback.status;
  const answers = checklistAnswers(plan.checklist, rollback.spec, verification);
  return { done: answers.filter(({ answer }) => answer !== 'open').length, of: answers.length };
}

/** "PASS: health 9/9. Smoke test not run. Manual checks 2/9 answered." */
export function verificationLine(rollback: Told): string {
  const { verification, plan } = rollback.status;
  const results = verification?.health ?? [];
  const { done, of } = answered(rollback);
  const rest = `Smoke test not run. Manual checks ${done}/${of} answered.`;
  const failing = results
    .filter(({ result }) => result === 'fail')
    .map((h) => `${escape(h.service)}: ${escape(h.evidence)}`);
  const checks = checklistAnswers(plan.checklist, rollback.spec, undefined)
    .filter(({ answer }) => answer === 'fail')
    .map(({ item, text }) => `${escape(item.text)}${text ? ` (${escape(text)})` : ''}`);
  if (failing.length + checks.length > 0)
    return `Verification: FAIL: ${[...failing, ...checks].join('; ')}. ${health(results)}. ${rest}`;
  const whole = results.length > 0 && results.every(({ result }) => result === 'pass');
  return `Verification: ${whole ? 'PASS: ' : ''}${health(results)}. ${rest}`;
}
