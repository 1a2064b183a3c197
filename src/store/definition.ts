/**
 * The definition of Rollbacks in the cluster carries the number of the status schema it knows. An older one prunes silently what this bot
 * writes, intents among it, so the bot does not lead before it is at least its own; a newer one keeps everything. It is read at the start
 * and now and then, for a definition can be put back under a running bot.
 */
import { ApiError, type Api, type KubernetesObject } from '#clients/kubernetes/api.ts';
import type { Clock, Log } from '#rollback/ports.ts';
import { GROUP, PLURAL } from '#rollback/rollback.ts';
import { STATUS_SCHEMA } from '#rollback/status.ts';

const PATH = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${PLURAL}.${GROUP}`;
const MARK = `${GROUP}/status-schema`;
const AGAIN_MS = { unusable: 5_000, usable: 60_000 };

/** What is wrong with the mark, and the cure, as a sentence for whoever installs the bot; undefined: nothing. Pure. */
export function problemOf(mark: string | undefined): string | undefined {
  const known = /^\d+$/.test(mark ?? '') ? Number(mark) : 0;
  if (known >= STATUS_SCHEMA) return undefined;
  const has = known === 0 ? 'has no schema mark' : `knows status schema ${known}`;
  return `The definition of Rollbacks in the cluster is older than this bot: it ${has}, the bot writes ${STATUS_SCHEMA}. Apply k8s/crd.yaml of this version.`;
}

function problemOfError(error: unknown): string {
  const status = error instanceof ApiError ? error.status : undefined;
  if (status === 404) return 'Rollbacks are not defined in the cluster. Apply k8s/crd.yaml.';
  if (status === 403)
    return 'The bot may not read the definition of Rollbacks, so it cannot know whether the cluster keeps what it writes. Apply k8s/rbac.yaml.';
  return `The definition of Rollbacks could not be read: ${String(error)}`;
}

export interface Definition {
  /** Why the bot must not lead, as a sentence; undefined: it may. */
  problem(): string | undefined;
  /** Runs `serve` while the definition may be used, and aborts its signal when it may not any more. Resolves when the signal was aborted. */
  whileUsable(serve: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void>;
}

export function createDefinition({ api, clock, log }: { api: Api; clock: Clock; log: Log }): Definition {
  let problem: string | undefined = 'The definition of Rollbacks has not been read yet.';
  let hasRead = false;

  async function look(signal: AbortSignal): Promise<void> {
    const before = problem;
    try {
      const definition = await api.get<KubernetesObject>(PATH, { signal });
      const mark = definition.metadata.annotations?.[MARK];
      problem = problemOf(mark);
      if (!hasRead && Number(mark) > STATUS_SCHEMA)
        log.info('the definition of Rollbacks is newer than this bot, which is fine', { mark, own: STATUS_SCHEMA });
      hasRead = true;
    } catch (error) {
      if (signal.aborted) return;
      // An outage says nothing new about what was read before.
      const isOutage = !(error instanceof ApiError) || error.status === 429 || error.status >= 500;
      if (!isOutage || !hasRead) problem = problemOfError(error);
    }
    if (problem === before) return;
    if (problem === undefined) log.info('the definition of Rollbacks may be used', { schema: STATUS_SCHEMA });
    else log.error('the bot does not lead, and is not ready', { problem });
  }

  return {
    problem: () => problem,
    async whileUsable(serve, signal) {
      let serving: { stop: AbortController; done: Promise<void> } | undefined;
      while (!signal.aborted) {
        await look(signal);
        if (problem === undefined && serving === undefined && !signal.aborted) {
          const stop = new AbortController();
          serving = { stop, done: serve(AbortSignal.any([signal, stop.signal])) };
        } else if (problem !== undefined && serving !== undefined) {
          serving.stop.abort(new Error(problem));
          await serving.done;
          serving = undefined;
        }
        const waitMs = problem === undefined ? AGAIN_MS.usable : AGAIN_MS.unusable;
        // The rejection is the abort, which ends the loop.
        await clock.sleep(waitMs, signal).catch(() => undefined);
      }
      await serving?.done;
    },
  };
}
