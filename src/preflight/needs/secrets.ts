/** Secrets that the target needs: that they exist, by name alone, and only where the bot may look. Values are never compared. */
import { type Check, kubectl, listText } from '../check.ts';
import { targetReplicaSet } from '../facts.ts';

export const secrets: Check = (facts) => {
  const needed = targetReplicaSet(facts)?.refs.secrets ?? [];
  if (needed.length === 0) return [];
  const command = kubectl(facts.where, `get secrets ${needed.join(' ')}`);
  if (!facts.secrets.known) {
    const text = `Secret ${listText(needed)}: not checked (${facts.secrets.why}).`;
    return [{ check: 'secrets', grade: 'unchecked', text, command }];
  }
  const existing = facts.secrets.value;
  const gone = needed.filter((name) => !existing.has(name));
  if (gone.length === 0) return [];
  return [
    {
      check: 'secrets',
      grade: 'blocker',
      text: `${facts.to?.version} needs Secret ${listText(gone)}, which ${gone.length === 1 ? 'does' : 'do'} not exist any more; its pods could not start.`,
      cure: 'Create it again, or choose a version that does not need it.',
      command,
    },
  ];
};
