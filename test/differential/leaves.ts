/** A nested value as lines: the path of each leaf, and the leaf as JSON. */
export type Leaves = Record<string, string>;

export function leavesOf(value: unknown, path = ''): Leaves {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    return value === undefined ? {} : { [path]: JSON.stringify(value) };
  }
  const inner = Object.entries(value).map(([key, one]) => leavesOf(one, path === '' ? key : `${path}/${key}`));
  return Object.assign({}, ...inner) as Leaves;
}
