/** Entries of the thread's timeline: plain, dated sentences. Services are batched, so that nine cost no more than one. */
import { MAX_TIMELINE, type TargetStatus, type TimelineEntry } from '#rollback/status.ts';
import type { Person } from '#rollback/spec.ts';
import type { Plan } from '#rollback/plan.ts';

/** The timeline with one more sentence; the newest MAX_TIMELINE entries stay. */
export function withEntry(timeline: readonly TimelineEntry[], at: string, text: string, by?: Person): TimelineEntry[] {
  const entry = { at, text: text.slice(0, 500), ...(by ? { by } : {}) };
  return [...timeline, entry].slice(-MAX_TIMELINE);
}

/** "42 s", "1 min 52 s". */
export function elapsed(fromIso: string, toIso: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(toIso) - Date.parse(fromIso)) / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function versionOf(plan: Plan | undefined, service: string): string {
  return plan?.services.find((s) => s.service === service)?.to?.version ?? 'its target';
}

/** What changed between two looks at the targets, as at most one sentence per kind of change. */
export function changesOf(
  before: readonly TargetStatus[],
  after: readonly TargetStatus[],
  plan: Plan | undefined,
): string[] {
  const old = new Map(before.map((target) => [target.service, target.state]));
  const changed = (state: TargetStatus['state']): TargetStatus[] =>
    after.filter((target) => target.state === state && old.get(target.service) !== state);
  const took = (t: TargetStatus): string =>
    t.patchedAt && t.settledAt ? ` after ${elapsed(t.patchedAt, t.settledAt)}` : '';
  const because = (t: TargetStatus): string => (t.detail ? ` (${t.detail})` : '');
  const sentence = (state: TargetStatus['state'], words: string, each: (t: TargetStatus) => string): string[] => {
    const targets = changed(state);
    return targets.length === 0 ? [] : [`${words}: ${targets.map(each).join(', ')}.`];
  };
  return [
    ...sentence('Patched', 'Rolled back, waiting for pods', (t) => `${t.service} → ${versionOf(plan, t.service)}`),
    ...sentence('Refused', 'Not touched', (t) => `${t.service}${because(t)}`),
    ...sentence(
      'Back',
      'Back',
      (t) => `${t.service} ${versionOf(plan, t.service)}, ${t.ready} of ${t.desired} pods ready${took(t)}`,
    ),
    ...sentence('NotBack', 'NOT back', (t) => `${t.service}, ${t.ready} of ${t.desired} pods ready${because(t)}`),
    ...sentence('Unknown', 'Not known whether it was rolled back', (t) => `${t.service}${because(t)}`),
    ...sentence('Superseded', 'Left alone, somebody else changed it', (t) => `${t.service}${because(t)}`),
  ];
}
