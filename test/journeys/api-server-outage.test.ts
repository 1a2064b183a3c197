import { afterEach, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import {
  deploy,
  inChannel,
  openForm,
  reply,
  rollBack,
  rollbackOf,
  told,
  untilPhase,
  untilReads,
  soonPosted,
} from '#test/harness/story.ts';

const BY_HAND = 'kubectl rollout undo deployment/auth-service -n lomash-wood';

let night: Journey;
afterEach(async () => {
  await night.cluster.faults.up();
  await night.stop();
});

async function badNight(): Promise<void> {
  night = await startJourney();
  await deploy(night, 'deploy-bad', 'auth-service');
}

it('the API server is down: /rollback answers in words, with the line to type instead', async () => {
  await badNight();
  const { maya, cluster } = night;
  await cluster.faults.down();
  const form = await night.until('an answer', async () => {
    await maya.type('#incidents', '/rollback auth-service production logins fail');
    await night.until('the form has settled', () => /Now v\d|does not answer/.test(maya.modal()?.reads ?? ''));
    if (maya.modal()?.reads.includes('does not answer')) return maya.modal();
    await maya.close();
    return undefined;
  });
  expect(form.reads).toContain(BY_HAND);
  expect(form.view).not.toHaveProperty('submit');
  await maya.close();
  await night.until('status says so', async () => {
    await maya.type('#incidents', '/rollback status');
    return maya.message(/may be out of date/)?.ephemeral;
  });
  await cluster.faults.up();
  await night.until('the form shows a plan again', async () => {
    await maya.type('#incidents', '/rollback auth-service production logins fail');
    await night.until('the form has settled', () => /Now v\d|does not answer/.test(maya.modal()?.reads ?? ''));
    if (maya.modal()?.reads.includes('Now v1.4.3')) return true;
    await maya.close();
    return undefined;
  });
});

it('the button is pressed as it goes down: not confirmed yet, then one rollback, whoever presses again', async () => {
  await badNight();
  const { maya, cluster } = night;
  await openForm(night, 'auth-service production logins fail');
  await cluster.faults.down();
  await maya.submit();
  await night.until('not confirmed', () =>
    maya.modal()?.reads.includes('Not confirmed yet') ? maya.modal() : undefined,
  );
  await cluster.faults.up();
  await night.until('a receipt', () => maya.modal()?.reads.includes('Started: auth-service in production'));
  await untilPhase(night, 'auth-service', 'Monitoring');
  expect(night.rollbacks()).toHaveLength(1);
  await night.post(/\*ROLLBACK COMPLETE\*/);
  expect(inChannel(night)).toHaveLength(2);
});

it('errors for a while in the middle: work goes on where it was', async () => {
  await badNight();
  const { cluster } = night;
  await openForm(night, 'auth-service production logins fail');
  cluster.faults.answer(500, ({ method, path }) => method === 'PATCH' && path.includes('/deployments/'));
  await night.maya.submit();
  const root = await night.post(/ROLLBACK INITIATED/);
  await night.until('it tried', () => night.troubles.some((line) => line.includes('tried again')));
  cluster.faults.answer(undefined);
  await soonPosted(night, /\*ROLLBACK COMPLETE\*/);
  await reply(night, root, /Back: auth-service v1\.4\.2/);
  expect(night.version('auth-service')).toBe('v1.4.2');
  expect(night.rollbacks()).toHaveLength(1);
});

it('away while pods are waited for: told when it is back, once', async () => {
  await badNight();
  const { cluster, world } = night;
  const image = '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/auth-service:v1.4.2';
  world.images.push(image, 'never-ready');
  const root = await rollBack(night, 'auth-service production logins fail');
  await untilReads(night, root, /Now: \d of 3 pods ready/);
  await cluster.faults.down();
  world.images.push(image, 'ok');
  const pods = { group: '', version: 'v1', plural: 'pods' };
  for (const { name, ready } of world.view().find((s) => s.name === 'auth-service')?.pods ?? [])
    if (!ready) cluster.storage.remove(pods, 'lomash-wood', name);
  await night.until('pods are back', () =>
    world.view().some((s) => s.name === 'auth-service' && s.pods.length === 3 && s.pods.every((p) => p.ready)),
  );
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(night.maya.message(/\*ROLLBACK COMPLETE\*/)).toBeUndefined();
  await cluster.faults.up();
  await soonPosted(night, /\*ROLLBACK COMPLETE\*/);
  expect(inChannel(night)).toHaveLength(2);
  expect(
    rollbackOf(night, 'auth-service')?.status?.timeline.filter(({ text }) => text.startsWith('Back:')),
  ).toHaveLength(1);
});

it('a button pressed while it is down is not lost silently', async () => {
  await badNight();
  const { tom, cluster } = night;
  const root = await rollBack(night, 'auth-service production logins fail');
  await night.post(/\*ROLLBACK COMPLETE\*/);
  await cluster.faults.down();
  await tom.click('Take over', root);
  await told(night, tom, /API server|does not answer|press again/i);
  expect(Object.keys(rollbackOf(night, 'auth-service')?.spec.inputs ?? {})).toHaveLength(0);
  await cluster.faults.up();
  const answers = () => tom.sees(root.channel).filter(({ ephemeral }) => ephemeral);
  await night.until('recorded', async () => {
    const before = answers().length;
    await tom.click('Take over', root);
    await night.until('an answer to this click', () => answers().length > before);
    return answers().some(({ reads }) => /Recorded: you hold|You hold this rollback already/.test(reads));
  });
  expect(Object.keys(rollbackOf(night, 'auth-service')?.spec.inputs ?? {})).toHaveLength(1);
});

it('the API server refuses the Rollback: said at once, or after the silence, with why and the way by hand', async () => {
  await badNight();
  const { maya, cluster } = night;
  const creates = ({ method, path }: { method: string; path: string }): boolean =>
    method === 'POST' && path.endsWith('/rollbacks');
  const refused =
    /Not started:\* auth-service in production.*Nothing was touched\. The API server refused it: create rollbacks/;
  cluster.faults.answer(403, creates);
  await openForm(night, 'auth-service production logins fail');
  await maya.submit();
  const view = await night.until('why', () => (refused.test(maya.modal()?.reads ?? '') ? maya.modal() : undefined));
  expect(view.reads).toContain(BY_HAND);
  await maya.close();
  await openForm(night, 'auth-service production logins fail');
  cluster.faults.answer(503, creates);
  await maya.submit();
  await night.until('not confirmed', () => maya.modal()?.reads.includes('Not confirmed yet'));
  cluster.faults.answer(422, creates);
  night.skip(0.1);
  await night.until('why', () => refused.test(maya.modal()?.reads ?? ''));
  expect(night.rollbacks()).toEqual([]);
  cluster.faults.answer(undefined);
});
