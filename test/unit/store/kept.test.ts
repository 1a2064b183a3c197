import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '#clients/kubernetes/api.ts';
import { isSameIntent, kept } from '#store/kept.ts';
import { STATUS_SCHEMA } from '#rollback/status.ts';
import { aRollback, aStatus, at, inputs, maya } from '#test/harness/builders.ts';

describe('an object of the API server', () => {
  const object = aRollback();

  it('becomes a Rollback, also without its kind, as items of a list come', () => {
    const { kind: _kind, apiVersion: _version, ...item } = object;
    expect(kept(item as unknown as KubernetesObject)).toEqual({ rollback: object });
  });

  it('of a newer schema is left alone, whatever else it holds', () => {
    const newer = { ...object, spec: {}, status: { schema: STATUS_SCHEMA + 1, strange: true } };
    expect(kept(newer as unknown as KubernetesObject)).toMatchObject({
      setAside: { name: object.metadata.name, why: 'newer-schema' },
    });
  });

  it('that cannot be read is set aside by its paths, without its values', () => {
    const broken = {
      ...object,
      spec: { ...object.spec, reason: { kind: 'hunter2' } },
      status: aStatus({ epoch: 1.5 }),
    };
    const answer = kept(broken as unknown as KubernetesObject);
    expect(answer).toMatchObject({
      setAside: { why: 'unreadable', message: 'Not understood: spec.reason.kind, status.epoch.' },
    });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });
});

describe('the same request', () => {
  const { spec } = aRollback();
  it.each([
    [
      'whatever was added to it since',
      { inputs: inputs({ kind: 'note', by: maya, at: at('03:05'), text: 'x' }) },
      true,
    ],
    ['with its fields in another order', Object.fromEntries(Object.entries(spec).toReversed()), true],
    ['not for another service', { targets: [{ service: 'api-gateway' }] }, false],
    ['not for another version', { targets: [{ service: 'auth-service', to: '3' }] }, false],
    ['not of another person', { requestedBy: { ...spec.requestedBy, id: 'U0OTHER' } }, false],
  ])('is one %s', (_what, more, expected) => {
    expect(isSameIntent(spec, { ...spec, ...more })).toBe(expected);
  });
});
