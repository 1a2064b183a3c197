import { describe, expect, it } from '@jest/globals';
import { escapeKey, ownTerm, statusPatch } from '#store/status-patch.ts';
import { STATUS_SCHEMA } from '#rollback/status.ts';
import { aRollback, aStatus, at } from '#test/harness/builders.ts';

const rollback = aRollback({ status: aStatus({ epoch: 7, message: 'old', slack: {} }) });
const fresh = aRollback({ status: null });
const uid = { op: 'test', path: '/metadata/uid', value: rollback.metadata.uid };
const epoch7 = { op: 'test', path: '/status/epoch', value: 7 };
const slot = { channel: 'C1', state: 'sent' as const, at: at('03:04'), ts: '1.2' };

describe('the first status', () => {
  it('is written whole, only where none is, with what every status has', () => {
    expect(statusPatch(fresh, { phase: 'RollingBack' }, { epoch: 7 })).toEqual([
      uid,
      { op: 'test', path: '/status', value: null },
      { op: 'add', path: '/status', value: { schema: STATUS_SCHEMA, phase: 'RollingBack', slack: {}, epoch: 7 } },
    ]);
  });

  it('also tests that nothing was added to the object meanwhile, where asked', () => {
    expect(statusPatch(fresh, {}, { epoch: 7, ifUnchanged: true })).toContainEqual({
      op: 'test',
      path: '/metadata/resourceVersion',
      value: '100',
    });
  });
});

describe('a change of status', () => {
  it('is fenced and touches the given fields only', () => {
    expect(statusPatch(rollback, { message: 'new', endedAt: at('03:20') }, { epoch: 7 })).toEqual([
      uid,
      epoch7,
      { op: 'add', path: '/status/message', value: 'new' },
      { op: 'add', path: '/status/endedAt', value: at('03:20') },
    ]);
  });

  it('raises the epoch of an object that an earlier term wrote', () => {
    expect(statusPatch(rollback, { message: 'new' }, { epoch: 9 })).toEqual([
      uid,
      epoch7,
      { op: 'replace', path: '/status/epoch', value: 9 },
      { op: 'add', path: '/status/message', value: 'new' },
    ]);
    expect(statusPatch(rollback, { epoch: 9 }, { epoch: 7 })).toEqual([
      uid,
      epoch7,
      { op: 'replace', path: '/status/epoch', value: 9 },
    ]);
    expect(ownTerm({ epoch: 9 }, { epoch: 7 })).toBe(9);
  });

  it('removes a field that is given as undefined, if it is there', () => {
    const gone = { startedAt: undefined, endedAt: undefined } as unknown as { startedAt: string };
    expect(statusPatch(rollback, gone, { epoch: 7 })).toEqual([
      uid,
      epoch7,
      { op: 'remove', path: '/status/startedAt' },
    ]);
  });

  it('writes each Slack slot by its own key, and none that is there like that', () => {
    const known = aRollback({ status: aStatus({ slack: { root: slot } }) });
    const changed = { slack: { root: { ...slot }, 'needs-person/1': slot } };
    expect(statusPatch(known, changed, { epoch: 7 }).slice(2)).toEqual([
      { op: 'add', path: '/status/slack/needs-person~11', value: slot },
    ]);
  });

  it('escapes what has a meaning in a JSON pointer', () => {
    expect(escapeKey('a/b~c')).toBe('a~1b~0c');
  });
});
