import { describe, expect, it } from '@jest/globals';
import { assert, dictionary, property, string, uuid } from 'fast-check';
import {
  emptyState,
  MAX_METADATA,
  ONE,
  packUid,
  readMetadata,
  requestedTargets,
  selectionOf,
  shownOf,
  targetsOf,
  unpackUid,
  writeMetadata,
  type FormState,
  type Shown,
} from '#slack/form/form-state.ts';
import { aPlan, aPlannedService } from '#test/harness/builders.ts';

const uid = '0b8f1c1e-7a4e-4f0e-9d57-2f3c1d6c9a10';
const full: FormState = {
  ...emptyState(),
  environment: 'production',
  services: ['auth-service', 'content-service'],
  to: { 'auth-service': '41' },
  reason: { kind: 'alert', text: 'P1' },
  override: ['auth-service/same-image'],
  parent: { name: 'auth-service-1a2b3c', uid, relation: 'undo' },
  channel: 'C0INCIDENT',
  readAs: 'auth-service · production',
  round: 3,
};
const shown: Shown[] = [
  { service: 'auth-service', expected: { from: '0123456789abcdef', to: uid } },
  { service: 'content-service' },
];

describe('private_metadata', () => {
  it('brings back what was written, and the reason only where no input holds it', () => {
    expect(readMetadata(writeMetadata(full, shown, true) ?? '')).toEqual({ state: full, shown });
    const without = readMetadata(writeMetadata(full, shown, false) ?? '');
    expect(without?.state.reason).toEqual({ kind: 'alert' });
  });

  it('fits forty services within the limit of Slack', () => {
    const many = Array.from({ length: 40 }, (_, i): Shown => ({
      service: `service-number-${i}`,
      expected: { from: '0123456789abcdef', to: uid },
    }));
    expect(writeMetadata({ ...full, fullSystem: true }, many, false)?.length).toBeLessThanOrEqual(MAX_METADATA);
  });

  it('refuses what does not fit instead of dropping what was shown', () => {
    const many = Array.from({ length: 60 }, (_, i): Shown => ({
      service: `service-number-${i}`,
      expected: { from: '0123456789abcdef', to: uid },
    }));
    expect(writeMetadata({ ...full, fullSystem: true }, many, false)).toBeUndefined();
  });

  it('cuts a kept reason before it breaks the limit', () => {
    const long = { ...full, reason: { text: 'é“'.repeat(1500) } };
    const written = writeMetadata(long, shown, true) ?? '';
    expect(written.length).toBeLessThanOrEqual(MAX_METADATA);
    expect(readMetadata(written)?.state.reason.text?.length).toBeGreaterThan(1000);
  });

  it('is not read when it is of somebody else', () => {
    for (const raw of ['', 'null', '{', '{"r":"1"}', '[]']) expect(readMetadata(raw)).toBeUndefined();
  });

  it('keeps any uid, UUID or not', () => {
    assert(
      property(
        uuid(),
        string(),
        (known, other) => unpackUid(packUid(known)) === known && unpackUid(packUid(other)) === other,
      ),
    );
    expect(packUid(uid)).toHaveLength(22);
  });
});

describe('targets', () => {
  it('carry what was shown, and blocked services too, so that they are named in the outcome', () => {
    expect(targetsOf({ ...full, to: {} }, shown)).toEqual([
      { service: 'auth-service', override: ['same-image'], expected: { from: '0123456789abcdef', to: uid } },
      { service: 'content-service' },
    ]);
  });

  it('have nothing to go to where nothing was shown to go to', () => {
    const planned = aPlannedService('content-service');
    delete planned.to;
    expect(shownOf(aPlan({ services: [planned] }))).toEqual([
      { service: 'content-service', expected: { from: 'hash-v1.4.3', to: '' } },
    ]);
  });

  it('take a version typed before its service was chosen, only when one is chosen', () => {
    const typed = { to: { [ONE]: '41' }, override: [] };
    expect(requestedTargets(['auth-service'], typed)).toEqual([{ service: 'auth-service', to: '41' }]);
    expect(requestedTargets(['auth-service', 'content-service'], typed).every(({ to }) => to === undefined)).toBe(true);
  });
});

it('two selections are equal whatever the order they were made in', () => {
  assert(
    property(dictionary(string(), string()), (to) => {
      const a = { ...full, to, services: ['a', 'b'] };
      const b = { ...full, to: Object.fromEntries(Object.entries(to).toReversed()), services: ['b', 'a'], round: 9 };
      expect(selectionOf(a)).toBe(selectionOf(b));
    }),
  );
});
