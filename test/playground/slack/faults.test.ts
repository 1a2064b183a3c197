import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebAPIRateLimitedError } from '@slack/web-api';
import { modal, refusal } from './builders.ts';
import type { EmulatedSlack } from '#playground/slack/server.ts';
import { connect, until } from './bolt-app.ts';
import type { Connected } from './bolt-app.ts';

const channel = 'C0INCIDENT';
let connected: Connected;
beforeEach(async () => {
  connected = await connect();
});
afterEach(() => connected.stop());

const postMessage = (text = 'x') => connected.client.chat.postMessage({ channel, text });

describe('the playground can make Slack', () => {
  it('limit one method with Retry-After while others go on', async () => {
    const { ts } = await postMessage();
    connected.slack.faults.rateLimit('chat.update', 30);
    const limited = connected.client.chat.update({ channel, ts: ts!, text: 'y' });
    await expect(limited).rejects.toThrow(WebAPIRateLimitedError);
    await expect(connected.client.chat.update({ channel, ts: ts!, text: 'y' })).rejects.toMatchObject({
      retryAfter: 30,
    });
    expect(await refusal(connected.client.views.open({ trigger_id: '1.2.3', view: modal('x') }))).toBe(
      'invalid_trigger_id',
    );
    connected.slack.faults.stopRateLimit();
    expect(await refusal(connected.client.chat.update({ channel, ts: ts!, text: 'y' }))).toBe('ok');
  });

  it('post a message and lose the reply', async () => {
    connected.slack.faults.loseReply('chat.postMessage');
    await expect(postMessage('said once')).rejects.toThrow('fetch failed');
    const { messages } = await connected.client.conversations.history({ channel });
    expect(messages?.map((m) => m.text)).toEqual(['said once']);
    expect(connected.slack.calls.list('chat.postMessage')).toMatchObject([{ replyLost: true, result: { ok: true } }]);
  });

  it('refuse new connections with 503 for a while, until the app is back by itself', async () => {
    connected.slack.faults.failHttp('apps.connections.open', 503, { forMs: 60_000 });
    connected.slack.faults.dropSockets();
    await until(() => connected.slack.calls.list('apps.connections.open').length >= 3);
    expect(connected.slack.core.sockets.size).toBe(0);
    connected.clock.advance(60_000);
    await until(() => connected.slack.core.sockets.size === 1);
  });

  it('revoke the token', async () => {
    connected.slack.faults.revokeToken('account_inactive');
    expect(await refusal(connected.client.auth.test())).toBe('account_inactive');
    connected.slack.faults.restoreToken();
    expect(await refusal(connected.client.auth.test())).toBe('ok');
  });

  it('be wholly down, and come back', async () => {
    connected.slack.faults.setDown(true);
    await expect(postMessage()).rejects.toThrow('fetch failed');
    connected.slack.faults.setDown(false);
    await postMessage('back again');
    const { messages } = await connected.client.conversations.history({ channel });
    expect(messages?.map((m) => m.text)).toEqual(['back again']);
  });

  it('refuse a call with any of its own words, once', async () => {
    connected.slack.faults.refuse('chat.postMessage', 'internal_error');
    expect([await refusal(postMessage()), await refusal(postMessage())]).toEqual(['internal_error', 'ok']);
  });
});

describe('without any fault Slack', () => {
  it('limits messages to about one a second in each channel, after a burst', async () => {
    const startedAt = connected.clock.now();
    const posted = await Promise.allSettled(Array.from({ length: 60 }, () => postMessage()));
    const earned = Math.ceil((connected.clock.now() - startedAt) / 1000);
    const limits = posted.flatMap((one) => (one.status === 'rejected' ? [one.reason as { retryAfter: number }] : []));
    expect(new Set(limits.map(({ retryAfter }) => retryAfter))).toEqual(new Set([1]));
    const taken = posted.length - limits.length;
    expect(taken).toBeGreaterThanOrEqual(20);
    expect(taken).toBeLessThanOrEqual(20 + earned);
    await expect(connected.client.chat.postMessage({ channel: 'C0STAGING', text: 'x' })).resolves.toBeTruthy();
    connected.clock.advance(1000);
    await expect(postMessage()).resolves.toBeTruthy();
  });

  const wrongTokens: [string, (slack: EmulatedSlack) => string][] = [
    ['not_authed', () => ''],
    ['invalid_auth', () => ['xoxb', 'unknown'].join('-')],
    ['not_allowed_token_type', (slack) => slack.tokens.app],
  ];
  it.each(wrongTokens)('answers %s to a token that does not fit', async (error, tokenOf) => {
    const token = tokenOf(connected.slack);
    const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(`${connected.slack.apiUrl}auth.test`, { method: 'POST', headers });
    expect(await answer.json()).toEqual({ ok: false, error });
  });

  it('says which scope is missing', async () => {
    const call = connected.client.reactions.add({ channel, name: 'eyes', timestamp: '1.0' });
    await expect(call).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'reactions:write', provided: expect.stringContaining('chat:write') },
    });
  });
});
