/** One service of the plan, as the form says it: version first, revision second, then age, then what differs, then what to read. */
import { blockersOf, type Finding } from '#rollback/finding.ts';
import type { PlannedService, Version } from '#rollback/plan.ts';
import { escape } from '#blocks/escape.ts';
import { ago, span, utc } from '../age.ts';
import { overriddenChecks } from './form-state.ts';

const revision = ({ revision: number }: Version): string => (number > 0 ? `revision ${number}, ` : '');

/** "deployed 14 min ago by Tom Okafor"; of what an undo brought back: when and whose that was, and then its first deploy. */
export function whence(version: Version, now: number, isCurrent: boolean): string {
  const { deployedAt, deployedBy, cameBack } = version;
  const who = deployedBy === undefined ? '' : ` by ${escape(deployedBy)}`;
  if (cameBack === undefined) return `deployed ${ago(deployedAt, now)}${isCurrent ? who : ''}`;
  const at = utc(Date.parse(deployedAt), now);
  const isKnown = deployedAt !== cameBack.firstDeployedAt;
  const when = isCurrent ? (isKnown ? `back since ${at}` : 'back') : isKnown ? `brought back at ${at}` : 'brought back';
  const how = cameBack.by === undefined ? 'an undo' : `a rollback of ${escape(cameBack.by)}`;
  return `${when} by ${how}; first deployed ${ago(cameBack.firstDeployedAt, now)}${who}`;
}

const current = (version: Version, now: number): string =>
  `Now ${escape(version.version)}: ${revision(version)}${whence(version, now, true)}.`;

function ranWell({ ranWellMinutes, leftAt }: Version, now: number): string {
  if (leftAt !== undefined) return `rolled back from ${ago(leftAt, now)}`;
  return ranWellMinutes === undefined
    ? 'how long it ran well is not known'
    : `ran well for ${span(ranWellMinutes * 60_000)}`;
}

function target(version: Version, isPrevious: boolean, now: number): string {
  const which = isPrevious ? 'the previous version' : 'not the previous version';
  return `To ${escape(version.version)}: ${revision(version)}${which}, ${whence(version, now, false)}; ${ranWell(version, now)}.`;
}

/** An unchecked finding says itself that it is. */
const GRADES = { blocker: ':no_entry: Blocked: ', warning: ':warning: Warning: ', note: 'Note: ', unchecked: '' };

export function findingText(finding: Finding, overridden = false): string {
  const grade = overridden ? ':warning: Overridden: ' : GRADES[finding.grade];
  const cure = finding.cure === undefined ? '' : ` ${finding.cure}`;
  return escape(`${grade}${finding.text}${cure}`);
}

/** What must be read before pressing: blockers and warnings. The rest stands under Details. `override`: as `service/check`. */
export function readFirst(planned: PlannedService, override: readonly string[]): string[] {
  const blocking = new Set(blockersOf(planned.findings, overriddenChecks(planned.service, override)));
  return planned.findings
    .filter(({ grade }) => grade === 'blocker' || grade === 'warning')
    .map((finding) => findingText(finding, finding.grade === 'blocker' && !blocking.has(finding)));
}

const versions = ({ from, to }: PlannedService): string => {
  const arrow = [from, to].map((version) => (version === undefined ? '?' : `*${escape(version.version)}*`));
  return from === undefined && to === undefined ? '' : `: ${arrow.join(' → ')}`;
};

/** For somebody who may not roll back here: which version would follow which, and nothing of what is inside. */
export function versionsText(planned: PlannedService): string {
  return `*${escape(planned.service)}*${versions(planned)}`;
}

/** The whole of it, for up to a handful of services. */
export function serviceText(planned: PlannedService, override: readonly string[], now: number): string {
  const { service, from, to, refused, difference, notes } = planned;
  const findings = readFirst(planned, override);
  const said = findings.some((text) => refused !== undefined && text.includes(escape(refused.message)));
  return [
    `*${escape(service)}*${versions(planned)}`,
    ...(refused === undefined || said ? [] : [`:no_entry: Left out: ${escape(refused.message)}`]),
    ...(from === undefined ? [] : [current(from, now)]),
    ...(to === undefined ? [] : [target(to, planned.isPrevious, now)]),
    ...(difference === '' ? [] : [`Changes: ${escape(difference)}`]),
    ...findings,
    ...notes.map((note) => `:information_source: Note: ${escape(note)}`),
  ].join('\n');
}

function shortWhence({ version, deployedAt, cameBack }: Version, now: number): string {
  if (cameBack === undefined) return `deployed ${ago(deployedAt, now)}`;
  const since =
    deployedAt === cameBack.firstDeployedAt ? 'brought back' : `back since ${utc(Date.parse(deployedAt), now)}`;
  return `${escape(version)} ${since}`;
}

/** One or two lines, for a list of many. */
export function serviceLine(planned: PlannedService, override: readonly string[], now: number): string {
  const { service, from, to, refused } = planned;
  const age = from === undefined || refused !== undefined ? '' : `, ${shortWhence(from, now)}`;
  const skips = to !== undefined && !planned.isPrevious && refused === undefined ? ', not the previous version' : '';
  const left = refused === undefined ? [] : [`:no_entry: Left out: ${escape(refused.message)}`];
  const warnings = refused === undefined ? readFirst(planned, override) : [];
  return [`*${escape(service)}*${versions(planned)}${age}${skips}`, ...left, ...warnings].join('\n');
}

/** "Image: not checked. Nobody asked …" → "Image"; the sentence stands under Details. */
const subjectOf = ({ text }: Finding, version: string): string =>
  text
    .replace(/(?: is not known\b|:|\.(?=\s|$)).*$/s, '')
    .replace(/ not checked$/i, '')
    .replace(version, 'the target');

/** "Not checked: Image · Migrations (Details say why)": what nobody looked at, one word for each check and all services. */
export function uncheckedText(services: readonly PlannedService[]): string | undefined {
  const unchecked = services.flatMap(({ findings, to }) =>
    findings
      .filter(({ grade }) => grade === 'unchecked')
      .map((finding) => ({ check: finding.check, subject: subjectOf(finding, to?.version ?? '?') })),
  );
  const subjects = [...new Set(unchecked.map(({ check }) => check))].map((check) => {
    const all = [...new Set(unchecked.filter((finding) => finding.check === check).map(({ subject }) => subject))];
    const [only] = all;
    return all.length === 1 && only !== undefined ? only : check.replaceAll('-', ' ');
  });
  return subjects.length === 0 ? undefined : `Not checked: ${escape(subjects.join(' · '))}. Details say why.`;
}
