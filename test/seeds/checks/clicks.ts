/** I1: each accepted press is one Rollback, however often it was pressed and whatever was lost on the way. */
import type { Told } from '../story/happening.ts';
import type { History } from './history.ts';

export function checkClicks({ clicks, deleted }: Pick<Told, 'clicks' | 'deleted'>, history: History): string[] {
  const made = new Map<string, number>();
  for (const versions of history.rollbacks.values()) {
    const { name } = versions[0]!.rollback.metadata;
    made.set(name, (made.get(name) ?? 0) + 1);
  }
  const lost = clicks
    .filter(({ answer }) => answer === 'created' || answer === 'same')
    .filter(({ name }) => !made.has(name));
  // A request that arrives twice makes anew what was deleted in between: nobody could tell it from a new one.
  const doubled = [...made].filter(([name, count]) => count > 1 && !deleted.has(name));
  return [
    ...lost.map(({ name }) => `I1 ${name} was accepted and does not exist`),
    ...doubled.map(([name, count]) => `I1 ${name} was made ${count} times`),
  ];
}
