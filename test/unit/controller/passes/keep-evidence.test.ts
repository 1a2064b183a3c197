import { describe, expect, it } from '@jest/globals';
import { isGivenUp, withKept, withoutEvidence } from '#controller/passes/keep-evidence.ts';
import { aStatus, aTarget, at } from '#test/harness/builders.ts';

const patched = (service: string) => aTarget(service, { patchedAt: at('03:03') });
const kept = { configMaps: [{ service: 'auth-service', name: 'a-auth-service-evidence' }], missing: [] };

describe('evidence that is still to be kept', () => {
  it('is that of every patched service of which nothing is said', () => {
    const { patchedAt: _none, ...waiting } = aTarget('api-gateway', { state: 'Waiting' });
    const targets = [patched('auth-service'), patched('content-service'), waiting];
    expect(withoutEvidence(aStatus({ targets }))).toEqual(['auth-service', 'content-service']);
    expect(withoutEvidence(aStatus({ targets, evidence: kept }))).toEqual(['content-service']);
    const named = { configMaps: kept.configMaps, missing: ['content-service: everything (timed out)'] };
    expect(withoutEvidence(aStatus({ targets, evidence: named }))).toEqual([]);
  });

  it('is waited for until half an hour after the end', () => {
    const status = aStatus({ endedAt: at('03:20') });
    expect(isGivenUp(status, Date.parse(at('03:50')))).toBe(false);
    expect(isGivenUp(status, Date.parse(at('03:51')))).toBe(true);
    expect(isGivenUp(aStatus(), Date.parse(at('23:59')))).toBe(false);
  });

  it('is added to what an earlier pass kept, and what is missing is told', () => {
    const later = { configMaps: [], missing: ['content-service: everything (the bot was restarted)'] };
    const next = withKept(aStatus({ evidence: kept }), later, at('03:04'));
    expect(next.evidence).toEqual({ ...kept, missing: later.missing });
    expect(next.conditions?.find(({ type }) => type === 'Captured')?.status).toBe('False');
    expect(next.timeline?.at(-1)?.text).toMatch(/^Nothing was captured before the patch\. Missing: content-service/);
  });
});
