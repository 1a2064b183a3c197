import { beforeEach, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { ApiError, ApiUnreachable } from '#clients/kubernetes/api.ts';
import { connect } from '#clients/kubernetes/api-server.ts';
import { KubeconfigError } from '#clients/kubernetes/kubeconfig.ts';
import { mayI } from '#clients/kubernetes/may-i.ts';
import { podLogs } from '#clients/kubernetes/pod-logs.ts';
import { type Answer, json, refused, useScript, watching } from './script-server.ts';

const script = useScript();
const { signal } = new AbortController();
const path = '/api/v1/namespaces/n/pods/auth-1';
async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const never: Answer = () => undefined;

beforeEach(() => {
  script.requests.length = 0;
});

describe('a GET', () => {
  it('is repeated on 429 and 5xx, and answers when one try does', async () => {
    script.answers = [refused(503), refused(429), json(200, { fine: true })];
    expect(await script.connect().get(path, { signal })).toEqual({ fine: true });
    expect(script.requests).toHaveLength(3);
  });

  it('is repeated when the connection breaks, as an idle one may', async () => {
    script.answers = [(_request, response) => response.destroy(), json(200, { fine: true })];
    expect(await script.connect().get(path, { signal })).toEqual({ fine: true });
    script.answers = [(_request, response) => response.destroy()];
    await expect(script.connect().get(path, { signal })).rejects.toBeInstanceOf(ApiUnreachable);
    expect(script.requests).toHaveLength(5);
  });

  it('gives up after three tries', async () => {
    script.answers = [refused(500, 'InternalError')];
    await expect(script.connect().get(path, { signal })).rejects.toMatchObject({ status: 500 });
    expect(script.requests).toHaveLength(3);
  });

  it('does not wait for longer than its own timeout', async () => {
    script.answers = [refused(429, 'TooManyRequests', { 'retry-after': '60' })];
    await expect(script.connect().get(path, { signal })).rejects.toMatchObject({ status: 429, retryAfterSeconds: 60 });
    expect(script.requests).toHaveLength(1);
  });

  it('is not repeated for a refusal', async () => {
    script.answers = [refused(404, 'NotFound')];
    await expect(script.connect().get(path, { signal })).rejects.toBeInstanceOf(ApiError);
    expect(script.requests).toHaveLength(1);
  });
});

describe('a write', () => {
  it('is never repeated: its reply may be lost', async () => {
    script.answers = [refused(503)];
    await expect(script.connect().create(path, {}, { signal })).rejects.toMatchObject({ status: 503 });
    expect(script.requests).toHaveLength(1);
    script.answers = [(_request, response) => response.destroy()];
    await expect(script.connect().create(path, {}, { signal })).rejects.toBeInstanceOf(ApiUnreachable);
    expect(script.requests).toHaveLength(2);
  });

  it('says which patch it is', async () => {
    const types: (string | undefined)[] = [];
    script.answers = [
      (request, response) => {
        types.push(request.headers['content-type']);
        json(200, {})(request, response);
      },
    ];
    const api = script.connect();
    await api.jsonPatch(path, [], { signal });
    await api.mergePatch(path, {}, { signal });
    await api.update(path, {}, { signal });
    expect(types).toEqual(['application/json-patch+json', 'application/merge-patch+json', 'application/json']);
  });
});

describe('no answer', () => {
  it('is told as such after the timeout', async () => {
    script.answers = [never];
    await expect(script.connect().get(path, { signal, timeoutMs: 20 })).rejects.toMatchObject({
      name: 'ApiUnreachable',
      message: 'get pods auth-1: no answer in time',
    });
  });

  it('is not told to a caller who gave up: he gets his own reason', async () => {
    const caller = new AbortController();
    const gaveUp = new Error('gave up');
    script.answers = [() => caller.abort(gaveUp)];
    await expect(script.connect().get(path, { signal: caller.signal })).rejects.toBe(gaveUp);
  });
});

describe('credentials', () => {
  it('are read anew when the server calls the token outdated, also for a write', async () => {
    const api = script.connect();
    script.answers = [json(200, {})];
    await api.get(path, { signal });
    await writeFile(script.tokenFile, 'second-token\n');
    script.answers = [refused(401, 'Unauthorized'), json(200, {})];
    await api.create(path, {}, { signal });
    expect(script.requests.map((r) => r.authorization)).toEqual([
      'Bearer first-token',
      'Bearer first-token',
      'Bearer second-token',
    ]);
  });

  it('that stay refused are told once, without the token', async () => {
    script.answers = [refused(401, 'Unauthorized')];
    const failure = (await script
      .connect()
      .get(path, { signal })
      .catch((error: unknown) => error)) as ApiError;
    expect(failure.status).toBe(401);
    expect(script.requests).toHaveLength(2);
    expect(failure.message).not.toContain('token');
  });

  it('need a kubeconfig, or a pod', () => {
    expect(() => connect({ clock: script.clock })).toThrow(KubeconfigError);
  });
});

describe('a watch', () => {
  const event = (resourceVersion: string): object => ({ type: 'MODIFIED', object: { metadata: { resourceVersion } } });

  it('gives lines as they come, also when one comes in pieces', async () => {
    script.answers = [
      (_request, response) => {
        const text = `${JSON.stringify(event('1'))}\n${JSON.stringify({ ...event('2'), name: 'Zoë' })}\n`;
        const bytes = Buffer.from(text);
        const middle = bytes.indexOf('ë') + 1;
        response.writeHead(200);
        response.write(bytes.subarray(0, middle));
        setImmediate(() => response.end(bytes.subarray(middle)));
      },
    ];
    const seen = await collected(script.connect().watch(path, {}, signal));
    expect(seen).toEqual([event('1'), { ...event('2'), name: 'Zoë' }]);
  });

  it('rejects on a broken connection, and with the number of a refusal', async () => {
    const api = script.connect();
    script.answers = [watching([event('1')], 'breaks')];
    await expect(collected(api.watch(path, {}, signal))).rejects.toBeInstanceOf(ApiUnreachable);
    script.answers = [refused(410, 'Expired')];
    await expect(collected(api.watch(path, {}, signal))).rejects.toMatchObject({ status: 410 });
  });

  it('ends with the reason of its caller', async () => {
    const caller = new AbortController();
    const gaveUp = new Error('gave up');
    script.answers = [watching([event('1')], 'stays')];
    const events = script.connect().watch(path, {}, caller.signal)[Symbol.asyncIterator]();
    await events.next();
    const next = events.next();
    caller.abort(gaveUp);
    await expect(next).rejects.toBe(gaveUp);
  });
});

describe('what the bot may do', () => {
  const question = { verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'n' };

  it('is asked once in 30 s', async () => {
    script.answers = [json(201, { status: { allowed: true } })];
    const ask = mayI(script.connect(), script.clock);
    expect([await ask(question, signal), await ask({ ...question }, signal)]).toEqual([true, true]);
    expect(script.requests).toHaveLength(1);
    await ask({ ...question, verb: 'get' }, signal);
    expect(script.requests).toHaveLength(2);
  });

  it('is not taken for refused during an outage', async () => {
    script.answers = [refused(503)];
    await expect(mayI(script.connect(), script.clock)(question, signal)).rejects.toMatchObject({ status: 503 });
  });
});

describe('the log of a container', () => {
  const query = { namespace: 'n', pod: 'auth-1', container: 'main', tailLines: 200, previous: true };

  it('is asked for with its limits', async () => {
    script.answers = [(_request, response) => void response.end('one\ntwo\n')];
    expect(await podLogs(script.connect(), query, signal)).toBe('one\ntwo\n');
    expect(script.requests[0]?.url.search).toBe('?container=main&tailLines=200&previous=true');
  });

  it.each([400, 404])('does not exist: %s', async (status) => {
    script.answers = [refused(status)];
    expect(await podLogs(script.connect(), query, signal)).toBeUndefined();
  });
});
