/**
 * One term of leading: a queue of rollbacks to reconcile and a queue of rollbacks whose messages have to catch up, fed by the watches.
 * Everything stops when the term's signal is aborted; whatever was under way is found and resumed by the next leader.
 */
import { isRollingBack, isUnderWay } from '#rollback/decide.ts';
import type { Perform } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { ConflictError, FencedError } from '#store/fence.ts';
import { isHeld } from '#store/finalizer.ts';
import type { Term } from './lease.ts';
import type { Parts, StatusWriter } from '../parts.ts';
import { createPerform, type CrashPoint } from '../perform.ts';
import { reconcile } from '../reconcile.ts';
import { retain } from './retention.ts';
import { createWorkQueue, type WorkQueue } from './work-queue.ts';

/** A pass may wait seconds for a health path or a cluster that hangs; that many of them must not keep a rescue waiting. */
const WORKERS = 16;
/** Changes of pods come in bursts: one look per burst. */
const BURST_MS = 100;
const JOURNAL_INTERVAL_MS = 30_000;
const RETENTION_INTERVAL_MS = 60 * 60_000;

/** Makes Slack agree with one rollback; see notify/. */
export interface Messenger {
  sync(rollback: Rollback, signal: AbortSignal): Promise<{ afterMs?: number }>;
  agrees(rollback: Rollback): boolean;
}

/** What writes where no fence of the API server stops it. */
type Writers = Pick<Parts, 'capture' | 'journal'>;
type Given = Omit<Parts, 'epoch' | 'memory' | 'perform' | 'slackAgrees' | keyof Writers>;

export interface LeaderParts extends Given {
  store: StatusWriter & { onChange(listener: (name: string) => void): () => void };
  /** Called with the environment after each change of its workloads; returns its own removal. */
  onWorkloadChange(listener: (environment: string) => void): () => void;
  /** None of them sends a write when `isHeld` says no right before it: they reject with NotLeaderError. */
  writers(term: Pick<Term, 'isHeld'>): Writers;
  messenger(term: { perform: Perform; epoch: number; overlaps: boolean }): Messenger;
  crashPoint?: CrashPoint;
}

function feed(parts: LeaderParts, reconciling: WorkQueue, messages: WorkQueue, signal: AbortSignal): () => void {
  /** Environments that changed and are looked at in a moment: walking through all rollbacks costs too much for each pod's change. */
  const bursts = new Set<string>();
  const enqueue = (name: string): void => {
    const status = parts.store.get(name)?.status;
    reconciling.add(name, { first: status === undefined || status.phase === 'Pending' });
    if (status !== undefined) messages.add(name);
  };
  const removals = [
    parts.store.onChange(enqueue),
    parts.onWorkloadChange((environment) => {
      if (bursts.has(environment)) return;
      bursts.add(environment);
      const look = (): void => {
        bursts.delete(environment);
        for (const rollback of parts.store.list())
          if (rollback.spec.environment === environment && isRollingBack(rollback))
            reconciling.add(rollback.metadata.name);
      };
      // The rejection is the end of the term.
      parts.clock.sleep(BURST_MS, signal).then(look, () => undefined);
    }),
  ];
  for (const rollback of parts.store.list())
    if (isUnderWay(rollback) || !isSettled(rollback) || isHeld(rollback)) enqueue(rollback.metadata.name);
  return () => {
    for (const remove of removals) remove();
  };
}

function isSettled({ status }: Rollback): boolean {
  return status?.conditions.some((c) => c.type === 'Settled' && c.status === 'True') === true;
}

async function watchVersions(parts: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await parts
      .perform(
        {
          kind: 'journal.observe',
          id: 'journal',
          rollback: '',
          lookFirst: false,
          find: () => Promise.resolve('absent' as const),
          act: (s) => parts.journal.observe(s),
        },
        signal,
      )
      .catch((error: unknown) => {
        if (!signal.aborted) parts.log.warn('versions were not observed', { error: String(error) });
      });
    // The rejection is the abort, which ends the loop.
    await parts.clock.sleep(JOURNAL_INTERVAL_MS, signal).catch(() => undefined);
  }
}

async function keepHouse(parts: LeaderParts, perform: Perform, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // Both reject with the abort alone, which ends the loop.
    await retain(parts, perform, signal).catch(() => undefined);
    await parts.clock.sleep(RETENTION_INTERVAL_MS, signal).catch(() => undefined);
  }
}

/** Leads until the term ends; resolves when nothing of it runs any more. */
export async function lead(parts: LeaderParts, term: Term): Promise<void> {
  const { clock, log, audit } = parts;
  const { epoch } = term;
  const crash = parts.crashPoint ? { crashPoint: parts.crashPoint } : {};
  const perform = createPerform({ isLeader: term.isHeld, audit, ...crash });
  const messenger = parts.messenger({ perform, epoch, overlaps: term.overlaps });
  const whole: Parts = {
    ...parts,
    ...parts.writers(term),
    epoch,
    perform,
    memory: {
      fresh: new Set(),
      patchedAt: new Map(),
      triedAt: new Map(),
      captured: new Map(),
      forbidden: new Map(),
      begun: new Set(),
      marked: new Set(),
    },
    slackAgrees: (rollback) => messenger.agrees(rollback),
  };
  const deposed = new AbortController();
  const signal = AbortSignal.any([term.signal, deposed.signal]);
  const failed = (what: string) => (rollback: string, error: unknown, tries: number) => {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    // Somebody else has written meanwhile: nothing is wrong, the next try sees it.
    log[error instanceof ConflictError ? 'info' : 'warn'](what, { rollback, tries, error: said });
    // A newer term has written: nothing of this one may go on.
    if (error instanceof FencedError) deposed.abort(error);
  };
  const reconciling = createWorkQueue({
    work: (name, s) => reconcile(name, whole, s),
    workers: WORKERS,
    clock,
    signal,
    onError: failed('a pass will be repeated'),
  });
  const messages = createWorkQueue({
    async work(name, s) {
      const rollback = parts.store.get(name);
      if (!rollback?.status || rollback.status.epoch !== epoch || isSettled(rollback)) return {};
      return messenger.sync(rollback, s);
    },
    workers: WORKERS,
    clock,
    signal,
    onError: failed('messages will be tried again'),
  });
  const stop = feed(parts, reconciling, messages, signal);
  await Promise.all([reconciling.done, messages.done, watchVersions(whole, signal), keepHouse(parts, perform, signal)]);
  stop();
}
