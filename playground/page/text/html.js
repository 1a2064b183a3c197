/** htm bound to preact, and `memo`: a component that is drawn again only when one of its properties changed. */
import htm from 'htm';
import { h } from 'preact';

export const html = htm.bind(h);

/** @param {(props: Record<string, unknown>) => unknown} component */
export function memo(component) {
  function Memoized(props) {
    this.shouldComponentUpdate = (next) => differs(this.props, next);
    return h(component, props);
  }
  return Memoized;
}

function differs(before, after) {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].some((name) => !Object.is(before[name], after[name]));
}
