/**
 * The rows of one collection and what an event does to them. Pure memory: watched.ts feeds it. An object is known by name; the uid tells
 * a recreated one apart, and an older version never replaces a newer one of the same uid.
 */
import type { KubernetesObject } from './api.ts';

interface Entry<Row> {
  uid: string;
  resourceVersion: string;
  row: Row;
}

/** Versions of one server are decimal numbers that grow; anything else cannot be compared and counts as newer. */
export function isNewer(candidate: string, known: string): boolean {
  if (!/^\d+$/.test(candidate) || !/^\d+$/.test(known)) return candidate !== known;
  return candidate.length === known.length ? candidate > known : candidate.length > known.length;
}

export class Collection<Raw extends KubernetesObject, Row> {
  readonly #toRow: (raw: Raw) => Row;
  readonly #entries = new Map<string, Entry<Row>>();
  readonly #listeners = new Set<(name: string) => void>();

  constructor(toRow: (raw: Raw) => Row) {
    this.#toRow = toRow;
  }

  all(): Row[] {
    return [...this.#entries.values()].map((entry) => entry.row);
  }

  get(name: string): Row | undefined {
    return this.#entries.get(name)?.row;
  }

  onChange(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * ADDED, MODIFIED, or the answer to an own write; answers the row it became. Older versions of the same object, and repetitions, change
   * nothing and answer nothing.
   */
  put(raw: Raw): Row | undefined {
    const { name, uid, resourceVersion } = raw.metadata;
    const known = this.#entries.get(name);
    if (known !== undefined && known.uid === uid && !isNewer(resourceVersion, known.resourceVersion)) return undefined;
    const row = this.#toRow(raw);
    this.#entries.set(name, { uid, resourceVersion, row });
    this.#tell(name);
    return row;
  }

  /** DELETED: only that very object; one recreated under the name stays. */
  remove(name: string, uid: string): void {
    if (this.#entries.get(name)?.uid !== uid) return;
    this.#entries.delete(name);
    this.#tell(name);
  }

  /** A list is complete: what was known and is not in it was deleted while nobody watched. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const [name, { uid }] of this.#entries) if (!names.has(name)) this.remove(name, uid);
  }

  #tell(name: string): void {
    for (const listener of this.#listeners) listener(name);
  }
}
