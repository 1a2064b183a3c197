/** ConfigMaps do not roll back with the pods: the old version starts with today's values, or not at all when one is gone. */
import type { Finding } from '#rollback/finding.ts';
import { type Check, kubectl, listText, timeText } from '../check.ts';
import { targetReplicaSet } from '../facts.ts';

const CHECK = 'config-maps';

export const configMaps: Check = (facts) => {
  const { where, to, nowMs } = facts;
  const target = targetReplicaSet(facts);
  if (target === undefined || to === undefined || target.refs.configMaps.length === 0) return [];
  const needed = target.refs.configMaps;
  if (!facts.configMaps.known) {
    const text = `ConfigMap ${listText(needed)}: not checked (${facts.configMaps.why}).`;
    return [{ check: CHECK, grade: 'unchecked', text, command: kubectl(where, `get configmaps ${needed.join(' ')}`) }];
  }
  const existing = facts.configMaps.value;
  const gone = needed.filter((name) => !existing.has(name));
  const findings: Finding[] = [];
  if (gone.length > 0) {
    findings.push({
      check: CHECK,
      grade: 'blocker',
      text: `${to.version} needs ConfigMap ${listText(gone)}, which ${gone.length === 1 ? 'does' : 'do'} not exist any more; its pods could not start.`,
      cure: 'Create it again, or choose a version that does not need it.',
      command: kubectl(where, `create configmap ${gone[0]} --from-file=<directory>`),
    });
  }
  for (const name of needed) {
    const found = existing.get(name);
    if (found === undefined || Date.parse(found.changedAt) <= Date.parse(to.deployedAt)) continue;
    const by = found.changedBy === undefined ? '' : ` by ${found.changedBy}`;
    findings.push({
      check: CHECK,
      grade: 'warning',
      text: `ConfigMap ${name} was changed at ${timeText(found.changedAt, nowMs)}${by}, after ${to.version} was deployed. A rollback does not bring its old values back.`,
      cure: `Check that ${to.version} works with the values of now.`,
      command: kubectl(where, `get configmap ${name} -o yaml --show-managed-fields`),
    });
  }
  return findings;
};
