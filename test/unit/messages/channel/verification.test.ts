import { describe, expect, it } from '@jest/globals';
import { verificationLine } from '#messages/channel/verification.ts';
import type { Told } from '#messages/said.ts';
import type { CheckResult, HealthResult } from '#rollback/status.ts';
import { aMonitored, anAnswer, aPlan, aRollback, aTarget, at, inputs } from '#test/harness/builders.ts';

const result = (service: string, is: CheckResult, evidence = 'GET /h answered 200 in 9 ms'): HealthResult => ({
  service,
  result: is,
  evidence,
});
const bad = 'GET /h answered 503, 3 of 3 tries';

function lineFor(health: HealthResult[], spec = {}, status = {}): string {
  const verification = { at: at('03:05'), health };
  return verificationLine(aRollback({ spec, status: aMonitored({ verification, ...status }) }) as Told);
}

describe('the verification line', () => {
  it.each<[string, HealthResult[], string]>([
    [
      'PASS only when every service was seen to pass',
      [result('auth-service', 'pass'), result('b', 'pass')],
      'PASS: health 2/2; smoke test not run. Manual checks 0/1 answered, 1 more by the bot.',
    ],
    [
      'FAIL when a service that returned answers badly',
      [result('auth-service', 'fail', bad), result('b', 'pass')],
      'FAIL: auth-service: GET /h answered 503, 3 of 3 tries. Health 1/2; smoke test not run. Manual checks 0/1 answered, 1 more by the bot.',
    ],
    [
      'no verdict when another service answers badly, which it names',
      [result('auth-service', 'pass'), result('b', 'fail', bad)],
      'health 1/2 (b: GET /h answered 503, 3 of 3 tries); smoke test not run. Manual checks 0/1 answered, 1 more by the bot.',
    ],
    [
      'unknown as unknown, once for all who share the reason',
      [result('auth-service', 'unknown', 'unknown: gateway'), result('b', 'unknown', 'unknown: gateway')],
      'health 0/2 (unknown: auth-service, b: gateway); smoke test not run. Manual checks 0/2 answered.',
    ],
    ['nothing seen as not checked', [], 'health not checked; smoke test not run. Manual checks 0/2 answered.'],
  ])('says %s', (_name, health, words) => {
    expect(lineFor(health)).toBe(`Verification: ${words}`);
  });

  it('says FAIL when a person saw a check fail, with their words', () => {
    const spec = { inputs: inputs(anAnswer('login', 'fail', 'answers <500>')) };
    expect(lineFor([result('auth-service', 'pass')], spec)).toBe(
      'Verification: FAIL: `POST /v1/auth/login` succeeds with valid credentials (answers &lt;500&gt;). Health 1/1; smoke test not run. Manual checks 1/1 answered, 1 more by the bot.',
    );
  });

  it('does not blame the rollback for a service that did not return', () => {
    const targets = [aTarget('auth-service'), aTarget('b', { state: 'NotBack' })];
    expect(lineFor([result('auth-service', 'pass'), result('b', 'fail', bad)], {}, { targets })).toMatch(
      /^Verification: health 1\/2 \(b: GET/,
    );
  });

  it('says so when the catalogue has no checks', () => {
    expect(lineFor([], {}, { plan: aPlan({ checklist: [] }) })).toMatch(/No manual checks in the catalogue\.$/);
  });
});
