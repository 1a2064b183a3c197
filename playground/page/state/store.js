/**
 * A value that components watch. A component is drawn again only when the part that it selected became another object, so a message that
 * arrives does not redraw the two hundred that stand there.
 */
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

/**
 * @template T
 * @typedef {{ get(): T, set(next: T): void, watch(watcher: () => void): () => void }} Store
 */

/**
 * @template T
 * @param {T} initial
 * @returns {Store<T>}
 */
export function createStore(initial) {
  let value = initial;
  const watchers = new Set();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const watcher of watchers) watcher();
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

const whole = (value) => value;

/**
 * @template T, S
 * @param {Store<T>} store
 * @param {(value: T) => S} [select] must answer the same object while nothing that matters has changed
 * @returns {S}
 */
export function useStore(store, select = whole) {
  const [, redraw] = useReducer((count) => count + 1, 0);
  const selected = select(store.get());
  const latest = useRef({});
  latest.current = { selected, select };
  useLayoutEffect(() => {
    const check = () => {
      if (!Object.is(latest.current.select(store.get()), latest.current.selected)) redraw();
    };
    check();
    return store.watch(check);
  }, [store]);
  return selected;
}
