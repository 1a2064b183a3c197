/**
 * Keeps what was captured before the patches, beside them and never in their way. Comes again in each pass until it is kept; what a
 * replica had read that is gone by now is named as missing, so that nobody looks for it in vain.
 */
import { withCondition } from '#rollback/conditions.ts';
import { operationId, type Rollback } from '#rollback/rollback.ts';
import type { Evidence, RollbackStatus } from '#rollback/status.ts';
import type { Parts } from '../parts.ts';
import { withEntry } from './timeline.ts';

/** Services that were patched and of whose evidence nothing is said yet; pure. */
export function withoutEvidence({ targets, evidence }: RollbackStatus): string[] {
  const said = new Set(evidence?.configMaps.map(({ service }) => service));
  const isNamed = (service: string): boolean => evidence?.missing.some((m) => m.startsWith(`${service}: `)) === true;
  return targets
    .filter(({ patchedAt }) => patchedAt !== undefined)
    .flatMap(({ service }) => (said.has(service) || isNamed(service) ? [] : [service]));
}

/** What the status says once this is kept; pure. */
export function withKept(status: RollbackStatus, kept: Evidence, at: string): Partial<RollbackStatus> {
  const evidence = {
    configMaps: [...(status.evidence?.configMaps ?? []), ...kept.configMaps],
    missing: [...(status.evidence?.missing ?? []), ...kept.missing],
  };
  const isWhole = evidence.missing.length === 0;
  const missing = kept.missing.length > 0 ? ` Missing: ${kept.missing.join('; ')}.` : '';
  const first =
    kept.configMaps.length > 0
      ? 'Captured before the patch: history, images, events, logs.'
      : 'Nothing was captured before the patch.';
  const captured = {
    type: 'Captured' as const,
    status: isWhole ? ('True' as const) : ('False' as const),
    reason: isWhole ? 'Captured' : 'PartlyCaptured',
    message: isWhole ? 'Everything asked for was captured.' : `Missing: ${evidence.missing.join('; ')}.`,
  };
  return {
    evidence,
    conditions: withCondition(status.conditions, captured, at),
    timeline: withEntry(status.timeline, at, first + missing),
  };
}

/** So long after its end a rollback is held open for what could not be kept of it, evidence or a mark in the journal. */
const GIVE_UP_AFTER_END_MS = 30 * 60_000;

/** What cannot be kept is no longer waited for; pure. */
export function isGivenUp({ endedAt }: RollbackStatus, nowMs: number): boolean {
  return endedAt !== undefined && nowMs > Date.parse(endedAt) + GIVE_UP_AFTER_END_MS;
}

async function giveUp(rollback: Rollback, services: readonly string[], parts: Parts, signal: AbortSignal) {
  const missing = services.map((service) => `${service}: everything (it could not be stored)`);
  const at = new Date(parts.clock.now()).toISOString();
  const changed = withKept(rollback.status!, { configMaps: [], missing }, at);
  return parts.store.patchStatus(rollback, changed, { epoch: parts.epoch }, signal);
}

async function keep(rollback: Rollback, services: readonly string[], parts: Parts, signal: AbortSignal) {
  const { metadata, status } = rollback;
  const operations = services.map((service) => {
    const step = status!.steps.find((s) => s.service === service);
    return { service, op: operationId(metadata.uid, step?.id ?? service, step?.attempt ?? 1) };
  });
  const captured = operations.map(({ service, op }) => parts.memory.captured.get(op) ?? parts.capture.lost(service));
  const evidence = await parts.perform(
    {
      kind: 'evidence.store',
      id: metadata.name,
      rollback: metadata.name,
      lookFirst: false,
      find: () => Promise.resolve('absent' as const),
      act: (s) => parts.capture.store(rollback, captured, s),
    },
    signal,
  );
  const at = new Date(parts.clock.now()).toISOString();
  const written = await parts.store.patchStatus(
    rollback,
    withKept(status!, evidence, at),
    { epoch: parts.epoch },
    signal,
  );
  for (const { op } of operations) parts.memory.captured.delete(op);
  return written;
}

/** Answers the rollback as it stands then. Rejects only for the caller's own abort, and when it is given up and that cannot be written. */
export async function keepEvidence(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<Rollback> {
  const status = rollback.status!;
  const services = withoutEvidence(status);
  if (services.length === 0) return rollback;
  try {
    return await keep(rollback, services, parts, signal);
  } catch (error) {
    signal.throwIfAborted();
    parts.log.warn('evidence was not kept yet', { rollback: rollback.metadata.name, error: String(error) });
    return isGivenUp(status, parts.clock.now()) ? giveUp(rollback, services, parts, signal) : rollback;
  }
}
