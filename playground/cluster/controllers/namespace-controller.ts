/** What every namespace has by itself (a default service account, the cluster's CA) and what goes with it when it is deleted. */
import type { StoredObject } from '../storage-contract.ts';
import type { ControllerContext } from './controllers.ts';
import { configMaps, namespaces, serviceAccounts } from '../objects.ts';

const rootCertificate = 'kube-root-ca.crt';

function furnish({ storage }: ControllerContext, namespace: string): void {
  if (!storage.peekOne(serviceAccounts, namespace, 'default')) {
    storage.create(serviceAccounts, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace },
    });
  }
  if (!storage.peekOne(configMaps, namespace, rootCertificate)) {
    storage.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: rootCertificate,
        namespace,
        annotations: {
          'kubernetes.io/description':
            'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
        },
      },
      ['data']: { 'ca.crt': '' },
    });
  }
}

function empty({ storage }: ControllerContext, namespace: string): void {
  for (const resource of storage.resources()) {
    for (const { metadata } of storage.peek(resource, namespace)) storage.remove(resource, namespace, metadata.name);
  }
}

/** Watches namespaces until stopped. Their contents go at once: nothing here takes long to finish. */
export function startNamespaceController(context: ControllerContext): () => void {
  const { storage, clock } = context;
  const cancels = new Set<() => void>();
  function soon(run: () => void): void {
    const cancel = clock.after(0, () => {
      cancels.delete(cancel);
      run();
    });
    cancels.add(cancel);
  }
  function finish({ metadata }: StoredObject): void {
    empty(context, metadata.name);
    storage.remove(namespaces, undefined, metadata.name);
  }
  function sync(namespace: StoredObject): void {
    const { name } = namespace.metadata;
    soon(() => {
      const current = storage.peekOne(namespaces, undefined, name);
      if (!current) return;
      if (current.metadata.deletionTimestamp === undefined) furnish(context, name);
      else finish(current);
    });
  }
  for (const namespace of storage.peek(namespaces)) sync(namespace);
  const unsubscribe = storage.subscribe(({ type, resource, object }) => {
    const isFurniture = resource.plural === 'serviceaccounts' || resource.plural === 'configmaps';
    if (resource.plural === 'namespaces' && resource.group === '') {
      if (type === 'DELETED') soon(() => empty(context, object.metadata.name));
      else sync(object);
    } else if (type === 'DELETED' && isFurniture) {
      const namespace = storage.peekOne(namespaces, undefined, object.metadata.namespace ?? '');
      if (namespace) sync(namespace);
    }
  });
  return () => {
    unsubscribe();
    for (const cancel of cancels) cancel();
  };
}
