/** What Slack refuses of the messages themselves: told all the same as far as it goes, and whole once it may. */
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { turn } from '#playground/slack/troubles.ts';
import { formReads, pressed } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { askFor, deploy, inChannel, reply, soonPosted, soonReplied, untilPhase } from '#test/harness/story.ts';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
});
afterEach(async () => {
  night.slack.faults.clear();
  turn(night.slack, 'archived', false);
  while (night.maya.modal()) await night.maya.close();
});
afterAll(() => night.stop());

/** One story per service, so that one night holds them all. An outcome may also name a service whose health failed then. */
const about = (service: string) =>
  inChannel(night).filter(({ reads }) => reads.replace(/Verification:.*/, '').includes(service));

it.each([
  ['blocks-refused', 'auth-service', 'v1.4.2'],
  ['too-long', 'content-service', 'v1.9.2'],
] as const)('%s: the facts are told in plain words', async (name, service, version) => {
  const { slack } = night;
  await deploy(night, 'deploy-bad', service);
  turn(slack, name);
  await askFor(night, `${service} production it is broken`);
  const root = await night.post(
    new RegExp(`Rollback of ${service} .* in production initiated by Maya Chen: it is broken`),
  );
  expect(root.blocks ?? []).toEqual([]);
  expect(root.reads).toContain('Slack did not take the layout of this message, so its buttons are missing');
  await soonPosted(night, new RegExp(`Rollback COMPLETE in production: ${service} is back at ${version}`));
  await soonReplied(night, root, /Verification: 1 of 9 answered/);
  turn(slack, name, false);
  expect(about(service)).toHaveLength(2);
});

it.each([
  ['archived', 'customer-service', 'is_archived', /#incidents is archived, so this rollback cannot be told there[^]*→/],
  ['channel-unknown', 'product-service', 'channel_not_found', /→/],
] as const)('%s: it rolls back all the same, and is told once it may be', async (name, service, why, said) => {
  const { maya, slack } = night;
  await deploy(night, 'deploy-bad', service);
  night.skip(2);
  const before = about(service).length;
  turn(slack, name);
  await maya.type('#general', `/rollback ${service} production it is broken`);
  await formReads(night, said);
  await pressed(night);
  await untilPhase(night, service, 'Monitoring');
  await night.until('the root was refused', () =>
    night.troubles.some((line) => line.includes('"slot":"root"') && line.includes(why)),
  );
  expect(about(service)).toHaveLength(before);
  turn(slack, name, false);
  await night.soon('both are told', () =>
    ['INITIATED', 'COMPLETE'].every((word) => about(service).some(({ reads }) => reads.includes(`*ROLLBACK ${word}*`))),
  );
  expect(about(service)).toHaveLength(before + 2);
});

it('a checklist and an outcome that somebody deletes are posted anew, once', async () => {
  const { maya } = night;
  await deploy(night, 'deploy-bad', 'notification-service');
  await askFor(night, 'notification-service production no mails');
  const root = await soonPosted(night, /ROLLBACK INITIATED[^]*notification-service/);
  const outcome = await soonPosted(night, /\*ROLLBACK COMPLETE\*[^]*notification-service, v/);
  const checklist = await reply(night, root, /Verification: 1 of 9 answered/);
  await maya.delete(checklist);
  await maya.delete(outcome);
  await maya.click('Take over', root);
  night.skip(16);
  await night.soon('an outcome again', () =>
    about('notification-service').find(({ ts, reads }) => ts !== outcome.ts && reads.includes('*ROLLBACK COMPLETE*')),
  );
  const asked = await soonReplied(night, root, /15 minutes (stable|are over)/);
  await maya.click('Mark resolved', asked);
  await untilPhase(night, 'notification-service', 'Resolved');
  await night.soon('a checklist again', () =>
    maya.sees(root).some(({ ts, reads }) => ts !== checklist.ts && reads.includes('Verification: 1 of 9')),
  );
  expect(about('notification-service')).toHaveLength(2);
});

it.each(['auth-service', 'content-service'])(
  'what was told in plain words is whole with its next edit: %s',
  async (service) => {
    await night.soon('the outcome has its layout', () =>
      about(service).some(({ reads }) => /\*ROLLBACK COMPLETE\*[^]*\[Undo this rollback…\]/.test(reads)),
    );
    expect(about(service)).toHaveLength(2);
  },
);

it('a first message that Slack takes in no form: the outcome does not wait for it', async () => {
  const { slack } = night;
  const service = 'appointment-service';
  await deploy(night, 'deploy-bad', service);
  // What Slack limited before is over.
  night.skip(2);
  slack.faults.refuse('chat.postMessage', 'msg_too_long', { times: Infinity }, ({ metadata }) =>
    JSON.stringify(metadata ?? '').includes('root'),
  );
  await askFor(night, `${service} production it is broken`);
  await night.post(new RegExp(`\\*ROLLBACK COMPLETE\\*[^]*${service}, v`));
  expect(about(service)).toHaveLength(1);
  slack.faults.stopRefusing('msg_too_long');
  await soonPosted(night, new RegExp(`ROLLBACK INITIATED[^]*${service}`));
  expect(about(service)).toHaveLength(2);
});
