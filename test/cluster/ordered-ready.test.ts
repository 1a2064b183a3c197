/**
 * The OrderedReady trap as a person meets it: the real bot on a real control plane, under its own account and the rules of k8s/. In
 * production it may delete pods, in staging not.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CrashPoint } from '#controller/perform.ts';
import type { Person } from '#playground/slack/people/person.ts';
import { kubectl } from './against-kubectl/kubectl.ts';
import { eventually, usePlane } from './plane.ts';
import { allow, type InstalledBot, startInstalledBot } from './revisions/installed-bot.ts';
import { statefulSet } from './revisions/manifests.ts';
import { Place } from './revisions/place.ts';

const KIND = 'StatefulSet';
const home = usePlane('ordered-home');
const planes = { production: usePlane('ordered-prod'), staging: usePlane('ordered-stage') };
const places = { production: new Place(planes.production), staging: new Place(planes.staging) };
const SEES = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'no-deletion' },
  rules: [
    { apiGroups: ['apps'], resources: ['statefulsets'], verbs: ['get', 'list', 'watch', 'patch'] },
    { apiGroups: ['apps'], resources: ['controllerrevisions'], verbs: ['get', 'list', 'watch'] },
  ],
};
let started: InstalledBot | undefined;
let bot: InstalledBot;

const environment = (name: keyof typeof planes, channel: string) => ({
  namespace: planes[name].namespace,
  channel,
  mayRollBack: { users: ['U0ONCALL', 'U0BACKEND'] },
});

async function allowAll(): Promise<void> {
  const everywhere = 'rollback-bot-environment';
  await allow(home.namespace, planes.production.namespace, [everywhere, 'rollback-bot-stateful-sets']);
  await allow(home.namespace, planes.staging.namespace, [everywhere]);
  const { api, namespace, signal } = planes.staging;
  const rules = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  await api.create(`${rules}/roles`, SEES, { signal });
  await api.create(
    `${rules}/rolebindings`,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'no-deletion' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'no-deletion' },
      subjects: [{ kind: 'ServiceAccount', name: 'rollback-bot', namespace: home.namespace }],
    },
    { signal },
  );
}

beforeAll(async () => {
  const catalogue = {
    environments: {
      production: environment('production', 'C0INCIDENT'),
      staging: environment('staging', 'C0STAGING'),
    },
    services: { 'auth-db': { kind: KIND } },
    checklist: [],
    timings: { monitoringMinutes: 15 },
  };
  let isLost = false;
  const loseOneAnswer: CrashPoint = (point, { kind }) => {
    if (isLost || point !== 'after' || kind !== 'pod.delete') return;
    isLost = true;
    throw new Error('the answer to the deletion is lost');
  };
  started = await startInstalledBot(home.namespace, catalogue, allowAll, loseOneAnswer);
  bot = started;
  for (const place of Object.values(places)) {
    await place.start();
    const object = (image: string): object => statefulSet('auth-db', { replicas: 2, image });
    await place.deploy(KIND, 'auth-db', object, ['v1.4.2', 'v1.4.3-crash']);
  }
}, 120_000);
afterAll(() => started?.stop());

/** Through the form, opened again until the bot has heard of the stuck pod; answers what it said before pressing. */
async function rollBack(person: Person, where: string, channel: string): Promise<string> {
  for (;;) {
    await person.type(channel, `/rollback auth-db ${where} health check failing`);
    const form = await bot.until('the form shows the plan', () => {
      const modal = person.modal();
      return modal?.reads.includes('v1.4.2') ? modal : undefined;
    });
    if (form.reads.includes('auth-db-1 is not ready')) {
      await person.submit();
      return form.reads;
    }
    await person.close();
  }
}

describe('a StatefulSet whose broken pod never becomes ready', () => {
  it('comes back: the bot says before that it deletes the stuck pod, does it, and says so once though the answer is lost', async () => {
    const maya = bot.person('U0ONCALL');
    const before = places.production.view.pods.get('auth-db-1')?.uid;
    const form = await rollBack(maya, 'production', '#incidents');
    expect(form).toContain('auth-db-1 is not ready, and this StatefulSet replaces no pod before it is (OrderedReady)');
    expect(form).toContain('the bot deletes that one pod after the patch, so that it comes back as v1.4.2');
    const root = await bot.until('it is told', () => maya.message(/ROLLBACK INITIATED/, '#incidents'));
    await bot.until('it is complete', () => maya.message(/ROLLBACK COMPLETE/, '#incidents'));
    const told = await bot.until('the thread tells of the pod', () => maya.message(/auth-db-1 was stuck/, root));
    expect(told.reads).toContain('auth-db-1 was stuck on v1.4.3-crash: deleted, so that it comes back as v1.4.2.');
    expect(maya.sees(root).filter(({ reads }) => reads.includes('auth-db-1 was stuck'))).toHaveLength(1);
    await eventually('another pod', () => places.production.view.pods.get('auth-db-1')?.uid !== before);
    expect(await places.production.image(KIND, 'auth-db')).toBe('auth-db:v1.4.2');
  }, 120_000);

  it('calls a person with the command where the bot may not delete pods, and goes on when it was done', async () => {
    const tom = bot.person('U0BACKEND');
    const { namespace } = planes.staging;
    const form = await rollBack(tom, 'staging', '#staging-deploys');
    expect(form).toContain('The bot may not delete pods here: delete that pod by hand after the patch.');
    const call = await bot.until('a person is called', () => tom.message(/NEEDS A PERSON/, '#staging-deploys'));
    expect(call.reads).toContain('auth-db-1 is stuck on v1.4.3-crash');
    const command = `kubectl delete pod auth-db-1 -n ${namespace}`;
    expect(call.reads).toContain(command);
    expect(tom.message(/ROLLBACK COMPLETE/, '#staging-deploys')).toBeUndefined();
    expect(await kubectl(namespace, command.replace('kubectl ', ''))).toMatchObject({ code: 0 });
    await bot.until('it is complete', () => tom.message(/ROLLBACK COMPLETE/, '#staging-deploys'));
    await bot.until('the call is taken back', () => tom.message(/No longer needs a person/, '#staging-deploys'));
  }, 120_000);
});
