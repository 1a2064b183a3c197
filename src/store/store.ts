/**
 * Rollbacks in the API server: the bot's database. Reads come from a watch, writes go to the server, and the answer to an own write enters
 * the view at once. An object that this version does not understand is set aside and reported; it never stops the others. The store decides
 * nothing: it neither retries an outage nor interprets a phase.
 */
import { ApiError, ApiUnreachable, type Api, type JsonPatch, type KubernetesObject } from '#clients/kubernetes/api.ts';
import { isNewer } from '#clients/kubernetes/collection.ts';
import { type LiveCollection, watchCollection } from '#clients/kubernetes/watched.ts';
import { TerminalError } from '#rollback/failure.ts';
import { type Clock, type CreateResult, NotFoundError, type Rollbacks, UnavailableError } from '#rollback/ports.ts';
import { API_VERSION, GROUP, PLURAL, type Rollback, VERSION } from '#rollback/rollback.ts';
import type { RollbackSpec } from '#rollback/spec.ts';
import type { RollbackStatus } from '#rollback/status.ts';
import { ConflictError, FencedError } from './fence.ts';
import { holdPatch, releasePatch, SETTLE_FINALIZER } from './finalizer.ts';
import { isSameIntent, type Kept, kept, type SetAside } from './kept.ts';
import { type Fence, inputPatch, isOnlySlots, isSameBasis, ownTerm, statusPatch } from './status-patch.ts';
import { translated } from './translated.ts';

/** Short, because the end of a watch is the sign of life of a quiet collection: see `isFresh`. */
const WATCH_SECONDS = 40;
const FRESH_MS = 60_000;
const FENCE_TRIES = 5;
/** As often as people can add to one object between a read and the patch upon it. */
const ADD_TRIES = 10;

export interface StoreOptions {
  api: Api;
  /** Where the Rollbacks live. */
  namespace: string;
  clock: Clock;
  /** Called when the watch broke, for the log: it goes on by itself. */
  onTrouble?: (error: unknown) => void;
  /** Called once for each object that is left alone, and again when why changes. */
  onSetAside?: (aside: SetAside) => void;
}

export interface Store extends Rollbacks {
  /** Begins to watch; called once. Resolves when the first list is complete or the signal is aborted. */
  start(signal: AbortSignal): Promise<void>;
  /** Called with the name after each change, own writes included; returns its own removal. */
  onChange(listener: (name: string) => void): () => void;
  /** Objects of a newer schema, or unreadable ones. */
  setAside(): SetAside[];
  /**
   * For the leader: writes the fields given and, under `slack`, the slots given. Rejects with FencedError when a newer term has written,
   * with ConflictError when one of them is not what `rollback` says any more, or anything at all under `ifUnchanged`, with NotFoundError when it is gone, with TerminalError when the
   * server refuses the content, with UnavailableError when it did not answer (the write may stand: it may be repeated).
   */
  patchStatus(
    rollback: Rollback,
    changed: Partial<RollbackStatus>,
    fence: Fence,
    signal: AbortSignal,
  ): Promise<Rollback>;
  /** For the leader: the finalizer is there from now on. Rejects like `patchStatus`, with ConflictError when anything changed. */
  hold(rollback: Rollback, signal: AbortSignal): Promise<Rollback>;
  /** For the leader: takes the finalizer away; one that was deleted is gone then. Rejects likewise. */
  release(rollback: Rollback, signal: AbortSignal): Promise<void>;
  /** For the leader: deletes that very object. One that is gone already is what was wanted. Rejects likewise. */
  remove(rollback: Rollback, signal: AbortSignal): Promise<void>;
}

export function createStore(options: StoreOptions): Store {
  return new RollbackStore(options);
}

class RollbackStore implements Store {
  readonly #options: StoreOptions;
  readonly #collection: string;
  readonly #listeners = new Set<(name: string) => void>();
  /** By uid: resolves when the own writes under way have been answered. */
  readonly #writing = new Map<string, Promise<void>>();
  /** Name → why, as reported. */
  readonly #reported = new Map<string, string>();
  #live: LiveCollection<KubernetesObject, Kept> | undefined;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#collection = `/apis/${GROUP}/${VERSION}/namespaces/${options.namespace}/${PLURAL}`;
  }

  async start(signal: AbortSignal): Promise<void> {
    const { api, clock, onTrouble } = this.#options;
    this.#live = watchCollection<KubernetesObject, Kept>({
      api,
      path: this.#collection,
      toRow: (raw) => this.#row(raw),
      clock,
      signal,
      watchSeconds: WATCH_SECONDS,
      ...(onTrouble === undefined ? {} : { onTrouble }),
    });
    this.#live.onChange((name) => {
      for (const listener of this.#listeners) listener(name);
    });
    await this.#live.synced;
  }

  onChange(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  list(): Rollback[] {
    const age = ({ metadata: { creationTimestamp, name } }: Rollback): string => `${creationTimestamp} ${name}`;
    return this.#rows()
      .flatMap((row) => ('rollback' in row ? [row.rollback] : []))
      .toSorted((a, b) => (age(a) < age(b) ? 1 : -1));
  }

  get(name: string): Rollback | undefined {
    const row = this.#live?.get(name);
    return row !== undefined && 'rollback' in row ? row.rollback : undefined;
  }

  setAside(): SetAside[] {
    return this.#rows().flatMap((row) => ('setAside' in row ? [row.setAside] : []));
  }

  isFresh(): boolean {
    const live = this.#live;
    return live !== undefined && live.isSynced() && live.isAnswered() && live.silentForMs() <= FRESH_MS;
  }

  async create(name: string, spec: RollbackSpec, signal: AbortSignal): Promise<CreateResult> {
    const body = {
      apiVersion: API_VERSION,
      kind: 'Rollback',
      metadata: { name, finalizers: [SETTLE_FINALIZER] },
      spec,
    };
    try {
      const raw = await this.#options.api.create<KubernetesObject>(this.#collection, body, { signal });
      return { outcome: 'created', rollback: this.#take(raw) };
    } catch (error) {
      const isTaken = error instanceof ApiError && error.status === 409;
      // After a lost answer the object may stand.
      if (!isTaken && !(error instanceof ApiUnreachable)) throw translated(error);
      const rollback = await this.#read(name, signal).catch((readError: unknown) => {
        throw isTaken ? readError : translated(error);
      });
      return { outcome: isSameIntent(rollback.spec, spec) ? 'same' : 'different', rollback };
    }
  }

  async addInput(...[name, key, input, signal, stands]: Parameters<Rollbacks['addInput']>): Promise<Rollback> {
    if (stands === undefined) return this.#merge(name, { spec: { inputs: { [key]: input } } }, signal);
    let known = this.get(name) ?? (await this.#read(name, signal));
    for (let tries = 1; tries <= ADD_TRIES; tries++) {
      if (known.spec.inputs?.[key] !== undefined || !stands(known)) return known;
      try {
        return this.#take(
          await this.#options.api.jsonPatch(this.#path(name), inputPatch(known, key, input), { signal }),
        );
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 422) throw translated(error);
        const current = await this.#read(name, signal);
        const { uid, generation } = current.metadata;
        // The tests held: what was to be written is invalid.
        if (uid === known.metadata.uid && generation === known.metadata.generation) throw translated(error);
        known = current;
      }
    }
    throw new UnavailableError(`${name} changes faster than it can be added to`);
  }

  async #merge(name: string, patch: unknown, signal: AbortSignal): Promise<Rollback> {
    try {
      return this.#take(await this.#options.api.mergePatch<KubernetesObject>(this.#path(name), patch, { signal }));
    } catch (error) {
      throw translated(error);
    }
  }

  patchStatus(...[rollback, changed, fence, signal]: Parameters<Store['patchStatus']>): Promise<Rollback> {
    const { uid } = rollback.metadata;
    // One after another, so that each is made for the version that the one before it left.
    const before = this.#writing.get(uid) ?? Promise.resolve();
    const written = before.then(() => this.#write(rollback, changed, fence, signal));
    const done = written.then(
      () => undefined,
      () => undefined,
    );
    this.#writing.set(uid, done);
    void done.then(() => {
      if (this.#writing.get(uid) === done) this.#writing.delete(uid);
    });
    return written;
  }

  async #write(...[rollback, changed, fence, signal]: Parameters<Store['patchStatus']>): Promise<Rollback> {
    const { name, uid, resourceVersion } = rollback.metadata;
    signal.throwIfAborted();
    let known = fence.ifUnchanged === true ? rollback : this.#newest(rollback);
    for (let tries = 1; ; tries++) {
      const own = ownTerm(changed, fence);
      const written = known.status?.epoch ?? 0;
      if (written > own) throw new FencedError(name, { own, written });
      if (known !== rollback && !isSameBasis(rollback, known, changed)) throw new ConflictError(name);
      try {
        // Whoever ticks and presses all the time must not keep the messages from following.
        const basis = tries > 1 && isOnlySlots(known, changed, fence) ? 'slots' : 'version';
        const patch = statusPatch(known, changed, fence, basis);
        return this.#take(await this.#options.api.jsonPatch(`${this.#path(name)}/status`, patch, { signal }));
      } catch (error) {
        // A failed `test` is a 422 and so is invalid content: only the object itself tells them apart.
        if (!(error instanceof ApiError) || error.status !== 422) throw translated(error);
        const current = await this.#read(name, signal);
        if (current.metadata.uid !== uid) throw new NotFoundError(`${name} was deleted and created anew`);
        const isFenced = (current.status?.epoch ?? 0) > own;
        if (!isFenced && fence.ifUnchanged === true && current.metadata.resourceVersion !== resourceVersion) {
          throw new ConflictError(name);
        }
        const didTestsHold = current.metadata.resourceVersion === known.metadata.resourceVersion;
        if (!isFenced && didTestsHold) throw translated(error);
        // People add to it faster than it is written.
        if (!isFenced && tries === FENCE_TRIES) throw new ConflictError(name);
        known = current;
      }
    }
  }

  async hold(rollback: Rollback, signal: AbortSignal): Promise<Rollback> {
    const patch = holdPatch(rollback);
    return patch === undefined ? rollback : this.#take(await this.#patchMetadata(rollback, patch, signal));
  }

  async release(rollback: Rollback, signal: AbortSignal): Promise<void> {
    const patch = releasePatch(rollback);
    if (patch === undefined) return;
    const raw = await this.#patchMetadata(rollback, patch, signal);
    // The answer to the last word of a deleted object is the object as it was.
    if (rollback.metadata.deletionTimestamp === undefined) this.#take(raw);
  }

  async remove({ metadata: { name, uid } }: Rollback, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.api.delete(this.#path(name), { uid, signal });
    } catch (error) {
      // 409: another object stands under that name.
      const isGone = error instanceof ApiError && (error.status === 404 || error.status === 409);
      if (!isGone) throw translated(error);
    }
  }

  async #patchMetadata(
    { metadata: { name } }: Rollback,
    patch: JsonPatch,
    signal: AbortSignal,
  ): Promise<KubernetesObject> {
    try {
      return await this.#options.api.jsonPatch<KubernetesObject>(this.#path(name), patch, { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 422) throw new ConflictError(name);
      throw translated(error);
    }
  }

  /** As this replica knows it by now; what it was given may be some writes behind. */
  #newest(rollback: Rollback): Rollback {
    const { name, uid, resourceVersion } = rollback.metadata;
    const known = this.get(name);
    const isLater = known?.metadata.uid === uid && isNewer(known.metadata.resourceVersion, resourceVersion);
    return isLater ? known : rollback;
  }

  #row(raw: KubernetesObject): Kept {
    const row = kept(raw);
    if ('setAside' in row && this.#reported.get(row.setAside.name) !== row.setAside.message) {
      this.#reported.set(row.setAside.name, row.setAside.message);
      this.#options.onSetAside?.(row.setAside);
    }
    return row;
  }

  #rows(): Kept[] {
    return this.#live?.all() ?? [];
  }

  #path(name: string): string {
    return `${this.#collection}/${name}`;
  }

  async #read(name: string, signal: AbortSignal): Promise<Rollback> {
    try {
      return this.#take(await this.#options.api.get<KubernetesObject>(this.#path(name), { signal }));
    } catch (error) {
      throw translated(error);
    }
  }

  #take(raw: KubernetesObject): Rollback {
    const row = this.#live?.offer(raw) ?? kept(raw);
    if ('rollback' in row) return row.rollback;
    throw new TerminalError('NotUnderstood', `Rollback ${row.setAside.name} is left alone. ${row.setAside.message}`);
  }
}
