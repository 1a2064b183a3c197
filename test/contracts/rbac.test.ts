import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { manifests } from '#playground/cluster/server.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** "apps/deployments patch", as k8s/rbac.yaml grants it: at home, in an environment, cluster-wide. */
function granted(role: string): Set<string> {
  const found = manifests(readFileSync('k8s/rbac.yaml', 'utf8')).find(({ metadata }) => metadata.name === role);
  const rules = (found as unknown as { rules: Rule[] }).rules;
  return new Set(
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`)),
      ),
    ),
  );
}

const VERBS: Record<string, string> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** "lomash-wood apps/deployments patch" of a request, or nothing for one that is not about an object. */
function asked({ method, path, query }: { method: string; path: string; query: URLSearchParams }): string | undefined {
  const match =
    /^\/apis?(?:\/([^/]+\.[^/]+|apps|policy|autoscaling))?\/v[^/]+\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
      path,
    );
  if (!match) return undefined;
  const [, group = '', namespace, resource, name, subresource] = match;
  const reads = query.get('watch') === 'true' ? 'watch' : name ? 'get' : 'list';
  return `${namespace} ${group}/${resource}${subresource ? `/${subresource}` : ''} ${VERBS[method] ?? reads}`;
}

/** Granted for what no calm night shows: lists where a server cannot stream them, reads after a lost answer, the admission policy. */
const FOR_BAD_DAYS = [
  'ops.lomashwood.com/environments rollback',
  'ops.lomashwood.com/rollbacks get',
  'ops.lomashwood.com/rollbacks list',
  'ops.lomashwood.com/rollbacks delete',
  'apps/deployments list',
  'apps/replicasets list',
  'apps/replicasets get',
  'apps/deployments get',
  '/pods list',
  '/pods get',
];

describe('k8s/rbac.yaml', () => {
  const used = new Set<string>();
  let night: Journey;

  beforeAll(async () => {
    night = await startJourney({ startsBot: false });
    night.cluster.faults.answer(500, (request) => {
      const what = asked(request);
      if (what && request.headers['authorization']?.includes('playground-bot')) used.add(what);
      return false;
    });
    await night.startBot();
    night.world.act('deploy-crash-loop', 'auth-service');
    await night.maya.type('#incidents', '/rollback auth-service production health check failing');
    await night.until('the form shows the plan', () => night.maya.modal()?.reads.includes('v1.4.2'));
    await night.maya.submit();
    const outcome = await night.post(/ROLLBACK COMPLETE/);
    await night.tom.click(/Take over/, await night.post(/ROLLBACK INITIATED/));
    await night.until('it is recorded', () => night.rollbacks()[0]?.spec.inputs !== undefined);
    expect(outcome.reads).toContain('Monitoring');
    // Gives the lease up.
    await night.stopBot();
  });
  afterAll(() => night.stop());

  it.each([
    ['at home', 'rollback-bot-home', 'rollback-bot'],
    ['in an environment', 'rollback-bot-environment', 'lomash-wood'],
  ])('grants %s what a night needs, and nothing that nobody uses', (_where, role, namespace) => {
    const here = new Set(
      [...used].filter((what) => what.startsWith(`${namespace} `)).map((what) => what.slice(namespace.length + 1)),
    );
    const rules = granted(role);
    expect([...here].filter((what) => !rules.has(what))).toEqual([]);
    expect([...rules].filter((what) => !here.has(what) && !FOR_BAD_DAYS.includes(what))).toEqual([]);
  });

  it('grants no Secret, no exec, and nothing that scales or deletes, but its own old Rollbacks', () => {
    const all = ['rollback-bot-home', 'rollback-bot-environment'].flatMap((role) => [...granted(role)]);
    const bad = all.filter((what) => /\/(secrets|pods\/exec|\w+\/scale) | delete| \*/.test(what));
    expect(bad).toEqual(['ops.lomashwood.com/rollbacks delete']);
  });
});
