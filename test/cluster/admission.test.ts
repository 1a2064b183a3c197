/** k8s/admission.yaml and k8s/samples on a real API server, moved into this test's namespace. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { kubectl } from './against-kubectl/kubectl.ts';
import { defineRollbacks } from '#test/harness/definition.ts';
import { eventually, usePlane } from './plane.ts';

const plane = usePlane('admission');
const BOT = (): string => `system:serviceaccount:${plane.namespace}:rollback-bot`;
const MAYA = 'maya.chen@lomashwood.com';
const TOM = ['tom@lomashwood.com', '--as-group=lomashwood:oncall'];

/** kubectl as somebody; resolves with what it prints, errors included. */
async function as(user: readonly string[], words: string, input?: string): Promise<string> {
  const [name, ...groups] = user;
  const { text } = await kubectl(
    plane.namespace,
    [...(name ? [`--as=${name}`] : []), ...groups, words].join(' '),
    input,
  );
  return text;
}
const asAdmin = (words: string, input?: string): Promise<string> => as([], words, input);

/** A file of k8s/ with this test's namespace in the place of the bot's, and names of its own for what has no namespace. */
async function moved(file: string): Promise<string> {
  const text = await readFile(`k8s/${file}`, 'utf8');
  return text
    .replaceAll('namespace: rollback-bot', `namespace: ${plane.namespace}`)
    .replaceAll('kubernetes.io/metadata.name: rollback-bot', `kubernetes.io/metadata.name: ${plane.namespace}`)
    .replaceAll('rollback-bot-authors', `authors-${plane.namespace}`);
}

const object = (name: string, more: object = {}): string =>
  JSON.stringify({
    apiVersion: 'ops.lomashwood.com/v1alpha1',
    kind: 'Rollback',
    metadata: { name },
    spec: {
      environment: 'staging',
      targets: [{ service: 'auth-service' }],
      reason: { kind: 'health-check' },
      requestedBy: { id: TOM[0], name: 'Tom Okafor', via: 'kubectl' },
      ...more,
    },
  });

const create = (text: string, user: readonly string[]): Promise<string> => as(user, 'create -f -', text);
const input = (id: string, key = 'k1'): string =>
  JSON.stringify({
    spec: {
      inputs: { [key]: { kind: 'request', by: { id, name: 'T' }, at: '2026-03-01T03:04:05Z', request: 'resolve' } },
    },
  });
const patch = (name: string, body: string, user: readonly string[]): Promise<string> =>
  as(user, `patch rollback ${name} --type=merge -p ${body}`);

beforeAll(async () => {
  await defineRollbacks((words) => eventually(words, async () => (await kubectl('default', words)).code === 0));
  await asAdmin('create serviceaccount rollback-bot');
  // What test/contracts/rbac.test.ts holds for the bot is taken here for everybody, so that only the policy is in question.
  await asAdmin('create role everybody --verb=get,create,patch --resource=rollbacks.ops.lomashwood.com');
  await asAdmin('create rolebinding everybody --role=everybody --group=system:authenticated');
  await asAdmin('apply -f -', await moved('samples/author.yaml'));
  await asAdmin('apply -f -', await moved('admission.yaml'));
  const roles = (await moved('rbac.yaml')).split('---').filter((text) => text.includes('name: rollback-bot-home'));
  await asAdmin('apply -f -', roles.join('---'));
  const slack = { requestedBy: { id: 'U0ONCALL', name: 'Maya', via: 'slack' } };
  const answered = async (who: readonly string[], what: string, words: string): Promise<boolean> =>
    (await as(who, 'create --dry-run=server -f -', what)).includes(words);
  await eventually('the policy is in force', () =>
    answered(TOM, object('forged', slack), 'requestedBy must be yourself'),
  );
  // Each of these rules reaches the API server's memory in its own time.
  await eventually('Tom may', () => answered(TOM, object('toms'), 'created'));
  await eventually('the bot may', () =>
    answered([BOT()], object('bots', { environment: 'production', ...slack }), 'created'),
  );
});

afterAll(async () => {
  for (const kind of ['validatingadmissionpolicybinding', 'validatingadmissionpolicy'])
    await asAdmin(`delete ${kind} authors-${plane.namespace}`);
});

describe('an author', () => {
  it('rolls back under his own name where RBAC lets him', async () => {
    expect(await create(object('own'), TOM)).toContain('created');
  });

  it('speaks for nobody else, in Slack or in Kubernetes', async () => {
    const slack = { requestedBy: { id: 'U0ONCALL', name: 'Maya Chen', via: 'slack' } };
    expect(await create(object('as-slack', slack), TOM)).toContain('Only the bot speaks for people of Slack');
    const other = { requestedBy: { id: MAYA, name: 'Maya Chen', via: 'kubectl' } };
    expect(await create(object('as-maya', other), TOM)).toContain(`{id: ${TOM[0]!}, via: kubectl}`);
  });

  it('needs the verb for that very environment', async () => {
    const answer = await create(object('production', { environment: 'production' }), TOM);
    expect(answer).toContain(`${TOM[0]!} may not roll back production: it takes the verb rollback`);
    const unknown = object('stranger', { requestedBy: { id: 'intern', name: 'I', via: 'kubectl' } });
    expect(await create(unknown, ['intern', '--as-group=system:authenticated'])).toContain('may not roll back staging');
  });

  it('adds inputs of his own only', async () => {
    await create(object('asked'), TOM);
    expect(await patch('asked', input('U0ONCALL'), TOM)).toContain('an input must be by yourself');
    expect(await patch('asked', input(TOM[0]!), TOM)).toContain('patched');
    expect(await patch('asked', input('intern', 'k2'), ['intern', '--as-group=system:authenticated'])).toContain(
      'may not roll back staging',
    );
  });
});

describe("the bot's account", () => {
  it('speaks for people of Slack, in every environment', async () => {
    const slack = { environment: 'production', requestedBy: { id: 'U0ONCALL', name: 'Maya Chen', via: 'slack' } };
    expect(await create(object('by-bot', slack), [BOT()])).toContain('created');
    expect(await patch('by-bot', input('U0ONCALL'), [BOT()])).toContain('patched');
  });

  it('adds to what a person made with kubectl', async () => {
    await create(object('taken-over'), TOM);
    expect(await patch('taken-over', input('U0BACKEND'), [BOT()])).toContain('patched');
  });
});

it('the sample of README is taken as it stands', async () => {
  const sample = await moved('samples/rollback.yaml');
  expect(await create(sample, [BOT()])).toContain('created');
});
