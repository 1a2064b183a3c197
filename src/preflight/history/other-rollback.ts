/** One service, one rollback at a time. One that is only being monitored, or that called a person, gives way to a newer one. */
import type { Finding } from '#rollback/finding.ts';
import { type Check, kubectl } from '../check.ts';
import type { OtherRollback } from '../facts.ts';

const CHECK = 'other-rollback';
/** It has nothing more to do with this service, so a newer one may. */
const LET_GO: ReadonlySet<OtherRollback['state']> = new Set(['Refused', 'Cancelled', 'Superseded']);

export const otherRollback: Check = ({ others, service, where }) =>
  others.flatMap((other): Finding[] => {
    if (LET_GO.has(other.state)) return [];
    if (other.phase === 'Monitoring' || other.state === 'NotBack' || other.awaitsPerson) {
      const why =
        other.phase === 'Monitoring'
          ? 'is being monitored'
          : other.state === 'NotBack'
            ? `did not bring ${service} back`
            : 'needs a person';
      const text = `Rollback ${other.name} of ${other.startedBy} ${why}; this one takes its place for ${service}.`;
      return [{ check: CHECK, grade: 'warning', text }];
    }
    if (!other.isOlder) return [];
    return [
      {
        check: CHECK,
        grade: 'blocker',
        text: `Another rollback of ${service} is under way: ${other.name}, started by ${other.startedBy}.`,
        cure: 'Follow that one; choose another version there when it has ended.',
        command: kubectl({ environment: where.environment, namespace: other.namespace }, `get rollback ${other.name}`),
      },
    ];
  });
