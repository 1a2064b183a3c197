import { describe, expect, it } from '@jest/globals';
import { array, assert, boolean, constantFrom, property, record } from 'fast-check';
import { KeyQueue } from '#controller/leading/key-queue.ts';

/** Adds keys, `!` in front meaning that a person waits; then takes all there is. */
function order(...keys: string[]): string {
  const queue = new KeyQueue();
  for (const key of keys) queue.add(key.replace('!', ''), key.startsWith('!'));
  const taken: string[] = [];
  for (let key = queue.take(); key !== undefined; key = queue.take()) taken.push(key);
  return taken.join(' ');
}

describe('the order of work', () => {
  it.each([
    ['is that of adding', ['a', 'b', 'c'], 'a b c'],
    ['holds a key once', ['a', 'b', 'a'], 'a b'],
    ['puts people first', ['a', 'b', '!c'], 'c a b'],
    ['moves ahead what a person asks for later', ['a', 'b', 'c', '!b'], 'b a c'],
    ['moves nothing back', ['!a', '!b', 'b'], 'a b'],
  ])('%s', (_rule, keys, expected) => {
    expect(order(...keys)).toBe(expected);
  });
});

describe('a key that is being worked on', () => {
  it('is not handed out again before it is done, and then it is', () => {
    const queue = new KeyQueue();
    queue.add('a', false);
    expect(queue.take()).toBe('a');
    queue.add('a', false);
    queue.add('a', false);
    expect(queue.take()).toBeUndefined();
    queue.done('a');
    expect(queue.take()).toBe('a');
    queue.done('a');
    expect(queue.take()).toBeUndefined();
  });

  it('comes back first when a person asked meanwhile', () => {
    const queue = new KeyQueue();
    queue.add('a', false);
    queue.take();
    queue.add('a', true);
    queue.add('a', false);
    queue.add('b', false);
    queue.done('a');
    expect([queue.take(), queue.take()]).toEqual(['a', 'b']);
  });

  it('is never with two workers, and nothing added is ever lost', () => {
    const step = record({
      what: constantFrom('add', 'take', 'done'),
      key: constantFrom('a', 'b', 'c'),
      first: boolean(),
    });
    assert(
      property(array(step, { maxLength: 60 }), (steps) => {
        const queue = new KeyQueue();
        const working = new Set<string>();
        const owed = new Set<string>();
        const twice: string[] = [];
        for (const { what, key, first } of steps) {
          if (what === 'add') {
            queue.add(key, first);
            owed.add(key);
          } else if (what === 'take') {
            const taken = queue.take();
            if (taken === undefined) continue;
            if (working.has(taken)) twice.push(taken);
            working.add(taken);
            owed.delete(taken);
          } else if (working.delete(key)) queue.done(key);
        }
        for (const key of working) queue.done(key);
        for (let key = queue.take(); key !== undefined; key = queue.take()) owed.delete(key);
        expect({ lost: [...owed], twice }).toEqual({ lost: [], twice: [] });
      }),
    );
  });
});
