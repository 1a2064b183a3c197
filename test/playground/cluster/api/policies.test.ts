/** k8s/admission.yaml as the simulated API server enforces it; test/cluster/admission.test.ts is the same on a real one. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { worldClock } from '#playground/clock.ts';
import { type Author, type Cluster, manifests, startCluster } from '#playground/cluster/server.ts';

const installed = (name: string) => manifests(readFileSync(`k8s/${name}.yaml`, 'utf8'));
const TOM: Author = { username: 'tom@lomashwood.com', group: 'lomashwood:oncall' };
const DENIED = `ValidatingAdmissionPolicy 'rollback-bot-authors' with binding 'rollback-bot-authors' denied request: `;

let cluster: Cluster;
beforeAll(async () => {
  const objects = [...installed('namespace'), ...installed('crd'), ...installed('samples/author')];
  const clock = worldClock({ unref: true });
  cluster = await startCluster({ clock, tokens: {}, objects, policies: installed('admission') });
});
afterAll(() => cluster.stop());

function create(name: string, spec: object, author = TOM, namespace = 'rollback-bot'): void {
  const asked = {
    environment: 'staging',
    targets: [{ service: 'auth-service' }],
    reason: { kind: 'health-check' },
    requestedBy: { id: TOM.username, name: 'Tom Okafor', via: 'kubectl' },
  };
  const object = { apiVersion: 'ops.lomashwood.com/v1alpha1', kind: 'Rollback', metadata: { name, namespace } };
  cluster.load([{ ...object, spec: { ...asked, ...spec } }], author);
}

it('lets an author ask for himself, in words of the real server when it does not', () => {
  expect(() => create('own', {})).not.toThrow();
  const slack = { requestedBy: { id: 'U0ONCALL', name: 'Maya', via: 'slack' } };
  expect(() => create('forged', slack)).toThrow(
    `rollbacks.ops.lomashwood.com "forged" is forbidden: ${DENIED}requestedBy must be yourself: {id: tom@lomashwood.com, via: kubectl}. Only the bot speaks for people of Slack.`,
  );
});

it('asks RBAC for the verb on that environment', () => {
  expect(() => create('production', { environment: 'production' })).toThrow(
    `${DENIED}tom@lomashwood.com may not roll back production: it takes the verb rollback on environments.ops.lomashwood.com named production in this namespace (k8s/samples/author.yaml).`,
  );
});

it('takes inputs of whoever sends them, and those that were there', () => {
  const input = (id: string) => ({ kind: 'note', by: { id, name: 'T' }, at: '2026-03-01T03:04:05Z', text: 'x' });
  expect(() => create('own', { inputs: { mayas: input('U0ONCALL') } })).toThrow(
    `${DENIED}an input must be by yourself: {id: tom@lomashwood.com}.`,
  );
  expect(() => create('own', { inputs: { own: input(TOM.username) } })).not.toThrow();
  expect(() => create('own', { inputs: { more: input(TOM.username) } })).not.toThrow();
});

it("lets the bot's account speak for people of Slack", () => {
  const bot: Author = { username: 'system:serviceaccount:rollback-bot:rollback-bot', group: 'system:masters' };
  const slack = { requestedBy: { id: 'U0ONCALL', name: 'Maya', via: 'slack' } };
  expect(() => create('by-bot', slack, bot)).not.toThrow();
});

it('looks at no other namespace than the one it is bound to', () => {
  cluster.load([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere' } }]);
  const slack = { requestedBy: { id: 'U0ONCALL', name: 'Maya', via: 'slack' } };
  expect(() => create('forged', slack, { ...TOM, group: 'system:masters' }, 'elsewhere')).not.toThrow();
});
