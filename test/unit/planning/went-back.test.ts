import { describe, expect, it } from '@jest/globals';
import { wentBackFrom } from '#planning/went-back.ts';
import { aReplicaSet } from '#test/harness/rows.ts';

/** What ran, in order, as the numbers of the ReplicaSets say it: "v1 v2 v1" is revision 3 of v1, which had 1 before. */
function left(runs: string): string[] {
  const numbers = Map.groupBy(
    runs.split(' ').map((version, at) => ({ version, at: at + 1 })),
    ({ version }) => version,
  );
  const versions = [...numbers].map(([version, all]) => {
    const [revision = 0, ...former] = all.map(({ at }) => at).toReversed();
    return aReplicaSet(version, revision, { formerRevisions: former });
  });
  return [...wentBackFrom(versions, [])].map((hash) => hash.replace('hash-', ''));
}

describe('a version that somebody went back from', () => {
  it.each([
    ['is none while only new versions came', 'v1 v2 v3', []],
    ['is the one that an undo left', 'v1 v2 v1', ['v2']],
    ['is the one that was left, not those passed over', 'v1 v2 v3 v1', ['v3']],
    ['are both when the next one was no better', 'v1 v2 v1 v3 v1', ['v2', 'v3']],
    ['is none again when the undo was undone', 'v1 v2 v1 v2', []],
    ['is left again when the undo was tried twice', 'v1 v2 v1 v2 v1', ['v2']],
    ['stays so while further versions come', 'v1 v2 v1 v3 v4', ['v2']],
    ['are all that were left going further back', 'v1 v2 v3 v2 v1', ['v3', 'v2']],
  ])('%s', (_story, runs, expected) => {
    expect(left(runs)).toEqual(expected);
  });

  it('is found among those that are still there, whatever was cleaned up', () => {
    const versions = [aReplicaSet('v2', 9), aReplicaSet('v1', 10, { formerRevisions: [3] })];
    expect([...wentBackFrom(versions, [])]).toEqual(['hash-v2']);
  });
});

describe('a ControllerRevision, which forgets its numbers when it comes back', () => {
  const NONE: string[] = [];
  const row = (version: string, first: number, revision: number) =>
    aReplicaSet(version, revision, { firstDeployedAt: `2026-11-23T03:0${first}:00Z` });

  it.each([
    ['is none while only new versions came', [row('v1', 1, 1), row('v2', 2, 2)], NONE],
    ['was left when an older one has a higher number', [row('v2', 2, 2), row('v1', 1, 3)], ['v2']],
    ['is the last of several then', [row('v2', 2, 2), row('v3', 3, 3), row('v1', 1, 4)], ['v3']],
    ['stays so while further versions come', [row('v2', 2, 2), row('v1', 1, 3), row('v4', 4, 4)], ['v2']],
    ['is none again when the undo was undone', [row('v1', 1, 3), row('v2', 2, 4)], NONE],
    ['is not judged when both came within one second', [row('v2', 1, 2), row('v1', 1, 3)], NONE],
  ])('%s', (_story, versions, expected) => {
    expect([...wentBackFrom(versions, [])]).toEqual(expected.map((version) => `hash-${version}`));
  });

  describe('whose numbers the journal saw', () => {
    const owned = (version: string, first: number, revision: number) =>
      aReplicaSet(version, revision, { firstDeployedAt: `2026-11-23T03:0${first}:00Z`, ownerUid: 'uid-now' });
    const numbered = (runs: string, owner = 'uid-now') =>
      runs.split(' ').map((version, at) => {
        return { workload: 'StatefulSet/auth-db', owner, templateHash: `hash-${version}`, revision: at + 1 };
      });

    it.each([
      ['is left also when it was gone back from twice', 'v1 v2 v3 v2 v4 v2', ['v3', 'v4']],
      ['is none when it was deployed again after it was left', 'v1 v2 v1 v3 v2', NONE],
      ['is the broken one that was left before the rest', 'v1 v2 v1 v2 v1', ['v2']],
    ])('%s', (_story, runs, expected) => {
      const all = runs.split(' ');
      const versions = [...new Set(all)].map((version, at) => owned(version, at, all.lastIndexOf(version) + 1));
      expect([...wentBackFrom(versions, numbered(runs))]).toEqual(expected.map((version) => `hash-${version}`));
    });

    it('is judged by its own numbers, not by those of a workload of that name that is gone', () => {
      const versions = [owned('v1', 1, 1), owned('v2', 2, 2)];
      expect([...wentBackFrom(versions, numbered('v2 v1 v2 v1', 'uid-gone'))]).toEqual([]);
    });
  });
});
