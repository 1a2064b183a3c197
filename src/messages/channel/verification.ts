/**
 * The "Verification:" line: what was seen, what was not, and what failed. PASS is said only when every health path was seen to pass and
 * no check failed; FAIL when a service that returned answers badly or a person's check failed; otherwise the figures alone.
 */
import { checklistAnswers } from '#rollback/inputs.ts';
import type { HealthResult, TargetStatus } from '#rollback/status.ts';
import { clause, hasReturned, listed, serviceName, type Told } from '../said.ts';

const tell = ({ service, evidence }: HealthResult): string => `${serviceName(service)}: ${clause(evidence, 200)}`;

/** "unknown: gateway" for eight services is one phrase, not eight. */
function byEvidence(results: readonly HealthResult[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { service, evidence } of results) {
    const why = clause(evidence, 200).replace(/^unknown:?\s*/i, '') || 'not asked';
    groups.set(why, [...(groups.get(why) ?? []), serviceName(service)]);
  }
  return [...groups].map(([why, services]) => `${listed(services, ', ', 300)}: ${why}`);
}

/** "health 7/9 (unknown: analytics-service: gateway)". */
function health(results: readonly HealthResult[], told: ReadonlySet<HealthResult>): string {
  if (results.length === 0) return 'health not checked';
  const passed = results.filter(({ result }) => result === 'pass').length;
  const unknown = byEvidence(results.filter(({ result }) => result === 'unknown'));
  const other = results.filter((r) => (r.result === 'fail' || r.result === 'warn') && !told.has(r)).map(tell);
  const notes = [...other, ...(unknown.length > 0 ? [`unknown: ${listed(unknown, '; ', 500)}`] : [])];
  return `health ${passed}/${results.length}${notes.length > 0 ? ` (${listed(notes, '; ')})` : ''}`;
}

/** "Manual checks 2/8 answered, 1 more by the bot.": what the bot answered itself is nobody's manual check. */
function checks({ spec, status: { plan, verification } }: Told): string {
  const answers = checklistAnswers(plan.checklist, spec, verification);
  if (answers.length === 0) return 'No manual checks in the catalogue.';
  const answered = answers.filter(({ answer }) => answer !== 'open');
  const own = answered.filter(({ byBot }) => byBot).length;
  return `Manual checks ${answered.length - own}/${answers.length - own} answered${own === 0 ? '' : `, ${own} more by the bot`}.`;
}

/** Health of services that returned and answer badly now: what this rollback has to answer for. */
function failing({ status }: Told): HealthResult[] {
  const returned = new Set(
    status.targets.filter((t: TargetStatus) => hasReturned(status, t)).map(({ service }) => service),
  );
  return (status.verification?.health ?? []).filter((h) => h.result === 'fail' && returned.has(h.service));
}

/** The checks that a person answered with "failed", and what they saw. */
export function failedChecks({ spec, status: { plan } }: Told): string[] {
  return checklistAnswers(plan.checklist, spec)
    .filter(({ answer }) => answer === 'fail')
    .map(({ item, text }) => clause(item.text, 200) + (text ? ` (${clause(text, 200)})` : ''));
}

/** PASS, FAIL, or undefined: not everything was seen. */
export function verdict(rollback: Told): 'PASS' | 'FAIL' | undefined {
  if (failing(rollback).length > 0 || failedChecks(rollback).length > 0) return 'FAIL';
  const results = rollback.status.verification?.health ?? [];
  return results.length > 0 && results.every(({ result }) => result === 'pass') ? 'PASS' : undefined;
}

/** "Verification: PASS: health 9/9; smoke test not run. Manual checks 2/8 answered, 1 more by the bot." */
export function verificationLine(rollback: Told): string {
  const results = rollback.status.verification?.health ?? [];
  const bad = failing(rollback);
  const figures = `${health(results, new Set(bad))}; smoke test not run. ${checks(rollback)}`;
  const word = verdict(rollback);
  if (word === 'FAIL') {
    const what = [...bad.map(tell), ...failedChecks(rollback)];
    return `Verification: FAIL: ${listed(what, '; ')}. ${figures.charAt(0).toUpperCase()}${figures.slice(1)}`;
  }
  return `Verification: ${word === undefined ? '' : `${word}: `}${figures}`;
}
