import { describe, expect, it } from '@jest/globals';
import { Collection, isNewer } from '#clients/kubernetes/collection.ts';
import { raw } from './raw.ts';

function collection(): { rows: Collection<ReturnType<typeof raw>, string>; told: string[] } {
  const rows = new Collection(({ metadata }: ReturnType<typeof raw>) => `${metadata.uid}@${metadata.resourceVersion}`);
  const told: string[] = [];
  rows.onChange((name) => told.push(name));
  return { rows, told };
}

it.each([
  ['10', '9', true],
  ['9', '10', false],
  ['9', '9', false],
  ['abc', '9', true],
  ['abc', 'abc', false],
])('version %s is newer than %s: %s', (candidate, known, expected) => {
  expect(isNewer(candidate, known)).toBe(expected);
});

describe('the rows of a collection', () => {
  it('take newer versions only, and tell of changes only', () => {
    const { rows, told } = collection();
    for (const version of ['5', '7', '7', '6']) rows.put(raw('a', version));
    expect(rows.get('a')).toBe('uid-a@7');
    expect(told).toEqual(['a', 'a']);
  });

  it('take an object that was created anew, whatever its version', () => {
    const { rows } = collection();
    rows.put(raw('a', '7', 'first'));
    rows.put(raw('a', '6', 'second'));
    expect(rows.get('a')).toBe('second@6');
    rows.remove('a', 'first');
    expect(rows.all()).toEqual(['second@6']);
    rows.remove('a', 'second');
    expect(rows.all()).toEqual([]);
  });

  it('lose what a complete list does not have', () => {
    const { rows, told } = collection();
    for (const name of ['a', 'b', 'c']) rows.put(raw(name, '1'));
    rows.keepOnly(new Set(['b']));
    expect(rows.all()).toEqual(['uid-b@1']);
    expect(told).toEqual(['a', 'b', 'c', 'a', 'c']);
  });

  it('tell nobody who has left', () => {
    const { rows } = collection();
    const told: string[] = [];
    const leave = rows.onChange((name) => told.push(name));
    leave();
    rows.put(raw('a', '1'));
    expect(told).toEqual([]);
  });
});
