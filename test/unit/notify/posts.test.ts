import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPosts, type Post, type SlackPosts } from '#notify/posts.ts';
import { worldClock } from '#playground/clock.ts';
import { type EmulatedSlack, startSlack } from '#playground/slack/server.ts';
import { manifest, webClient } from '#test/playground/slack/bolt-app.ts';

const { signal } = new AbortController();
const channel = 'C0INCIDENT';
const post = (slot: string, more: Partial<Post> = {}): Post => ({
  channel,
  text: slot,
  blocks: [],
  key: { rollback: 'uid', slot },
  content: 'before',
  ...more,
});

let slack: EmulatedSlack;
let posts: SlackPosts;
beforeEach(async () => {
  slack = await startSlack({ clock: worldClock({ unref: true }), manifest: manifest() });
  posts = createPosts(webClient(slack));
});
afterEach(() => slack.stop());

/** More than one page of the Web API holds. */
async function talk(threadOf?: RegExp): Promise<void> {
  const maya = slack.person('U0ONCALL');
  const thread = threadOf && maya.message(threadOf);
  for (let i = 0; i < 210; i++) await maya.type('#incidents', `still looking, ${i}`, thread);
}

describe('a message whose answer was lost', () => {
  it('is found in a thread in which people wrote hundreds of replies since', async () => {
    const root = await posts.post(post('root'), signal);
    await talk(/^root$/);
    const reply = post('timeline/0', { threadTs: root.ts });
    const { ts } = await posts.post(reply, signal);
    expect(await posts.find(reply, 0, signal)).toBe(ts);
    expect(await posts.find({ ...reply, key: { rollback: 'another', slot: 'timeline/0' } }, 0, signal)).toBeUndefined();
  });

  it('is found in a channel that is busy', async () => {
    const { ts } = await posts.post(post('root'), signal);
    await talk();
    expect(await posts.find(post('root'), 0, signal)).toBe(ts);
  });
});

describe('all messages of a rollback', () => {
  it('are told with what they show, since their last edit', async () => {
    const root = await posts.post(post('root'), signal);
    const outcome = await posts.post(post('outcome'), signal);
    await posts.edit({ ...post('outcome', { content: 'after' }), ts: outcome.ts }, signal);
    const found = await posts.all({ channel, key: { rollback: 'uid' } }, 0, signal);
    expect(found.toSorted((a, b) => a.ts.localeCompare(b.ts))).toEqual([
      { slot: 'root', ts: root.ts, content: 'before' },
      { slot: 'outcome', ts: outcome.ts, content: 'after' },
    ]);
  });
});

describe('a message that Slack refuses', () => {
  it.each([
    ['msg_too_long', true],
    ['is_archived', false],
    ['ratelimited', false],
  ])('for %s: whether it is about the message itself and for good is known', async (word, isUnfit) => {
    slack.faults.refuse('chat.postMessage', word, { times: Infinity });
    await expect(posts.post(post('root'), signal)).rejects.toMatchObject({ isUnfit });
  });
});
