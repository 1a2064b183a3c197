/**
 * A live view of one collection (a reflector): streams the first list where the server can, else reads it in pages, then watches, and
 * starts over after whatever breaks. It may be minutes behind; nobody may take it for the truth before an act that may not be repeated.
 * After its signal is aborted nothing changes any more.
 */
import { ApiError, type Api, type KubernetesObject, type Watched, type WatchEvent } from './api.ts';
import type { Clock } from './clock.ts';
import { Collection } from './collection.ts';

const PAGE = 100;
const BACK_OFF_MS = { first: 800, cap: 30_000, resetAfter: 120_000 };
/** Between two tries, when the server is known to be there again. */
const AGAIN_MS = 2_000;
/** After so long without a word the list is read anew: a watch that goes on says nothing before its next bookmark. */
const RELIST_AFTER_MS = 60_000;
/** A watch that ends this soon without an event is an error, whatever the server says. */
const TOO_SHORT_MS = 1_000;
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';
const LIST_TIMEOUT_MS = 30_000;

export interface WatchOptions<Raw extends KubernetesObject, Row> {
  api: Api;
  /** `/apis/apps/v1/namespaces/lomash-wood/deployments`. */
  path: string;
  toRow: (raw: Raw) => Row;
  clock: Clock;
  signal: AbortSignal;
  labelSelector?: string;
  /** The server ends each watch after about this long; default 240: it is what bounds the silence of a quiet collection. */
  watchSeconds?: number;
  /** Uniform in [0, 1); default Math.random. */
  random?: () => number;
  /** Called when a try failed, for the log: it goes on by itself. */
  onTrouble?: (error: unknown) => void;
}

export interface LiveCollection<Raw extends KubernetesObject, Row> extends Watched<Row> {
  /** The first list is complete; never rejects, and resolves too when the signal is aborted. */
  readonly synced: Promise<void>;
  /** False when two tries in a row failed and no later one stands: what is known may be out of date. */
  isAnswered(): boolean;
  /** Takes the answer to an own write, if it is newer than what is known; the row that it became. */
  offer(raw: Raw): Row | undefined;
}

/** Begins at once. */
export function watchCollection<Raw extends KubernetesObject, Row>(
  options: WatchOptions<Raw, Row>,
): LiveCollection<Raw, Row> {
  const reflector = new Reflector(options);
  void reflector.run();
  return reflector;
}

class Reflector<Raw extends KubernetesObject, Row> implements LiveCollection<Raw, Row> {
  readonly #options: WatchOptions<Raw, Row>;
  readonly #collection: Collection<Raw, Row>;
  readonly #synced = Promise.withResolvers<void>();
  #isSynced = false;
  #heardAt: number;
  /** Since something was last heard. */
  #failedTries = 0;
  /** The try under way began then; undefined between two tries. */
  #triedAt: number | undefined;
  /** Where the next watch goes on; undefined: list first. */
  #resourceVersion: string | undefined;
  #canStreamLists = true;
  /** Of the last complete list, or of the try to have one. */
  #listedAt = 0;
  /** Ends the watch under way. */
  #cut: AbortController | undefined;
  /** Ends the pause between two tries; undefined: none is made, or what failed is not for want of a server. */
  #pause: AbortController | undefined;

  constructor(options: WatchOptions<Raw, Row>) {
    this.#options = options;
    const remove = options.api.onAnswer(() => this.#pause?.abort());
    options.signal.addEventListener('abort', remove, { once: true });
    this.#collection = new Collection(options.toRow);
    this.#heardAt = options.clock.monotonic();
    options.signal.addEventListener('abort', () => this.#synced.resolve(), { once: true });
  }

  readonly synced: Promise<void> = this.#synced.promise;
  all = (): Row[] => this.#collection.all();
  get = (name: string): Row | undefined => this.#collection.get(name);
  isSynced = (): boolean => this.#isSynced;
  silentForMs = (): number => this.#options.clock.monotonic() - this.#heardAt;
  isAnswered(): boolean {
    const stands = this.#triedAt !== undefined && this.#options.clock.monotonic() - this.#triedAt >= TOO_SHORT_MS;
    return this.#failedTries < 2 || stands;
  }
  refresh(olderThanMs: number): void {
    const nowMs = this.#options.clock.monotonic();
    // Without a version to go on from it is about to list anyway.
    if (this.#resourceVersion === undefined || nowMs - this.#listedAt < olderThanMs) return;
    this.#listedAt = nowMs;
    this.#resourceVersion = undefined;
    this.#cut?.abort(new Error('read anew'));
  }
  onChange = (listener: (name: string) => void): (() => void) => this.#collection.onChange(listener);
  offer(raw: Raw): Row | undefined {
    return this.#options.signal.aborted ? undefined : this.#collection.put(raw);
  }

  #hear(): void {
    this.#heardAt = this.#options.clock.monotonic();
    this.#failedTries = 0;
  }

  async run(): Promise<void> {
    const { clock, signal, random = Math.random, onTrouble } = this.#options;
    let backOffMs = BACK_OFF_MS.first;
    let wasShort = false;
    while (!signal.aborted) {
      const startedAt = clock.monotonic();
      let isOutage = true;
      this.#triedAt = startedAt;
      if (this.silentForMs() > RELIST_AFTER_MS) this.#resourceVersion = undefined;
      try {
        await this.#once();
        const isShort = clock.monotonic() - startedAt < TOO_SHORT_MS;
        // One short watch may have been ended by chance, at the end of its time; the next one is an error.
        const isForgiven = isShort && !wasShort;
        wasShort = isShort;
        if (!isShort) backOffMs = BACK_OFF_MS.first;
        if (!isShort || isForgiven) continue;
      } catch (error) {
        if (signal.aborted) return;
        this.#failedTries = clock.monotonic() - startedAt < TOO_SHORT_MS ? this.#failedTries + 1 : 1;
        this.#triedAt = undefined;
        isOutage = !(error instanceof ApiError) || error.status >= 500;
        onTrouble?.(error);
        if (isExpired(error)) this.#resourceVersion = undefined;
      }
      if (clock.monotonic() - startedAt > BACK_OFF_MS.resetAfter) backOffMs = BACK_OFF_MS.first;
      const isBack = await this.#backOff(backOffMs * (1 + random()), isOutage);
      if (isBack) await this.#sleep(startedAt + AGAIN_MS - clock.monotonic());
      backOffMs = isBack ? BACK_OFF_MS.first : Math.min(backOffMs * 2, BACK_OFF_MS.cap);
    }
  }

  /** True: cut short, for the server answered somebody else. Not after a refusal: that it is there is no news then. */
  async #backOff(ms: number, isOutage: boolean): Promise<boolean> {
    const pause = new AbortController();
    if (isOutage) this.#pause = pause;
    await this.#sleep(ms, pause.signal);
    this.#pause = undefined;
    return pause.signal.aborted && !this.#options.signal.aborted;
  }

  async #sleep(ms: number, sooner?: AbortSignal): Promise<void> {
    const { clock, signal } = this.#options;
    const until = sooner === undefined ? signal : AbortSignal.any([signal, sooner]);
    // The rejection is the abort.
    if (ms > 0) await clock.sleep(ms, until).catch(() => undefined);
  }

  /** One watch, with a list before it where none is known. Ends when the server ends it. */
  async #once(): Promise<void> {
    if (this.#resourceVersion !== undefined) return this.#watch({ resourceVersion: this.#resourceVersion });
    if (this.#canStreamLists) {
      try {
        return await this.#watch({ sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }, new Set());
      } catch (error) {
        // Servers without streaming lists refuse the parameter.
        if (!(error instanceof ApiError) || (error.status !== 400 && error.status !== 422)) throw error;
        this.#canStreamLists = false;
      }
    }
    await this.#list();
    if (this.#resourceVersion !== undefined) await this.#watch({ resourceVersion: this.#resourceVersion });
  }

  async #watch(query: Record<string, string>, initial?: Set<string>): Promise<void> {
    const { api, path, signal, labelSelector, watchSeconds = 240, random = Math.random } = this.#options;
    let listing = initial;
    const cut = new AbortController();
    this.#cut = cut;
    const events = api.watch(
      path,
      {
        allowWatchBookmarks: 'true',
        timeoutSeconds: String(Math.round(watchSeconds * (1 + random() / 4))),
        ...(labelSelector === undefined ? {} : { labelSelector }),
        ...query,
      },
      AbortSignal.any([signal, cut.signal]),
    );
    for await (const event of untilCut(events, cut.signal)) {
      if (signal.aborted || cut.signal.aborted) return;
      this.#hear();
      if (event.type === 'ERROR') throw watchError(path, event);
      const { metadata } = event.object;
      if (event.type === 'BOOKMARK') {
        if (listing !== undefined && metadata.annotations?.[INITIAL_EVENTS_END] === 'true') {
          this.#listed(listing);
          listing = undefined;
        }
      } else if (event.type === 'DELETED') {
        listing?.delete(metadata.name);
        this.#collection.remove(metadata.name, metadata.uid);
      } else {
        listing?.add(metadata.name);
        this.#collection.put(event.object as unknown as Raw);
      }
      // While listing, a version is no place to go on from: the list is not complete before its bookmark.
      if (listing === undefined) this.#resourceVersion = metadata.resourceVersion;
    }
    // An orderly end is a sign of life too.
    if (!cut.signal.aborted) this.#hear();
  }

  /** In pages and without a version: with resourceVersion=0 the limit is ignored (tried). */
  async #list(): Promise<void> {
    const { api, path, signal, labelSelector } = this.#options;
    const names = new Set<string>();
    let next: string | undefined;
    let resourceVersion = '';
    do {
      const query = new URLSearchParams({
        limit: String(PAGE),
        ...(labelSelector === undefined ? {} : { labelSelector }),
        ...(next === undefined ? {} : { continue: next }),
      });
      const page = await api.get<ListPage<Raw>>(`${path}?${query.toString()}`, { signal, timeoutMs: LIST_TIMEOUT_MS });
      if (signal.aborted) return;
      this.#hear();
      for (const raw of page.items) {
        names.add(raw.metadata.name);
        this.#collection.put(raw);
      }
      resourceVersion = page.metadata.resourceVersion;
      next = page.metadata.continue === '' ? undefined : page.metadata.continue;
    } while (next !== undefined);
    this.#listed(names);
    this.#resourceVersion = resourceVersion;
  }

  #listed(names: ReadonlySet<string>): void {
    this.#collection.keepOnly(names);
    this.#listedAt = this.#options.clock.monotonic();
    this.#isSynced = true;
    this.#synced.resolve();
  }
}

/** Ends with the cut, which is no failure. */
async function* untilCut<T>(events: AsyncIterable<T>, cut: AbortSignal): AsyncIterable<T> {
  try {
    yield* events;
  } catch (error) {
    if (!cut.aborted) throw error;
  }
}

interface ListPage<Raw> {
  items: Raw[];
  metadata: { resourceVersion: string; continue?: string };
}

function watchError(path: string, { object }: WatchEvent): ApiError {
  return new ApiError({
    status: object.code ?? 500,
    reason: object.reason ?? '',
    operation: `watch ${path}`,
    message: object.reason ?? 'the watch failed',
  });
}

function isExpired(error: unknown): boolean {
  return error instanceof ApiError && error.status === 410;
}
