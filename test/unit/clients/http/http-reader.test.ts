import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpReader } from '#clients/http/http-reader.ts';

const TIMEOUT_MS = 400;
const reader = createHttpReader({ timeoutMs: TIMEOUT_MS });
const { signal } = new AbortController();
let server: Server;
let base = '';
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const answers: Record<string, () => void> = {
      '/ok': () => response.end('{"status":"ok"}'),
      '/down': () => response.writeHead(503).end(),
      '/moved': () => response.writeHead(302, { location: '/ok' }).end(),
      '/large': () => response.end('x'.repeat(3_000_000)),
      '/broken': () => response.destroy(),
      '/silent': () => undefined,
    };
    answers[request.url ?? '']?.();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await reader.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a read over HTTP', () => {
  it.each([
    ['/ok', 200],
    ['/down', 503],
    ['/large', 200],
  ])('tells the status of %s', async (path, status) => {
    expect(await reader.get(base + path, signal)).toMatchObject({ kind: 'answered', status });
  });

  it('follows no redirect', async () => {
    asked.length = 0;
    expect(await reader.get(`${base}/moved`, signal)).toMatchObject({ kind: 'answered', status: 302 });
    expect(asked).toEqual(['/moved']);
  });

  it('ends in time when nobody answers: the other side is silent', async () => {
    expect(await reader.get(`${base}/silent`, signal)).toEqual({ kind: 'silent', why: 'no answer within 0.4 s' });
  });

  it('calls a connection that broke off silent as well', async () => {
    expect(await reader.get(`${base}/broken`, signal)).toEqual({ kind: 'silent', why: 'connection closed' });
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:1/', 'connection refused'],
    ['the name does not exist', 'http://no-such-host.invalid/', /^name (not found|lookup failed)$/],
    ['the address is no address', 'https://', 'not an address'],
    ['it is the metadata service of a cloud', 'http://169.254.169.254/latest/', 'address not allowed'],
    ['the same, written as IPv6', 'http://[::ffff:169.254.169.254]/', 'address not allowed'],
    ['it is the unspecified address', 'http://0.0.0.0:80/', 'address not allowed'],
  ])('says that it got no connection when %s', async (_story, url, why) => {
    const answer = await reader.get(url, signal);
    expect(answer).toMatchObject({ kind: 'not-reached', why: expect.stringMatching(why) });
  });

  it('throws the reason of a caller who gave up', async () => {
    const gaveUp = new Error('gave up');
    await expect(reader.get(`${base}/ok`, AbortSignal.abort(gaveUp))).rejects.toBe(gaveUp);
  });
});
