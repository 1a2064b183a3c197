/** Where the API server serves a kind. */
import type { Resource } from '../storage-contract.ts';

/** `/apis/apps/v1/namespaces/lomash-wood/deployments/auth-service`; without a namespace: of all of them, or of none. */
export function pathOf({ group, version, plural }: Resource, namespace?: string, name?: string): string {
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return [
    base,
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    plural,
    ...(name === undefined ? [] : [name]),
  ].join('/');
}
