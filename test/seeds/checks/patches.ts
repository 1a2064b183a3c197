/** I2 and I8: each workload is patched at most once per operation, only as planned and allowed, and nobody else's change is overwritten. */
import { isSameJson } from '#playground/cluster/json.ts';
import { requests } from '#rollback/inputs.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { hashOf, type History, type Patch } from './history.ts';

interface Step {
  from: { templateHash: string };
  to: { templateHash: string };
  workload: { uid: string; name: string };
}

function rest({ spec }: Patch['before']): object {
  return { ...spec, template: undefined };
}

function asItStood(history: History, uid: string, index: number): Rollback | undefined {
  return history.rollbacks.get(uid)?.findLast((version) => version.index < index)?.rollback;
}

function checkOne(history: History, patch: Patch): string[] {
  const { operation, before, after } = patch;
  const name = after.metadata.name;
  const [uid = '', id = '', attempt] = operation.split('/');
  const faults: string[] = [];
  const rollback = asItStood(history, uid, patch.index);
  const step = rollback?.status?.steps.find((s) => s.id === id && String(s.attempt) === attempt);
  if (!rollback || !step) return [`${name}: patched as ${operation} without an intent on record`];
  const planned = step.step as Step;
  if (before.metadata.uid !== planned.workload.uid) faults.push('it is not the object that was planned for');
  if (hashOf(before) !== planned.from.templateHash) faults.push('it ran another version than planned from');
  if (hashOf(after) !== planned.to.templateHash) faults.push('it was given another version than planned');
  if (before.spec.paused) faults.push('it was paused');
  if (!isSameJson(rest(before), rest(after))) faults.push('more than its template changed');
  if (rollback.spec.dryRun) faults.push('of a dry run');
  const opening = history.rollbacks.get(uid)?.find((v) => v.rollback.status?.phase === 'RollingBack');
  if (opening && requests(opening.rollback.spec, 'cancel').length > 0) faults.push('it was cancelled before it began');
  return faults.map((fault) => `I8 ${name}: patched by ${patch.by} although ${fault}`);
}

export function checkPatches(history: History): string[] {
  const counts = new Map<string, number>();
  for (const { operation, after } of history.patches) {
    const [uid = ''] = operation.split('/');
    const key = `${uid} ${after.metadata.name}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const doubled = [...counts]
    .filter(([, count]) => count > 1)
    .map(([key, count]) => `I2 ${key}: patched ${count} times`);
  const idle = history.workloadWrites
    .filter((write) => !history.patches.includes(write))
    .map(({ after }) => `I8 ${after.metadata.name}: written by a bot, and no patch of an operation`);
  return [...doubled, ...idle, ...history.patches.flatMap((patch) => checkOne(history, patch))];
}
