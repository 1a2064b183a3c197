/** I7, and what a status may never do whatever happens: go back, forget, or be written in a term that its writer did not hold. */
import type { Rollback } from '#rollback/rollback.ts';
import { hasEnded, type RollbackStatus } from '#rollback/status.ts';
import { isSameJson } from '#playground/cluster/json.ts';
import { atItsEnd, type History, isSettled, type Version } from './history.ts';

const ONCE_SET = ['startedAt', 'outcomeAt', 'endedAt'] as const;
const UNTOUCHED = new Set(['Waiting', 'Refused', 'Cancelled']);
const ONCE_TOLD = [/^Started: /, /^Outcome: /, /^Captured /, /^Nothing was captured/, /^Refused: /];

function checkSlots(before: RollbackStatus, after: RollbackStatus): string[] {
  return Object.entries(before.slack).flatMap(([key, { ts }]) => {
    const now = after.slack[key];
    if (now === undefined) return [`slot ${key} was forgotten`];
    return ts !== undefined && now.ts !== ts ? [`slot ${key} forgot its message ${ts}`] : [];
  });
}

function checkTargets(before: RollbackStatus, after: RollbackStatus): string[] {
  return before.targets.flatMap(({ service, state }) => {
    const now = after.targets.find((t) => t.service === service)?.state;
    if (now === undefined) return [`target ${service} was forgotten`];
    return !UNTOUCHED.has(state) && UNTOUCHED.has(now) ? [`target ${service} went from ${state} to ${now}`] : [];
  });
}

function checkNext(before: RollbackStatus, after: RollbackStatus): string[] {
  const faults: string[] = [];
  if (after.epoch < before.epoch) faults.push(`I7 the term went back from ${before.epoch} to ${after.epoch}`);
  if (hasEnded(before.phase) && after.phase !== before.phase)
    faults.push(`it ended as ${before.phase} and became ${after.phase}`);
  for (const field of ONCE_SET)
    if (before[field] !== undefined && before[field] !== after[field])
      faults.push(`${field} changed from ${before[field]} to ${after[field]}`);
  // Settling cuts it down to what is worth keeping.
  if (after.conditions.some(({ type, status }) => type === 'Settled' && status === 'True')) return faults;
  for (const step of before.steps) {
    const now = after.steps.find((s) => s.id === step.id);
    if (step.receipt !== undefined && !isSameJson(now?.receipt, step.receipt))
      faults.push(`step ${step.id} forgot its receipt`);
  }
  const kept = before.timeline.every((entry) => after.timeline.some((other) => isSameJson(other, entry)));
  if (!kept && after.timeline.length < 200) faults.push('the timeline forgot an entry');
  return [...faults, ...checkTargets(before, after), ...checkSlots(before, after)];
}

function checkWriter(history: History, { by, rollback }: Version, before: Rollback | undefined): string[] {
  if (by === undefined || by === 'person' || rollback.status === undefined) return [];
  if (isSameJson(rollback.status, before?.status)) return [];
  const { epoch } = rollback.status;
  return history.terms.get(by)?.has(epoch) === true ? [] : [`I7 ${by} wrote in term ${epoch}, which it never held`];
}

function checkTimeline({ timeline }: RollbackStatus): string[] {
  return ONCE_TOLD.flatMap((words) => {
    const told = timeline.filter(({ text }) => words.test(text)).map(({ text }) => text);
    return words.source.includes('aptured') || told.length < 2 ? [] : [`told twice: ${told.join(' | ')}`];
  });
}

/** Who deletes it waits until all is done and told. One made with kubectl may have been opened before a finalizer could be added. */
function checkGone({ type, rollback }: Version): string[] {
  const { status, metadata } = rollback;
  const isHeldFromTheStart = !metadata.name.startsWith('kubectl-');
  const isOpen = status?.startedAt !== undefined && !isSettled(rollback);
  return type === 'DELETED' && isHeldFromTheStart && isOpen ? [`it was gone while it was ${status.phase}`] : [];
}

/** The busiest ten seconds of four hundred nights had 28 writes; what writes because it was woken by its own write has thousands. */
const WRITES_IN_TEN_SECONDS = 100;

function checkPace(versions: readonly Version[]): string[] {
  const from = versions.findIndex(
    ({ atMs }, i) => (versions[i + WRITES_IN_TEN_SECONDS]?.atMs ?? Infinity) < atMs + 10_000,
  );
  return from < 0
    ? []
    : [`it was written over ${WRITES_IN_TEN_SECONDS} times in the ten seconds from version ${from} on`];
}

export function checkStatuses(history: History): string[] {
  return [...history.rollbacks.values()].flatMap((versions) => {
    const name = versions[0]!.rollback.metadata.name;
    const faults = versions.flatMap((version, i) => {
      const before = versions[i - 1]?.rollback;
      const written = checkWriter(history, version, before);
      if (before?.status === undefined) return written;
      if (version.rollback.status === undefined) return [...written, 'its status was lost'];
      const isLate = isSettled(before) && !isSameJson(before.status, version.rollback.status);
      if (isLate) written.push('it was settled and was written again');
      return [...written, ...checkNext(before.status, version.rollback.status)].map(
        (f) => `${f} (by ${version.by}, at +${version.atMs % 1e7} ms)`,
      );
    });
    const last = atItsEnd(history, versions[0]!.rollback).status;
    return [
      ...faults,
      ...checkPace(versions),
      ...checkGone(versions.at(-1)!),
      ...(last ? checkTimeline(last) : []),
    ].map((fault) => `${name}: ${fault}`);
  });
}
