import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { manifests } from '#playground/cluster/server.ts';
import { concerns, NEEDS } from '#preflight/needs-of-access.ts';
import type { WorkloadKind } from '#rollback/workload.ts';

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

function granted(file: string): string[] {
  const roles = manifests(readFileSync(`k8s/optional/${file}`, 'utf8')).filter(({ kind }) => kind === 'ClusterRole');
  const rules = (roles as unknown as { rules: Rule[] }[]).flatMap((role) => role.rules);
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`))),
  );
}

const FILES: [string, WorkloadKind][] = [
  ['stateful-sets.yaml', 'StatefulSet'],
  ['daemon-sets.yaml', 'DaemonSet'],
];

describe('k8s/optional', () => {
  it('has one file for each kind that is not a Deployment', () => {
    expect(readdirSync('k8s/optional').toSorted()).toEqual(FILES.map(([file]) => file).toSorted());
  });

  it.each(FILES)('%s grants what is checked beforehand, the watches, and nothing else', (file, kind) => {
    const own = NEEDS.filter((need) => need.kinds !== undefined && concerns(need, kind));
    const needed = own.map(({ group, resource, verb }) => `${group}/${resource} ${verb}`);
    const plural = `${kind.toLowerCase()}s`;
    const read = [plural, 'controllerrevisions'].flatMap((resource) =>
      ['get', 'list', 'watch'].map((verb) => `apps/${resource} ${verb}`),
    );
    expect(granted(file).toSorted()).toEqual([...new Set([...needed, ...read])].toSorted());
  });

  it('lets the bot delete pods for StatefulSets only, and nothing else anywhere', () => {
    expect(FILES.map(([file]) => granted(file).filter((what) => what.endsWith(' delete')))).toEqual([
      ['/pods delete'],
      [],
    ]);
  });
});
