import { afterEach, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import {
  askFor,
  deploy,
  inChannel,
  openForm,
  reply,
  rollBack,
  rollbackOf,
  thread,
  told,
  untilPhase,
  soonPosted,
} from '#test/harness/story.ts';

let night: Journey;
afterEach(() => night.stop());

const titles = () => inChannel(night).map(({ reads }) => reads.split('\n')[0]);
const BOTH = ['*ROLLBACK INITIATED* — production', '*ROLLBACK COMPLETE* — production'];

/** Slack's no was heard, so that what is skipped next is the wait before another try. */
function refusedPost(slot: string, why: string): Promise<boolean> {
  return night.until(`${slot} was refused`, () =>
    night.troubles.some((line) => line.includes(`"slot":"${slot}"`) && line.includes(why)),
  );
}

async function badNight(): Promise<void> {
  night = await startJourney();
  await deploy(night, 'deploy-bad', 'auth-service');
}

it('Slack limits every message: pods are back on time, and it catches up once', async () => {
  await badNight();
  const { slack } = night;
  await openForm(night, 'auth-service production logins fail');
  for (const method of ['chat.postMessage', 'chat.update']) slack.faults.rateLimit(method, 1);
  await night.maya.submit();
  await untilPhase(night, 'auth-service', 'Monitoring');
  expect(night.version('auth-service')).toBe('v1.4.2');
  expect(inChannel(night)).toEqual([]);
  slack.faults.stopRateLimit();
  const root = await soonPosted(night, /ROLLBACK INITIATED/);
  const outcome = await night.post(/\*ROLLBACK COMPLETE\*/);
  await reply(night, root, /Verification: 1 of 9 answered/);
  expect(titles()).toEqual(BOTH);
  const before = thread(night, root).filter(({ ts }) => Number(ts) < Number(outcome.ts));
  expect(before.length).toBeLessThanOrEqual(12);
});

it('the answer to a post is lost: nothing stands there twice', async () => {
  await badNight();
  night.slack.faults.loseReply('chat.postMessage', 3);
  const root = await rollBack(night, 'auth-service production logins fail');
  await soonPosted(night, /\*ROLLBACK COMPLETE\*/);
  await night.soon('the checklist', () =>
    thread(night, root).some(({ reads }) => reads.includes('Verification: 1 of 9 answered')),
  );
  expect(titles()).toEqual(BOTH);
  const replies = thread(night, root).map(({ reads }) => reads);
  expect(replies).toEqual([...new Set(replies)]);
});

it('Slack is down while it rolls back: it finishes, then Slack catches up with one of each', async () => {
  await badNight();
  const { slack } = night;
  await openForm(night, 'auth-service production logins fail');
  await night.maya.submit();
  await night.until('it is asked for', () => rollbackOf(night, 'auth-service'));
  slack.faults.setDown(true);
  await untilPhase(night, 'auth-service', 'Monitoring');
  expect(night.version('auth-service')).toBe('v1.4.2');
  night.skip(1);
  slack.faults.setDown(false);
  const root = await soonPosted(night, /ROLLBACK INITIATED/);
  await night.post(/\*ROLLBACK COMPLETE\*/);
  await reply(night, root, /Verification: 1 of 9 answered/);
  expect(titles()).toEqual(BOTH);
  await night.until('commands are served again', async () => {
    await night.maya.type('#incidents', '/rollback status');
    return night.maya.sees('#incidents').some((m) => m.ephemeral && m.reads.includes('auth-service'));
  });
});

it('sockets that break while a command comes: it is served', async () => {
  await badNight();
  const { slack, maya } = night;
  slack.faults.refreshSockets(1);
  await maya.type('#incidents', '/rollback status');
  await told(night, maya, /No rollback is running/);
  slack.faults.dropSockets();
  await night.until('two sockets', () => slack.core.sockets.size === 2);
  await openForm(night, 'auth-service production logins fail');
  await maya.submit();
  await night.post(/\*ROLLBACK COMPLETE\*/);
  expect(titles()).toEqual(BOTH);
});

it('an envelope that comes twice is one rollback and one answer', async () => {
  await badNight();
  const { slack, maya } = night;
  slack.faults.duplicateEnvelopes(1, true);
  await openForm(night, 'auth-service production logins fail');
  slack.faults.duplicateEnvelopes(1, true);
  await maya.submit();
  await night.post(/\*ROLLBACK COMPLETE\*/);
  expect(night.rollbacks()).toHaveLength(1);
  expect(titles()).toEqual(BOTH);
});

it('a root that somebody deleted is posted anew, and the thread goes on there', async () => {
  await badNight();
  const { maya } = night;
  night.world.images.push(
    '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/auth-service:v1.4.2',
    'never-ready',
  );
  const first = await rollBack(night, 'auth-service production logins fail');
  await reply(night, first, /waiting for pods/);
  await maya.delete(first);
  const second = await night.soon('a new root', () =>
    inChannel(night).find(({ reads, ts }) => reads.includes('ROLLBACK INITIATED') && ts !== first.ts),
  );
  night.skip(10);
  await reply(night, second, /NEEDS A PERSON/);
});

it('a bot that was removed from the channel rolls back all the same, and tells once it is back', async () => {
  await badNight();
  const { slack } = night;
  slack.workspace.channels.get('C0INCIDENT')?.members.delete('U0BOT');
  await askFor(night, 'auth-service production logins fail');
  await untilPhase(night, 'auth-service', 'Monitoring');
  expect(night.version('auth-service')).toBe('v1.4.2');
  await refusedPost('root', 'not_in_channel');
  slack.workspace.channels.get('C0INCIDENT')?.members.add('U0BOT');
  night.skip(0.5);
  const root = await soonPosted(night, /ROLLBACK INITIATED/);
  await night.post(/\*ROLLBACK COMPLETE\*/);
  await reply(night, root, /Verification: 1 of 9 answered/);
  expect(titles()).toEqual(BOTH);
});

it('a scope that was taken away is named in the log, and keeps nobody from rolling back', async () => {
  await badNight();
  night.slack.faults.refuse('chat.postMessage', 'missing_scope', { times: Infinity });
  await askFor(night, 'auth-service production logins fail');
  await untilPhase(night, 'auth-service', 'Monitoring');
  await refusedPost('root', 'missing_scope');
  night.slack.faults.clear();
  night.skip(0.5);
  await soonPosted(night, /ROLLBACK INITIATED/);
  await night.post(/\*ROLLBACK COMPLETE\*/);
  expect(titles()).toEqual(BOTH);
});
