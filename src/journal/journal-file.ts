/** One journal as a ConfigMap: read, and changed under its resourceVersion. */
import { z } from 'zod';
import { type Api, ApiError } from '#clients/kubernetes/api.ts';
import { EMPTY_JOURNAL, type Journal, LeftMark, Numbered, Rollout, pruneJournal } from './journal.ts';

const KEY = 'journal.json';
/** The field of a ConfigMap that holds its entries. */
const ENTRIES = 'data';
const CONFLICT_TRIES = 5;
const READ_TIMEOUT_MS = 2_000;

const StoredConfigMap = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  [ENTRIES]: z.record(z.string(), z.string()).optional(),
});

const List = z.array(z.unknown()).catch([]);
const Lists = z.object({ rollouts: List, left: List, numbers: List });

/** Where one journal is kept. */
export interface JournalFile {
  api: Api;
  namespace: string;
  name: string;
}

/** Entries of a shape that is not ours are left out rather than failing the rest: less is known, nothing is made up. */
export function parseJournal(text: string | undefined): Journal {
  if (text === undefined) return EMPTY_JOURNAL;
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return EMPTY_JOURNAL;
  }
  const { rollouts, left, numbers } = Lists.safeParse(raw).data ?? { rollouts: [], left: [], numbers: [] };
  const numbered = numbers.flatMap((n) => Numbered.safeParse(n).data ?? []);
  return {
    rollouts: rollouts.flatMap((r) => Rollout.safeParse(r).data ?? []),
    left: left.flatMap((m) => LeftMark.safeParse(m).data ?? []),
    ...(numbered.length === 0 ? {} : { numbers: numbered }),
  };
}

const collectionOf = (file: JournalFile): string => `/api/v1/namespaces/${file.namespace}/configmaps`;

/** The journal as saved, with the version it was read at; an absent ConfigMap is an empty journal without one. */
export async function load(
  file: JournalFile,
  signal: AbortSignal,
): Promise<{ journal: Journal; resourceVersion?: string }> {
  try {
    const path = `${collectionOf(file)}/${file.name}`;
    const stored = StoredConfigMap.parse(await file.api.get(path, { signal, timeoutMs: READ_TIMEOUT_MS }));
    const { resourceVersion } = stored.metadata;
    return { journal: parseJournal(stored[ENTRIES]?.[KEY]), resourceVersion };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { journal: EMPTY_JOURNAL };
    throw error;
  }
}

async function save(
  file: JournalFile,
  journal: Journal,
  resourceVersion: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { api, namespace, name } = file;
  const labels = { 'app.kubernetes.io/managed-by': 'rollback-bot' };
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  const configMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels, ...version },
    [ENTRIES]: { [KEY]: JSON.stringify(pruneJournal(journal)) },
  };
  if (resourceVersion === undefined) await api.create(collectionOf(file), configMap, { signal });
  else await api.update(`${collectionOf(file)}/${name}`, configMap, { signal });
}

/**
 * Reads, folds, writes; again when somebody else wrote in between. A fold that returns what it was given writes nothing. Rejects on an
 * outage, or when five tries all met another writer.
 */
export async function change(
  file: JournalFile,
  fold: (journal: Journal) => Journal,
  signal: AbortSignal,
): Promise<Journal> {
  for (let tries = 1; ; tries++) {
    const { journal, resourceVersion } = await load(file, signal);
    const changed = fold(journal);
    if (changed === journal) return journal;
    try {
      await save(file, changed, resourceVersion, signal);
      return changed;
    } catch (error) {
      const isConflict = error instanceof ApiError && error.status === 409;
      if (!isConflict || tries === CONFLICT_TRIES) throw error;
    }
  }
}
