/**
 * Keeps each environment's journal in one ConfigMap of the bot's home namespace, `rollback-journal-<environment>`. Every replica reads;
 * only the leader writes, and every write tests the resourceVersion it read. Rejections are outages: nothing is known to have changed.
 */
import type { Api } from '#clients/kubernetes/api.ts';
import type { WorkloadRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { type Journal, markLeft, mergeJournals, withdrawMarks, workloadKey } from './journal.ts';
import { type JournalFile, change, load } from './journal-file.ts';
import { isWorthSaving, observe } from './observation.ts';

/** The ConfigMap's name in the home namespace. */
export function journalName(environment: string): string {
  return `rollback-journal-${environment}`;
}

export interface JournalStore {
  /** The journal as saved; an environment without one has an empty journal. Rejects on an outage. */
  read(environment: string, signal: AbortSignal): Promise<Journal>;
  /** One look at the cluster (leader only; at least once a minute). Saves when there is something worth it. */
  observe(
    environment: string,
    rows: { deployments: readonly WorkloadRow[]; replicaSets: readonly RevisionRow[] },
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * The service was rolled back from its planned `from` version. Repeatable. When the rollback undoes another one, that one's mark is
   * withdrawn instead: undoing says nothing bad about the version it leaves.
   */
  left(rollback: Rollback, service: string, at: string, signal: AbortSignal): Promise<void>;
}

/** `api` is the home cluster's, `namespace` the bot's own. */
export function createJournalStore({
  api,
  namespace,
  clock,
}: {
  api: Api;
  namespace: string;
  clock: { now(): number };
}): JournalStore {
  const file = (environment: string): JournalFile => ({ api, namespace, name: journalName(environment) });
  /** What this leader saw and has not saved yet, beside what is saved. */
  const seen = new Map<string, { saved: Journal; live: Journal }>();

  async function observeEnvironment(
    environment: string,
    { deployments, replicaSets }: { deployments: readonly WorkloadRow[]; replicaSets: readonly RevisionRow[] },
    signal: AbortSignal,
  ): Promise<void> {
    const known = seen.get(environment);
    const saved = known?.saved ?? (await load(file(environment), signal)).journal;
    const live = observe(known?.live ?? saved, deployments, replicaSets, clock.now());
    seen.set(environment, { saved, live });
    if (!isWorthSaving(saved, live)) return;
    const merged = await change(file(environment), (stored) => mergeJournals(stored, live), signal);
    seen.set(environment, { saved: merged, live: merged });
  }

  async function left(rollback: Rollback, service: string, at: string, signal: AbortSignal): Promise<void> {
    const planned = rollback.status?.plan?.services.find((s) => s.service === service);
    if (planned?.workload === undefined || planned.from === undefined) return;
    const workload = workloadKey(planned.workload);
    const { templateHash } = planned.from;
    const { parent, environment } = rollback.spec;
    await change(
      file(environment),
      (journal) =>
        parent?.relation === 'undo'
          ? withdrawMarks(journal, { by: parent.name, at, workloads: [workload] })
          : markLeft(journal, [{ workload, templateHash, leftAt: at, by: rollback.metadata.name }]),
      signal,
    );
  }

  return {
    read: async (environment, signal) => (await load(file(environment), signal)).journal,
    observe: observeEnvironment,
    left,
  };
}
