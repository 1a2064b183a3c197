/** Objects as an API server sends them, as plain as they come. */
import type { KubernetesObject } from '#clients/kubernetes/api.ts';

export function raw(name: string, resourceVersion: string, uid = `uid-${name}`): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { name, namespace: 'n', uid, resourceVersion, creationTimestamp: '2026-11-23T03:00:00Z' },
  };
}
