import { describe, expect, it } from '@jest/globals';
import { isStream } from '#playground/cluster/api/message.ts';
import { ADMIN, startApi } from './api-client.ts';

class Unavailable extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const POD = '/api/v1/namespaces/shop/pods/web-1';
const pod = { metadata: { name: 'web-1' }, spec: { containers: [{ name: 'web', image: 'example/web:v1' }] } };

describe('pod logs', () => {
  it('come from the kubelet, with what was asked of it', () => {
    const asked: unknown[] = [];
    const { post, get } = startApi({
      podLogs: (namespace, name, options) => {
        asked.push([namespace, name, options]);
        return 'one\ntwo\n';
      },
    });
    post('/api/v1/namespaces/shop/pods', pod);
    const answer = get(
      `${POD}/log?container=web&tailLines=2&sinceSeconds=60&limitBytes=100&timestamps=true&previous=true`,
    );
    expect(answer).toMatchObject({ code: 200, text: 'one\ntwo\n', headers: { 'content-type': 'text/plain' } });
    const options = {
      container: 'web',
      tailLines: 2,
      sinceSeconds: 60,
      limitBytes: 100,
      timestamps: true,
      previous: true,
    };
    expect(asked).toEqual([['shop', 'web-1', options]]);
  });

  it('are refused in the kubelet’s words', () => {
    const { post, get } = startApi({
      podLogs: () => {
        throw new Unavailable(400, 'previous terminated container "web" in pod "web-1" not found');
      },
    });
    post('/api/v1/namespaces/shop/pods', pod);
    expect(get(`${POD}/log?previous=true`).body).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message: 'previous terminated container "web" in pod "web-1" not found',
    });
  });

  it('need a pod and sensible numbers', () => {
    const { post, get } = startApi({ podLogs: () => '' });
    expect(get(`${POD}/log`).body.message).toBe('pods "web-1" not found');
    post('/api/v1/namespaces/shop/pods', pod);
    expect(get(`${POD}/log?tailLines=-1`).body.message).toBe(
      'PodLogOptions "web-1" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    );
    expect(get(`${POD}/log?tailLines=x`).code).toBe(400);
  });

  it('are followed second by second until the container is gone', () => {
    const lines: { atMs: number; text: string }[] = [];
    let isGone = false;
    const client = startApi({
      podLogs: (_namespace, _name, { sinceTimeMs = 0 }) => {
        if (isGone) throw new Unavailable(404, 'pods "web-1" not found');
        return lines
          .filter((l) => l.atMs >= sinceTimeMs)
          .map((l) => `${l.text}\n`)
          .join('');
      },
    });
    client.post('/api/v1/namespaces/shop/pods', pod);
    lines.push({ atMs: client.clock.now() - 10, text: 'first' });
    const response = client.api.handle({
      method: 'GET',
      path: `${POD}/log`,
      query: new URLSearchParams('follow=true'),
      headers: { authorization: `Bearer ${ADMIN}` },
      body: Buffer.alloc(0),
    });
    if (!isStream(response)) throw new Error('no stream');
    let text = '';
    let isEnded = false;
    response.start({ write: (chunk) => (text += chunk), end: () => (isEnded = true) });
    lines.push({ atMs: client.clock.now() + 500, text: 'second' });
    client.clock.advance(1500);
    client.clock.advance(1500);
    expect(text).toBe('first\nsecond\n');
    isGone = true;
    client.clock.advance(1500);
    expect(isEnded).toBe(true);
  });

  it('are all there is: exec, attach and port-forward are not served', () => {
    const { post, send } = startApi();
    post('/api/v1/namespaces/shop/pods', pod);
    for (const subresource of ['exec', 'attach', 'portforward']) {
      expect(send('POST', `${POD}/${subresource}`).code).toBe(404);
    }
  });
});
