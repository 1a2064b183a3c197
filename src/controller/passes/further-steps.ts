/**
 * What a patch turns out to need besides (a pod that has to be deleted, say): looked for in each pass while pods are waited for, and made like
 * every step: intent → find → act → record. What the bot may not do is left for a person, and said.
 */
import type { FurtherStep } from '#methods/method.ts';
import { isRefusal, TerminalError } from '#rollback/failure.ts';
import { UnavailableError } from '#rollback/ports.ts';
import { operationId, type Rollback } from '#rollback/rollback.ts';
import type { RollbackStatus, StepRecord, TargetStatus } from '#rollback/status.ts';
import type { Parts } from '../parts.ts';
import { sincePatch, write } from './observe.ts';
import { withEntry } from './timeline.ts';

/** What was forbidden may be allowed by now. */
const ASK_AGAIN_MS = 30_000;

interface Wanted extends FurtherStep<unknown> {
  service: string;
}

interface Made {
  record: StepRecord;
  receipt?: unknown;
  /** The bot may not. */
  refused?: string;
}

interface Pass {
  rollback: Rollback;
  parts: Parts;
  signal: AbortSignal;
}

const idOf = ({ service, id }: Wanted): string => `${service}.${id}`;

async function wantedFor({ rollback, parts, signal }: Pass, { service }: TargetStatus): Promise<Wanted[]> {
  const record = rollback.status!.steps.find((s) => s.service === service && s.receipt !== undefined);
  const method = parts.method(rollback.spec.method);
  if (record === undefined || method.next === undefined) return [];
  try {
    const sinceMs = sincePatch(rollback, record, parts);
    const further = await method.next(record.step, record.receipt, sinceMs, signal);
    return further.map((one) => ({ ...one, service }));
  } catch (error) {
    // Said by the look that follows.
    if (error instanceof UnavailableError) return [];
    throw error;
  }
}

/** An intent for each that has none yet; pure. */
export function intents(status: RollbackStatus, wanted: readonly Wanted[], at: string): StepRecord[] {
  const known = new Set(status.steps.map(({ id }) => id));
  return wanted.flatMap((one): StepRecord[] => {
    const id = idOf(one);
    if (one.bot === undefined || known.has(id)) return [];
    const { step, told } = one.bot;
    return [{ id, service: one.service, attempt: 1, intentAt: at, step, told }];
  });
}

async function make(pass: Pass, record: StepRecord, wanted: Wanted | undefined): Promise<Made> {
  const { rollback, parts, signal } = pass;
  const { memory, clock } = parts;
  const method = parts.method(rollback.spec.method);
  const op = operationId(rollback.metadata.uid, record.id, record.attempt);
  const lookFirst = !memory.fresh.delete(op);
  const forbidden = memory.forbidden.get(op);
  if (wanted?.bot === undefined) {
    // Not needed any more: made before a crash, or by somebody else.
    const found = await method.find(record.step, op, signal);
    return found === 'absent' || found === 'unknown' ? { record } : { record, receipt: found };
  }
  if (forbidden !== undefined && clock.monotonic() - forbidden.at < ASK_AGAIN_MS) {
    return { record, refused: forbidden.why };
  }
  const receipt = await parts.perform(
    {
      kind: wanted.bot.effect,
      id: op,
      rollback: rollback.metadata.name,
      lookFirst,
      find: (s) => method.find(record.step, op, s),
      act: (s) => method.apply(record.step, op, s),
    },
    signal,
  );
  // The world moved: the next pass sees whether it is still wanted.
  return typeof receipt === 'object' && receipt !== null && isRefusal(receipt) ? { record } : { record, receipt };
}

/** One that fails never keeps the others, nor the look at the pods, from going on. */
async function tryMaking(pass: Pass, record: StepRecord, wanted: Wanted | undefined): Promise<Made> {
  const { rollback, parts, signal } = pass;
  try {
    return await make(pass, record, wanted);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TerminalError) {
      const op = operationId(rollback.metadata.uid, record.id, record.attempt);
      parts.memory.forbidden.set(op, { at: parts.clock.monotonic(), why: error.message });
      return { record, refused: error.message };
    }
    parts.log.warn('a further step will be looked up and tried again', { step: record.id, error: String(error) });
    return { record };
  }
}

/** The status with what was done, and with what only a person may do; pure. */
export function afterFurther(
  status: RollbackStatus,
  wanted: readonly Wanted[],
  made: readonly Made[],
  at: string,
): RollbackStatus {
  const byId = new Map(made.map((one) => [one.record.id, one]));
  const steps = status.steps.map((step) => {
    const receipt = byId.get(step.id)?.receipt;
    return receipt === undefined ? step : { ...step, receipt };
  });
  let { timeline } = status;
  for (const { record, receipt } of made)
    if (receipt !== undefined && record.told !== undefined) timeline = withEntry(timeline, at, record.told);
  const heldUp = new Map(
    wanted.flatMap((one): [string, string][] => {
      const refused = byId.get(idOf(one))?.refused;
      if (one.bot === undefined) return [[one.service, one.byHand]];
      return refused === undefined ? [] : [[one.service, `${refused} ${one.byHand}`]];
    }),
  );
  const targets = status.targets.map((target): TargetStatus => {
    const why = heldUp.get(target.service)?.slice(0, 500);
    if (why === target.heldUpBy) return target;
    const { heldUpBy: _before, ...rest } = target;
    return why === undefined ? rest : { ...rest, heldUpBy: why };
  });
  return { ...status, steps, timeline, targets };
}

/** Answers the rollback as it stands then. Rejects on an outage of the home cluster. */
export async function furtherSteps(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<Rollback> {
  const status = rollback.status!;
  const patched = status.targets.filter(({ state }) => state === 'Patched');
  const pass: Pass = { rollback, parts, signal };
  const wanted = (await Promise.all(patched.map((target) => wantedFor(pass, target)))).flat();
  const at = new Date(parts.clock.now()).toISOString();
  const fresh = intents(status, wanted, at);
  const opened = await write(rollback, { ...status, steps: [...status.steps, ...fresh] }, parts, signal);
  // Only what this write put there: another leader's intents are called the same, and may have been acted on.
  for (const { id, attempt } of fresh) parts.memory.fresh.add(operationId(rollback.metadata.uid, id, attempt));
  const open = opened.status!.steps.filter((step) => step.told !== undefined && step.receipt === undefined);
  const made = await Promise.all(
    open.map((record) =>
      tryMaking(
        { ...pass, rollback: opened },
        record,
        wanted.find((one) => idOf(one) === record.id),
      ),
    ),
  );
  const madeAt = new Date(parts.clock.now()).toISOString();
  return write(opened, afterFurther(opened.status!, wanted, made, madeAt), parts, signal);
}
