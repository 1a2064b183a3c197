import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from './bolt-app.ts';
import type { Connected } from './bolt-app.ts';
import { refusal } from './builders.ts';

const channel = 'C0INCIDENT';
let connected: Connected;
beforeEach(async () => {
  connected = await connect();
});
afterEach(() => connected.stop());

const upload = (more: object = {}) =>
  connected.client.files.uploadV2({
    channel_id: channel,
    filename: 'auth-service.log',
    title: 'Logs of auth-service',
    file: Buffer.from('línea 1\nline 2\n'),
    ...more,
  });

describe('a file', () => {
  it('is uploaded in three steps and shared into a thread', async () => {
    const { ts } = await connected.client.chat.postMessage({ channel, text: 'Root' });
    await upload({ thread_ts: ts, initial_comment: 'Captured' });
    const maya = connected.slack.person('U0ONCALL');
    const [root] = maya.sees('#incidents');
    const [reply] = maya.sees(root);
    expect(reply).toMatchObject({
      threadTs: ts,
      text: 'Captured',
      files: [{ title: 'Logs of auth-service', size: 16 }],
    });
    const answer = await fetch(`${connected.slack.url}${reply?.files?.[0]?.url}`);
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
      'text/plain; charset=utf-8',
      'línea 1\nline 2\n',
    ]);
  });

  it('shows where it was shared only after a while', async () => {
    connected.slack.faults.shareDelayMs = 2000;
    await upload();
    const id = connected.slack.person('U0ONCALL').sees('#incidents')[0]!.files![0]!.id;
    const shares = async () => (await connected.client.files.info({ file: id })).file?.shares;
    expect(await shares()).toBeUndefined();
    connected.clock.advance(2000);
    expect(await shares()).toMatchObject({ public: { [channel]: [{ ts: expect.any(String) }] } });
  });

  it('can be refused, and must be as long as announced', async () => {
    connected.slack.faults.refuseUploads = true;
    await expect(upload()).rejects.toThrow('statusCode = 500');
    connected.slack.faults.refuseUploads = false;
    const { upload_url: url, file_id: id } = await connected.client.files.getUploadURLExternal({
      filename: 'a.txt',
      length: 3,
    });
    const answer = await fetch(url!, { method: 'POST', body: 'four' });
    expect(answer.status).toBe(400);
    const completion = connected.client.files.completeUploadExternal({ files: [{ id: id! }] });
    expect(await refusal(completion)).toBe('file_not_found');
  });

  it('needs the bot in the channel', async () => {
    expect(await refusal(upload({ channel_id: 'C0GENERAL' }))).toBe('not_in_channel');
  });
});
