/**
 * Where blocks stand: a message, a modal or App Home. It holds what the person entered there and sends what the person does. Blocks below
 * reach it by context, so that the same section works on every surface.
 */
import { createContext } from 'preact';
import { useContext, useReducer, useRef } from 'preact/hooks';
import { act } from '../state/connection.js';
import { actionOf, mergeState, valueIn, withValue } from './state.js';

/**
 * @typedef {object} Surface
 * @property {'message' | 'modal' | 'home'} kind
 * @property {object} on the `on` of client-protocol's `act` and `suggest`
 * @property {Record<string, string>} errors by block_id
 * @property {import('./state.js').StateValues} state
 * @property {(blockId: string, element: object, value: unknown) => void} change
 * @property {(element: object, blockId: string, value?: unknown) => Promise<unknown>} dispatch
 * @property {(element: object, blockId: string, query: string) => Promise<object>} suggest
 */
const SurfaceContext = createContext(/** @type {Surface} */ (undefined));

export const SurfaceProvider = SurfaceContext.Provider;
export const useSurface = () => useContext(SurfaceContext);

const noErrors = {};

/**
 * @param {Surface['kind']} kind
 * @param {object} on
 * @param {object[]} blocks
 * @param {Record<string, string>} [errors]
 * @returns {Surface}
 */
export function useSurfaceOf(kind, on, blocks, errors = noErrors) {
  const held = useRef({ blocks: undefined, state: {} });
  const [, redraw] = useReducer((count) => count + 1, 0);
  if (held.current.blocks !== blocks) held.current = { blocks, state: mergeState(held.current.state, blocks) };

  const change = (blockId, element, value) => {
    held.current = { ...held.current, state: withValue(held.current.state, blockId, element, value) };
    redraw();
  };
  const dispatch = (element, blockId, value) =>
    act({ action: 'act', on, element: actionOf(element, blockId, value), state: held.current.state });
  const suggest = (element, blockId, query) =>
    act({ action: 'suggest', on, blockId, actionId: element.action_id, query });

  return { kind, on, errors, state: held.current.state, change, dispatch, suggest };
}

/**
 * One element's value with what follows from changing it: in an input block the app hears of it only when it asked to
 * (`dispatch_action`), anywhere else always.
 */
export function useElement(element, block) {
  const surface = useSurface();
  const hears = block.type !== 'input' || block.dispatch_action === true;
  return {
    value: valueIn(surface.state, block.block_id, element),
    /** Keeps the value without telling the app. */
    keep: (value) => surface.change(block.block_id, element, value),
    /** Keeps the value and tells the app if it listens. */
    pick: (value) => {
      surface.change(block.block_id, element, value);
      if (hears) void surface.dispatch(element, block.block_id, value);
    },
    hears,
    error: surface.errors[block.block_id],
  };
}
