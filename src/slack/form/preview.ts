/** From the form's choices to the plan it shows: the same planner that the controller uses. Reads only. */
import type { Plan, Version } from '#rollback/plan.ts';
import type { HistoryEntry } from '#rollback/ports.ts';
import type { Refusal } from '#rollback/failure.ts';
import { abortable } from '../deadline.ts';
import type { Room } from '../room.ts';
import { requestedTargets, type FormState } from './form-state.ts';

/** What the form shows besides the choices. */
export interface Preview {
  plan?: Plan;
  /** The person may not roll back here: the plan is shown, the button is not. */
  refusal?: Refusal;
  /** The bot cannot post to the environment's channel, in words. */
  channelProblem?: string;
  /** Why there is no plan, in words: nothing chosen, nothing deployed since, no answer. */
  problem?: string;
  /** A command that does it by hand, when the cluster does not answer. */
  command?: string;
}

const PLAN_TIMEOUT_MS = 8000;

/** The services that the choices mean; undefined: not chosen yet. */
async function chosenServices(room: Room, state: FormState & { environment: string }): Promise<string[] | undefined> {
  const { fullSystem, since, services, environment } = state;
  if (!fullSystem) return services.length === 0 ? undefined : services;
  if (since === undefined) return Object.keys(room.catalogue.services);
  return await abortable(PLAN_TIMEOUT_MS, 'deployed since', (signal) =>
    room.planner.deployedSince(environment, since, signal),
  );
}

/** Rejects when the cluster does not answer. */
export async function planFor(room: Room, state: FormState): Promise<Preview> {
  const { environment } = state;
  if (environment === undefined) return {};
  const services = await chosenServices(room, { ...state, environment });
  if (services === undefined) return {};
  if (services.length === 0)
    return { problem: `Nothing was deployed in ${environment} since then. Choose an earlier time.` };
  const targets = requestedTargets(services, state);
  const plan = await abortable(PLAN_TIMEOUT_MS, 'plan', (signal) =>
    room.planner.plan({ environment, method: 'undo', targets }, signal),
  );
  return { plan };
}

/** `to` of a target that names a version: its revision, or its version where the revision is not known. */
export function targetName({ revision, version }: Pick<Version, 'revision' | 'version'>): string {
  return revision > 0 ? String(revision) : version;
}

/** The entries that a search finds: any part of version or revision. */
export function searchHistory(entries: readonly HistoryEntry[], query: string): HistoryEntry[] {
  const wanted = query.trim().toLowerCase();
  return entries.filter(
    ({ version, revision }) => version.toLowerCase().includes(wanted) || String(revision) === wanted,
  );
}
