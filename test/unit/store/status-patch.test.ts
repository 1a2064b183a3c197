import { describe, expect, it } from '@jest/globals';
import { escapeKey, isOnlySlots, isSameBasis, ownTerm, statusPatch } from '#store/status-patch.ts';
import { STATUS_SCHEMA } from '#rollback/status.ts';
import { aRollback, aStatus, at } from '#test/harness/builders.ts';

const rollback = aRollback({ status: aStatus({ epoch: 7, message: 'old', slack: {} }) });
const fresh = aRollback({ status: null });
const uid = { op: 'test', path: '/metadata/uid', value: rollback.metadata.uid };
const version = { op: 'test', path: '/metadata/resourceVersion', value: '100' };
/** An older bot wrote it; after this one did, that one leaves it alone. */
const raised = { op: 'replace', path: '/status/schema', value: STATUS_SCHEMA };
const epoch7 = { op: 'test', path: '/status/epoch', value: 7 };
const slot = { channel: 'C1', state: 'sent' as const, at: at('03:04'), ts: '1.2' };

describe('the first status', () => {
  it('is written whole, only where none is, with what every status has', () => {
    expect(statusPatch(fresh, { phase: 'RollingBack' }, { epoch: 7 })).toEqual([
      uid,
      version,
      { op: 'test', path: '/status', value: null },
      { op: 'add', path: '/status', value: { schema: STATUS_SCHEMA, phase: 'RollingBack', slack: {}, epoch: 7 } },
    ]);
  });
});

describe('a change of status', () => {
  it('is fenced and touches the given fields only', () => {
    expect(statusPatch(rollback, { message: 'new', endedAt: at('03:20') }, { epoch: 7 })).toEqual([
      uid,
      version,
      epoch7,
      { op: 'add', path: '/status/message', value: 'new' },
      { op: 'add', path: '/status/endedAt', value: at('03:20') },
    ]);
  });

  it('raises the epoch of an object that an earlier term wrote, and the schema that an older bot wrote', () => {
    const own = aRollback({ status: aStatus({ epoch: 7, schema: STATUS_SCHEMA, slack: {} }) });
    expect(statusPatch(own, {}, { epoch: 9 })).not.toContainEqual(raised);
    expect(statusPatch(rollback, { message: 'new' }, { epoch: 9 })).toEqual([
      uid,
      version,
      epoch7,
      { op: 'replace', path: '/status/epoch', value: 9 },
      raised,
      { op: 'add', path: '/status/message', value: 'new' },
    ]);
    expect(statusPatch(rollback, { epoch: 9 }, { epoch: 7 })).toEqual([
      uid,
      version,
      epoch7,
      { op: 'replace', path: '/status/epoch', value: 9 },
      raised,
    ]);
    expect(ownTerm({ epoch: 9 }, { epoch: 7 })).toBe(9);
  });

  it('removes a field that is given as undefined, if it is there', () => {
    const gone = { startedAt: undefined, endedAt: undefined } as unknown as { startedAt: string };
    expect(statusPatch(rollback, gone, { epoch: 7 })).toEqual([
      uid,
      version,
      epoch7,
      { op: 'remove', path: '/status/startedAt' },
    ]);
  });

  it('writes each Slack slot by its own key, and none that is there like that', () => {
    const known = aRollback({ status: aStatus({ slack: { root: slot } }) });
    const changed = { slack: { root: { ...slot }, 'needs-person/1': slot } };
    expect(statusPatch(known, changed, { epoch: 7 }).slice(3)).toEqual([
      { op: 'add', path: '/status/slack/needs-person~11', value: slot },
    ]);
  });

  it('of Slack slots alone can be made upon what stands there now, nothing included', () => {
    const known = aRollback({ status: aStatus({ epoch: 7, slack: { root: slot } }) });
    const changed = { slack: { root: { ...slot, hash: 'h' }, outcome: slot } };
    expect(statusPatch(known, changed, { epoch: 7 }, 'slots')).toEqual([
      uid,
      { op: 'test', path: '/status/slack/root', value: slot },
      { op: 'test', path: '/status/slack/outcome', value: null },
      epoch7,
      { op: 'add', path: '/status/slack/root', value: { ...slot, hash: 'h' } },
      { op: 'add', path: '/status/slack/outcome', value: slot },
    ]);
    expect(isOnlySlots(known, changed, { epoch: 7 })).toBe(true);
    expect(isOnlySlots(known, changed, { epoch: 7, ifUnchanged: true })).toBe(false);
    expect(isOnlySlots(known, changed, { epoch: 9 })).toBe(false);
    expect(isOnlySlots(known, { ...changed, message: 'new' }, { epoch: 7 })).toBe(false);
    expect(isOnlySlots(fresh, changed, { epoch: 7 })).toBe(false);
  });

  it('was decided upon what still stands only if the fields it replaces are the same', () => {
    const { status } = rollback;
    const later = aRollback({ status: { ...status!, message: 'newer', slack: { root: slot } } });
    expect(isSameBasis(rollback, later, { phase: 'Verifying', slack: { outcome: slot } })).toBe(true);
    expect(isSameBasis(rollback, later, { phase: 'Verifying', message: 'mine' })).toBe(false);
    expect(isSameBasis(rollback, later, { slack: { root: { ...slot, ts: '9.9' } } })).toBe(false);
    expect(isSameBasis(fresh, later, {})).toBe(false);
    expect(isSameBasis(fresh, fresh, { phase: 'Pending' })).toBe(true);
  });

  it('escapes what has a meaning in a JSON pointer', () => {
    expect(escapeKey('a/b~c')).toBe('a~1b~0c');
  });
});
