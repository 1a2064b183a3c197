/** Setting conditions the Kubernetes way: one per type, the transition time moves only when the status does. */
import type { Condition } from './status.ts';

/** The list with `next` in it; the same array when nothing changed. */
export function withCondition(
  conditions: Condition[],
  next: Omit<Condition, 'lastTransitionTime'>,
  at: string,
): Condition[] {
  const old = conditions.find(({ type }) => type === next.type);
  if (old && old.status === next.status && old.reason === next.reason && old.message === next.message)
    return conditions;
  const lastTransitionTime = old?.status === next.status ? old.lastTransitionTime : at;
  const others = conditions.filter(({ type }) => type !== next.type);
  return [...others, { ...next, lastTransitionTime }];
}

/** The condition when it is True. */
export function trueCondition(conditions: readonly Condition[], type: Condition['type']): Condition | undefined {
  return conditions.find((c) => c.type === type && c.status === 'True');
}
