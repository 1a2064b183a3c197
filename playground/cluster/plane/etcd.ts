/**
 * etcd behind a real API server, as an administrator restores a backup into it: objects come back with the uids and dates they had, which
 * no API server would let anybody choose. Only for a control plane that is there to be played with.
 */
import type { Resource, StoredObject } from '../storage-contract.ts';
import type { Requests } from './requests.ts';

/** What etcd takes in one transaction by default. */
const OPERATIONS = 128;

const encode = (text: string): string => Buffer.from(text).toString('base64');

/** Where the API server keeps it; objects of custom resources stand under their group. */
export function keyOf({ group, plural }: Resource, namespace = '', name = ''): string {
  const folder = group.includes('.') && !group.endsWith('.k8s.io') ? `${group}/${plural}` : plural;
  return `/registry/${folder}/${namespace}/${name}`;
}

export interface Etcd {
  /** Either all of them or none; those that belong together come one after another, so that they are seen at once. */
  put(objects: readonly { resource: Resource; object: StoredObject }[]): void;
  /** Everything whose key begins so. */
  wipe(prefix: string): void;
}

/** The key that comes after all that begin with this one. */
function endOf(prefix: string): string {
  const bytes = Buffer.from(prefix);
  bytes[bytes.length - 1]! += 1;
  return bytes.toString('base64');
}

export function openEtcd(url: string, requests: Requests): Etcd {
  function send(call: string, body: object): void {
    const { status, body: text } = requests.now({
      method: 'POST',
      url: `${url}/v3/kv/${call}`,
      body: JSON.stringify(body),
    });
    if (status !== 200) throw new Error(`etcd ${call}: ${status} ${text}`);
  }
  return {
    put(objects) {
      const puts = objects.map(({ resource, object }) => {
        const { resourceVersion: _own, ...metadata } = object.metadata;
        const { namespace, name } = object.metadata;
        const value = encode(JSON.stringify({ ...object, metadata }));
        return { requestPut: { key: encode(keyOf(resource, namespace, name)), value } };
      });
      for (let i = 0; i < puts.length; i += OPERATIONS) send('txn', { success: puts.slice(i, i + OPERATIONS) });
    },
    wipe: (prefix) => send('deleterange', { key: encode(prefix), rangeEnd: endOf(prefix) }),
  };
}
