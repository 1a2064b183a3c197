import { describe, expect, it } from '@jest/globals';
import type { Rollback } from '#rollback/rollback.ts';
import { aRollback, aStatus } from '#test/harness/builders.ts';
import { linesOf } from '#test/harness/message-text.ts';

describe('evidence', () => {
  const withEvidence = (configMaps: { service: string; name: string }[], missing: string[] = []): Rollback =>
    aRollback({ status: aStatus({ evidence: { configMaps, missing } }) });

  it('says where it is and how to read it', () => {
    expect(linesOf(withEvidence([{ service: 'auth-service', name: 'rb-auth-service' }]), 'evidence')).toEqual([
      'Captured before the patch, kept in the cluster.',
      'Nothing that was asked for is missing.',
      'Broken image of auth-service: `registry.lomashwood.com/auth-service:v1.4.3`',
      '```',
      'kubectl get configmap rb-auth-service -n rollback-bot -o yaml',
      '```',
    ]);
  });

  it('names what is missing', () => {
    const rollback = withEvidence([], ['auth-service: logs of pod …-7c9 (timed out)']);
    expect(linesOf(rollback, 'evidence').slice(0, 2)).toEqual([
      'Nothing was captured before the patch.',
      'MISSING: auth-service: logs of pod …-7c9 (timed out).',
    ]);
  });
});
