import { describe, expect, it } from '@jest/globals';
import type { HttpAnswer } from '#clients/http/http-reader.ts';
import { judge, servicesThatAnswered, throughGateway, verifyHealth } from '#verification/health.ts';
import { aMonitored, aRollback, aStatus, at } from '#test/harness/builders.ts';

const answered = (status: number): HttpAnswer => ({ kind: 'answered', status, durationMs: 12 });
const silent: HttpAnswer = { kind: 'silent', why: 'no answer within 2 s' };
const unreached: HttpAnswer = { kind: 'not-reached', why: 'name not found' };

describe('what the tries of one health path mean', () => {
  const rows: [string, HttpAnswer[], boolean, string, string][] = [
    ['a good answer', [answered(200)], false, 'pass', 'GET /health answered 200 in 12 ms'],
    ['a good answer at last', [answered(503), answered(200)], true, 'pass', 'GET /health answered 200 in 12 ms'],
    [
      '503 each time',
      [answered(503), answered(503), answered(503)],
      true,
      'fail',
      'GET /health answered 503, 3 of 3 tries',
    ],
    ['503 once, asked once', [answered(503)], false, 'fail', 'GET /health answered 503'],
    [
      'silence and 502',
      [silent, answered(502)],
      true,
      'fail',
      'GET /health no answer within 2 s, then answered 502, 2 of 2 tries',
    ],
    ['404 where it was well before', [answered(404)], true, 'fail', 'GET /health answered 404'],
    [
      '404 where it never was well',
      [answered(404)],
      false,
      'unknown',
      'unknown: check the catalogue. GET /health answered 404, and never answered 200 before',
    ],
    ['no connection of our own', [unreached], true, 'unknown', 'unknown: the bot got no connection (name not found)'],
    ['nothing asked', [], true, 'unknown', 'not asked'],
  ];

  it.each(rows)('%s', (_story, answers, before, result, evidence) => {
    expect(judge('/health', answers, before)).toEqual({ result, evidence });
  });
});

describe('the gateway', () => {
  const results = (gateway: 'pass' | 'fail' | 'unknown') => [
    { service: 'api-gateway', result: gateway, evidence: 'x' },
    { service: 'auth-service', result: 'fail' as const, evidence: 'GET /v1/auth/health answered 502' },
    { service: 'product-service', result: 'pass' as const, evidence: 'GET /v1/products/health answered 200' },
  ];
  const gateways = new Set(['api-gateway']);

  it('makes what fails behind it unknown when it fails itself', () => {
    expect(throughGateway(results('fail'), gateways).map((r) => [r.result, r.evidence])).toEqual([
      ['fail', 'x'],
      ['unknown', 'unknown: gateway'],
      ['pass', 'GET /v1/products/health answered 200'],
    ]);
  });

  it.each(['pass', 'unknown'] as const)('leaves the others as they are when it says %s', (gateway) => {
    expect(throughGateway(results(gateway), gateways)).toEqual(results(gateway));
  });
});

describe('asking all services', () => {
  const question = { environment: 'dev', tries: 3, answeredBefore: new Set<string>() };
  const service = { service: 'auth-service', healthPath: '/health', gateway: false };
  const never = { get: () => Promise.reject(new Error('nobody may be asked')) };
  const clock = { sleep: () => Promise.resolve() };
  const { signal } = new AbortController();

  it('says what the catalogue does not tell', async () => {
    expect(await verifyHealth({ http: never, clock }, { ...question, services: [service] }, signal)).toEqual([
      { service: 'auth-service', result: 'unknown', evidence: 'unknown: no base URL for dev in the catalogue' },
    ]);
    const services = [{ service: 'auth-service', gateway: false }];
    const asked = await verifyHealth({ http: never, clock }, { ...question, baseUrl: 'http://x', services }, signal);
    expect(asked[0]?.evidence).toBe('unknown: no health path in the catalogue');
  });

  it('tries three times, and stops at the first good answer', async () => {
    const urls: string[] = [];
    const http = {
      get: (url: string) => Promise.resolve(answered(urls.push(url) < 2 ? 503 : 200)),
    };
    const asked = await verifyHealth(
      { http, clock },
      { ...question, baseUrl: 'http://api/', services: [service] },
      signal,
    );
    expect(asked).toMatchObject([{ result: 'pass' }]);
    expect(urls).toEqual(['http://api/health', 'http://api/health']);
  });
});

describe('which paths answered well before', () => {
  it('is what any rollback of the environment saw, before or after its patches', () => {
    const health = (service: string, result: 'pass' | 'fail') => ({ service, result, evidence: '' });
    const rollbacks = [
      aRollback({ status: aMonitored() }),
      aRollback({
        status: aStatus({ before: { at: at('03:02'), health: [health('api-gateway', 'pass'), health('x', 'fail')] } }),
      }),
      aRollback({
        spec: { environment: 'staging' },
        status: aStatus({ before: { at: at('03:02'), health: [health('y', 'pass')] } }),
      }),
    ];
    expect(servicesThatAnswered(rollbacks, 'production')).toEqual(new Set(['auth-service', 'api-gateway']));
  });
});
